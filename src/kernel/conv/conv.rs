//! Convolutions of images, one image after the other.
//!
//! An image is copied into a frame of zeros, so that no window reaches outside. The windows become the columns of
//! a matrix, and the convolution is a matrix product: the weight, `[O, C KH KW]`, times the columns,
//! `[C KH KW, OH OW]`. The memory of frame and columns is taken once for all images.
//!
//! Departures: small images share one product, whose columns are then those of several images side by side; a kernel of one element needs no columns, the image is the matrix; and with one or two output
//! channels for each group (depthwise convolutions) the product would be of one or two rows, so that rows of the
//! image are added up instead.

use crate::element::Float;
use crate::storage::Storage;
use std::ops::Range;

/// The sizes of a convolution. Those of images are height and width; a signal has height 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    pub(crate) batch: usize,
    /// In and out, of all groups together.
    pub(crate) channels: [usize; 2],
    pub(crate) groups: usize,
    pub(crate) input: [usize; 2],
    pub(crate) output: [usize; 2],
    pub(crate) kernel: [usize; 2],
    pub(crate) stride: [usize; 2],
    pub(crate) padding: [usize; 2],
    pub(crate) dilation: [usize; 2],
}

/// Below this number of output channels for each group there is no matrix product.
const ROWS: usize = 3;

/// Images share a product until it has this many columns.
const COLUMNS: usize = 256;

impl Convolution {
    /// The channels of one group, in and out.
    fn part(&self) -> [usize; 2] {
        self.channels.map(|channels| channels / self.groups)
    }

    /// The number of elements of an input channel, and of an output channel.
    fn planes(&self) -> [usize; 2] {
        [self.input, self.output].map(|[h, w]| h * w)
    }

    fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// The size of the frame around an image.
    fn frame(&self) -> [usize; 2] {
        std::array::from_fn(|i| {
            let reach = self.output[i].saturating_sub(1) * self.stride[i]
                + self.kernel[i].saturating_sub(1) * self.dilation[i]
                + 1;
            reach.max(self.input[i] + 2 * self.padding[i])
        })
    }

    /// Whether the image is the matrix of its windows.
    fn is_pointwise(&self) -> bool {
        self.kernel == [1, 1] && self.stride == [1, 1] && self.padding == [0, 0] && self.input == self.output
    }

    fn is_direct(&self) -> bool {
        self.part()[1] < ROWS && !self.is_pointwise()
    }

    /// Whether there is nothing to compute.
    fn is_empty(&self) -> bool {
        self.batch * self.channels[0] * self.channels[1] * self.taps() == 0
            || self.planes().contains(&0)
            || self.groups == 0
    }

    /// Where the rows of the output meet the frame for one tap of the kernel: the first element of each row.
    fn starts(&self, tap: usize) -> impl Iterator<Item = usize> {
        let width = self.frame()[1];
        let first = tap / self.kernel[1] * self.dilation[0] * width + tap % self.kernel[1] * self.dilation[1];
        let step = self.stride[0] * width;
        (0..self.output[0]).map(move |row| first + row * step)
    }

    /// Copies channels into the frame, whose border stays as it is.
    fn enter<E: Float>(&self, x: &[E], frame: &mut [E]) {
        let [height, width] = self.frame();
        for (x, frame) in x.chunks_exact(self.planes()[0]).zip(frame.chunks_exact_mut(height * width)) {
            let rows = frame.chunks_exact_mut(width).skip(self.padding[0]);
            for (x, row) in x.chunks_exact(self.input[1]).zip(rows) {
                row[self.padding[1]..][..self.input[1]].copy_from_slice(x);
            }
        }
    }

    /// Copies channels out of the frame.
    fn leave<E: Float>(&self, frame: &[E], x: &mut [E]) {
        let [height, width] = self.frame();
        for (x, frame) in x.chunks_exact_mut(self.planes()[0]).zip(frame.chunks_exact(height * width)) {
            let rows = frame.chunks_exact(width).skip(self.padding[0]);
            for (x, row) in x.chunks_exact_mut(self.input[1]).zip(rows) {
                x.copy_from_slice(&row[self.padding[1]..][..self.input[1]]);
            }
        }
    }

    /// The windows of the channels of a group as columns: those of image `k` of `count` side by side.
    fn gather<E: Float>(&self, frame: &[E], columns: &mut [E], k: usize, count: usize) {
        let ([height, width], [_, places], row) = (self.frame(), self.planes(), self.output[1]);
        let channels = frame.chunks_exact(height * width);
        for (columns, frame) in columns.chunks_exact_mut(self.taps() * count * places).zip(channels) {
            for (tap, columns) in columns.chunks_exact_mut(count * places).enumerate() {
                let columns = columns[k * places..][..places].chunks_exact_mut(row);
                for (columns, start) in columns.zip(self.starts(tap)) {
                    if self.stride[1] == 1 {
                        copy_row(columns, &frame[start..][..row]);
                    } else {
                        let from = frame[start..].iter().step_by(self.stride[1]);
                        columns.iter_mut().zip(from).for_each(|(c, x)| *c = *x);
                    }
                }
            }
        }
    }

    /// Adds the columns of image `k` of `count` to the places they were gathered from.
    fn scatter<E: Float>(&self, columns: &[E], frame: &mut [E], k: usize, count: usize) {
        let ([height, width], [_, places], row) = (self.frame(), self.planes(), self.output[1]);
        let channels = frame.chunks_exact_mut(height * width);
        for (columns, frame) in columns.chunks_exact(self.taps() * count * places).zip(channels) {
            for (tap, columns) in columns.chunks_exact(count * places).enumerate() {
                let columns = columns[k * places..][..places].chunks_exact(row);
                for (columns, start) in columns.zip(self.starts(tap)) {
                    self.add_row(&mut frame[start..], columns, E::one());
                }
            }
        }
    }

    /// Adds a row of the output, times `w`, to the frame.
    fn add_row<E: Float>(&self, frame: &mut [E], row: &[E], w: E) {
        if self.stride[1] == 1 {
            frame[..row.len()].iter_mut().zip(row).for_each(|(x, y)| *x += w * *y);
        } else {
            frame.iter_mut().step_by(self.stride[1]).zip(row).for_each(|(x, y)| *x += w * *y);
        }
    }

    /// How many images share one product.
    fn shared(&self) -> usize {
        if self.is_direct() || self.is_pointwise() {
            1
        } else {
            (COLUMNS / self.planes()[1]).clamp(1, self.batch)
        }
    }

    /// f(images, g) for each group `g` of the images that share a product.
    fn each_block(&self, mut f: impl FnMut(Range<usize>, usize)) {
        for first in (0..self.batch).step_by(self.shared()) {
            let images = first..(first + self.shared()).min(self.batch);
            (0..self.groups).for_each(|g| f(images.clone(), g));
        }
    }

    /// The elements of the input channels of group `g` of image `i`.
    fn input_of(&self, i: usize, g: usize) -> Range<usize> {
        let len = self.part()[0] * self.planes()[0];
        let start = (i * self.groups + g) * len;
        start..start + len
    }

    /// The elements of the output channels of group `g` of image `i`.
    fn output_of(&self, i: usize, g: usize) -> Range<usize> {
        let len = self.part()[1] * self.planes()[1];
        let start = (i * self.groups + g) * len;
        start..start + len
    }

    /// The memory that a pass needs: for a frame, for columns, and for the output channels of several images side by side.
    fn memory<E: Float>(&self) -> Memory<E> {
        let ([height, width], [part, out], [_, places]) = (self.frame(), self.part(), self.planes());
        let framed = !self.is_pointwise();
        let (shared, columns) = (self.shared(), framed && !self.is_direct());
        let zeros = |wanted, len| vec![E::zero(); if wanted { len } else { 0 }];
        Memory {
            frame: zeros(framed, part * height * width),
            columns: zeros(columns, part * self.taps() * shared * places),
            side_by_side: zeros(shared > 1, out * shared * places),
        }
    }

    /// Fills the columns with the windows of these images.
    fn fill<E: Float>(&self, x: &[E], memory: &mut Memory<E>, images: Range<usize>, g: usize) {
        let count = images.len();
        for (k, i) in images.enumerate() {
            self.enter(&x[self.input_of(i, g)], &mut memory.frame);
            if !memory.columns.is_empty() {
                self.gather(&memory.frame, &mut memory.columns, k, count);
            }
        }
    }

    /// The output channels of these images, with those of one channel side by side.
    fn gradients<'a, E: Float>(
        &self,
        grad: &'a [E],
        side_by_side: &'a mut [E],
        images: Range<usize>,
        g: usize,
    ) -> &'a [E] {
        let count = images.len();
        if count == 1 {
            return &grad[self.output_of(images.start, g)];
        }
        let places = self.planes()[1];
        for (k, i) in images.enumerate() {
            let channels = grad[self.output_of(i, g)].chunks_exact(places);
            for (to, channel) in side_by_side.chunks_exact_mut(count * places).zip(channels) {
                to[k * places..][..places].copy_from_slice(channel);
            }
        }
        side_by_side
    }

    /// Each output channel of a group, each input channel and each tap: their places in the output of the group, in the
    /// frame and in the weight of the group.
    fn each_tap(&self, mut f: impl FnMut(usize, usize, usize, usize)) {
        let [part, out] = self.part();
        for o in 0..out {
            for c in 0..part {
                for tap in 0..self.taps() {
                    f(o, c, tap, (o * part + c) * self.taps() + tap);
                }
            }
        }
    }
}

impl Convolution {
    /// The output of a group whose rows are next to each other in the frame: a piece of a row at a time, which takes the sum
    /// over all taps before it is written.
    fn direct<E: Float>(&self, frame: &[E], w: &[E], y: &mut [E]) {
        const PIECE: usize = 16;
        let (part, taps, width) = (self.part()[0], self.taps(), self.output[1]);
        let plane = self.frame()[0] * self.frame()[1];
        let offsets: Vec<usize> = (0..part)
            .flat_map(|c| (0..taps).filter_map(move |tap| Some(c * plane + self.starts(tap).next()?)))
            .collect();
        let step = self.stride[0] * self.frame()[1];
        for (y, w) in y.chunks_exact_mut(self.planes()[1]).zip(w.chunks_exact(part * taps)) {
            for (row, y) in y.chunks_exact_mut(width).enumerate() {
                let (pieces, rest) = y.as_chunks_mut::<PIECE>();
                let done = row * step + pieces.len() * PIECE;
                for (p, y) in pieces.iter_mut().enumerate() {
                    let mut sums = [E::zero(); PIECE];
                    for (offset, w) in offsets.iter().zip(w) {
                        let x = &frame[offset + row * step + p * PIECE..][..PIECE];
                        for i in 0..PIECE {
                            sums[i] += *w * x[i];
                        }
                    }
                    *y = sums;
                }
                for (offset, w) in offsets.iter().zip(w) {
                    let x = &frame[offset + done..];
                    rest.iter_mut().zip(x).for_each(|(y, x)| *y += *w * *x);
                }
            }
        }
    }

    /// The convolution that gives the gradient of the input from that of the output, with the kernel turned around, if it is one that
    /// needs no product either.
    fn turned(&self) -> Option<Convolution> {
        let reach: [usize; 2] = std::array::from_fn(|i| self.kernel[i].saturating_sub(1) * self.dilation[i]);
        let fits = (0..2).all(|i| {
            reach[i] >= self.padding[i] && self.output[i] + reach[i] == self.input[i] + 2 * self.padding[i]
        });
        let [inputs, outputs] = self.channels;
        (self.is_direct() && self.part()[0] < ROWS && self.stride == [1, 1] && fits).then(|| Convolution {
            channels: [outputs, inputs],
            input: self.output,
            output: self.input,
            padding: std::array::from_fn(|i| reach[i] - self.padding[i]),
            ..*self
        })
    }

    /// The weight of [`turned`](Self::turned).
    fn turned_weight<E: Float>(&self, w: &[E]) -> Vec<E> {
        let ([part, out], taps) = (self.part(), self.taps());
        let mut turned = vec![E::zero(); w.len()];
        for (w, turned) in w.chunks_exact(out * part * taps).zip(turned.chunks_exact_mut(out * part * taps)) {
            self.each_tap(|o, c, tap, at| turned[(c * out + o) * taps + taps - 1 - tap] = w[at]);
        }
        turned
    }
}

/// What a pass works in.
struct Memory<E> {
    frame: Vec<E>,
    columns: Vec<E>,
    side_by_side: Vec<E>,
}

/// The convolution of `x` with `w`.
#[inline(never)]
pub(crate) fn convolve<E: Float>(x: &[E], w: &[E], sizes: &Convolution) -> Storage<E> {
    let [_, places] = sizes.planes();
    let mut y = Storage::filled(sizes.batch * sizes.channels[1] * places, E::zero());
    if sizes.is_empty() {
        return y;
    }
    let [part, out] = sizes.part();
    let inner = part * sizes.taps();
    let plane = sizes.frame()[0] * sizes.frame()[1];
    let elements = y.make_mut();
    let mut memory = sizes.memory();
    sizes.each_block(|images, g| {
        let (count, i) = (images.len(), images.start);
        let w = &w[g * out * inner..][..out * inner];
        if sizes.is_pointwise() {
            let columns = &x[sizes.input_of(i, g)];
            let y = &mut elements[sizes.output_of(i, g)];
            return E::gemm([out, inner, places], (w, [inner, 1]), (columns, [places, 1]), y);
        }
        sizes.fill(x, &mut memory, images.clone(), g);
        let Memory { frame, columns, side_by_side } = &mut memory;
        if sizes.is_direct() {
            let y = &mut elements[sizes.output_of(i, g)];
            if sizes.stride[1] == 1 {
                return sizes.direct(frame, w, y);
            }
            sizes.each_tap(|o, c, tap, at| {
                let rows = y[o * places..][..places].chunks_exact_mut(sizes.output[1]);
                for (y, start) in rows.zip(sizes.starts(tap)) {
                    let x = frame[c * plane + start..].iter().step_by(sizes.stride[1]);
                    y.iter_mut().zip(x).for_each(|(y, x)| *y += w[at] * *x);
                }
            });
            return;
        }
        let columns = (&columns[..], [count * places, 1]);
        if count == 1 {
            let y = &mut elements[sizes.output_of(i, g)];
            return E::gemm([out, inner, places], (w, [inner, 1]), columns, y);
        }
        E::gemm([out, inner, count * places], (w, [inner, 1]), columns, side_by_side);
        for (k, i) in images.enumerate() {
            let channels = elements[sizes.output_of(i, g)].chunks_exact_mut(places);
            for (channel, from) in channels.zip(side_by_side.chunks_exact(count * places)) {
                channel.copy_from_slice(&from[k * places..][..places]);
            }
        }
    });
    y
}

/// The gradient of the input of [`convolve`]; the transposed convolution.
#[inline(never)]
pub(crate) fn input_gradient<E: Float>(grad: &[E], w: &[E], sizes: &Convolution) -> Storage<E> {
    let [plane, places] = sizes.planes();
    let mut x = Storage::filled(sizes.batch * sizes.channels[0] * plane, E::zero());
    if sizes.is_empty() {
        return x;
    }
    if let Some(turned) = sizes.turned() {
        return convolve(grad, &sizes.turned_weight(w), &turned);
    }
    let [part, out] = sizes.part();
    let inner = part * sizes.taps();
    let plane = sizes.frame()[0] * sizes.frame()[1];
    let elements = x.make_mut();
    let Memory { mut frame, mut columns, mut side_by_side } = sizes.memory();
    sizes.each_block(|images, g| {
        let count = images.len();
        let w = &w[g * out * inner..][..out * inner];
        let grad = sizes.gradients(grad, &mut side_by_side, images.clone(), g);
        if sizes.is_pointwise() {
            let x = &mut elements[sizes.input_of(images.start, g)];
            return E::gemm([inner, out, places], (w, [1, inner]), (grad, [places, 1]), x);
        }
        if sizes.is_direct() {
            frame.fill(E::zero());
            sizes.each_tap(|o, c, tap, at| {
                let rows = grad[o * places..][..places].chunks_exact(sizes.output[1]);
                for (grad, start) in rows.zip(sizes.starts(tap)) {
                    sizes.add_row(&mut frame[c * plane + start..], grad, w[at]);
                }
            });
            return sizes.leave(&frame, &mut elements[sizes.input_of(images.start, g)]);
        }
        let across = count * places;
        E::gemm([inner, out, across], (w, [1, inner]), (grad, [across, 1]), &mut columns);
        for (k, i) in images.enumerate() {
            frame.fill(E::zero());
            sizes.scatter(&columns, &mut frame, k, count);
            sizes.leave(&frame, &mut elements[sizes.input_of(i, g)]);
        }
    });
    x
}

/// The gradient of the weight of [`convolve`].
#[inline(never)]
pub(crate) fn weight_gradient<E: Float>(x: &[E], grad: &[E], sizes: &Convolution) -> Storage<E> {
    if sizes.is_empty() {
        let inner = sizes.channels[0].checked_div(sizes.groups).unwrap_or(0) * sizes.taps();
        return Storage::filled(sizes.channels[1] * inner, E::zero());
    }
    let [part, out] = sizes.part();
    let places = sizes.planes()[1];
    let inner = part * sizes.taps();
    let plane = sizes.frame()[0] * sizes.frame()[1];
    let mut w = Storage::filled(sizes.channels[1] * inner, E::zero());
    let elements = w.make_mut();
    let mut one = vec![E::zero(); if sizes.is_direct() { 0 } else { out * inner }];
    let mut memory = sizes.memory();
    sizes.each_block(|images, g| {
        let across = images.len() * places;
        let w = &mut elements[g * out * inner..][..out * inner];
        if !sizes.is_pointwise() {
            sizes.fill(x, &mut memory, images.clone(), g);
        }
        let Memory { frame, columns, side_by_side } = &mut memory;
        let grad = sizes.gradients(grad, side_by_side, images.clone(), g);
        if sizes.is_direct() {
            sizes.each_tap(|o, c, tap, at| {
                let rows = grad[o * places..][..places].chunks_exact(sizes.output[1]);
                let mut sums = [E::zero(); 16];
                for (grad, start) in rows.zip(sizes.starts(tap)) {
                    let x = &frame[c * plane + start..];
                    if sizes.stride[1] == 1 {
                        products(&mut sums, grad, &x[..grad.len()]);
                    } else {
                        let pairs = grad.iter().zip(x.iter().step_by(sizes.stride[1]));
                        pairs.enumerate().for_each(|(i, (g, x))| sums[i % 16] += *g * *x);
                    }
                }
                w[at] += crate::kernel::axis::axis::total(&sums);
            });
            return;
        }
        let columns = if sizes.is_pointwise() { &x[sizes.input_of(images.start, g)] } else { &columns[..] };
        E::gemm([out, across, inner], (grad, [across, 1]), (columns, [1, across]), &mut one);
        E::accumulate(w, &one);
    });
    w
}

/// Copies a row, which is often too short for a call of `memcpy` to pay.
fn copy_row<E: Float>(to: &mut [E], from: &[E]) {
    fn short<E: Float, const N: usize>(to: &mut [E], from: &[E]) {
        if let (Some(to), Some(from)) = (to.first_chunk_mut::<N>(), from.first_chunk::<N>()) {
            *to = *from;
        }
    }
    match to.len() {
        4 => short::<E, 4>(to, from),
        8 => short::<E, 8>(to, from),
        16 => short::<E, 16>(to, from),
        0..16 => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
        _ => to.copy_from_slice(from),
    }
}

/// Adds the products a b, each to the next of sixteen sums.
fn products<E: Float>(sums: &mut [E; 16], a: &[E], b: &[E]) {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (a, b) in a.iter().zip(b) {
        for i in 0..16 {
            sums[i] += a[i] * b[i];
        }
    }
    for ((sum, a), b) in sums.iter_mut().zip(a_rest).zip(b_rest) {
        *sum += *a * *b;
    }
}

/// b added to each channel: memory is `outer` times the channels of `inner` elements.
#[inline(never)]
pub(crate) fn add_channels<E: Float>(mut x: Storage<E>, b: &[E], inner: usize) -> Storage<E> {
    if inner > 0 && !b.is_empty() {
        for image in x.make_mut().chunks_exact_mut(b.len() * inner) {
            for (channel, b) in image.chunks_exact_mut(inner).zip(b) {
                channel.iter_mut().for_each(|x| *x += *b);
            }
        }
    }
    x
}

/// The sum of each channel.
#[inline(never)]
pub(crate) fn sum_channels<E: Float>(grad: &[E], channels: usize, inner: usize) -> Storage<E> {
    let mut sums = Storage::filled(channels, E::zero());
    if inner > 0 && channels > 0 {
        let elements = sums.make_mut();
        for image in grad.chunks_exact(channels * inner) {
            for (sum, channel) in elements.iter_mut().zip(image.chunks_exact(inner)) {
                *sum += crate::kernel::axis::axis::total(channel);
            }
        }
    }
    sums
}
