//! Convolutions of images, one image after the other.
//!
//! An image is copied into a frame of zeros, so that no window reaches outside. The windows become the columns of
//! a matrix, and the convolution is a matrix product: the weight, `[O, C KH KW]`, times the columns,
//! `[C KH KW, OH OW]`. The memory of frame and columns is taken once for all images.
//!
//! Departures: a kernel of one element needs no columns, the image is the matrix; and with one or two output
//! channels for each group (depthwise convolutions) the product would be of one or two rows, so that rows of the
//! image are added up instead.

use crate::element::Float;
use crate::storage::Storage;

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

    /// The windows of some channels as columns.
    fn gather<E: Float>(&self, frame: &[E], columns: &mut [E]) {
        let [height, width] = self.frame();
        let (taps, row) = (self.taps(), self.output[1]);
        for (columns, frame) in
            columns.chunks_exact_mut(taps * self.planes()[1]).zip(frame.chunks_exact(height * width))
        {
            for (tap, columns) in columns.chunks_exact_mut(self.planes()[1]).enumerate() {
                for (columns, start) in columns.chunks_exact_mut(row).zip(self.starts(tap)) {
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

    /// Adds the columns to the places they were gathered from.
    fn scatter<E: Float>(&self, columns: &[E], frame: &mut [E]) {
        let [height, width] = self.frame();
        let (taps, row) = (self.taps(), self.output[1]);
        for (columns, frame) in
            columns.chunks_exact(taps * self.planes()[1]).zip(frame.chunks_exact_mut(height * width))
        {
            for (tap, columns) in columns.chunks_exact(self.planes()[1]).enumerate() {
                for (columns, start) in columns.chunks_exact(row).zip(self.starts(tap)) {
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

    /// f(frame, columns, i, g) for each group `g` of each image `i`: `frame` are the channels of that group.
    fn each_group<E: Float>(&self, x: Option<&[E]>, mut f: impl FnMut(&mut [E], &mut [E], usize, usize)) {
        let ([height, width], [part, _], [plane, out]) = (self.frame(), self.part(), self.planes());
        let framed = !self.is_pointwise();
        let mut frame = vec![E::zero(); if framed { part * height * width } else { 0 }];
        let columns = if framed && !self.is_direct() { part * self.taps() * out } else { 0 };
        let mut columns = vec![E::zero(); columns];
        for i in 0..self.batch {
            for g in 0..self.groups {
                if let (Some(x), true) = (x, framed) {
                    self.enter(&x[(i * self.groups + g) * part * plane..][..part * plane], &mut frame);
                    if !columns.is_empty() {
                        self.gather(&frame, &mut columns);
                    }
                }
                f(&mut frame, &mut columns, i, g);
            }
        }
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

/// The convolution of `x` with `w`.
#[inline(never)]
pub(crate) fn convolve<E: Float>(x: &[E], w: &[E], sizes: &Convolution) -> Storage<E> {
    let [part, out] = sizes.part_or_nothing();
    let [plane, places] = sizes.planes();
    let inner = part * sizes.taps();
    let mut y = Storage::filled(sizes.batch * sizes.channels[1] * places, E::zero());
    if sizes.is_empty() {
        return y;
    }
    let elements = y.make_mut();
    let [height, width] = sizes.frame();
    sizes.each_group(Some(x), |frame, columns, i, g| {
        let y = &mut elements[(i * sizes.groups + g) * out * places..][..out * places];
        let w = &w[g * out * inner..][..out * inner];
        if sizes.is_direct() {
            sizes.each_tap(|o, c, tap, at| {
                let rows = y[o * places..][..places].chunks_exact_mut(sizes.output[1]);
                let frame = &frame[c * height * width..];
                for (y, start) in rows.zip(sizes.starts(tap)) {
                    let x = &frame[start..];
                    if sizes.stride[1] == 1 {
                        y.iter_mut().zip(x).for_each(|(y, x)| *y += w[at] * *x);
                    } else {
                        let x = x.iter().step_by(sizes.stride[1]);
                        y.iter_mut().zip(x).for_each(|(y, x)| *y += w[at] * *x);
                    }
                }
            });
            return;
        }
        let columns = if sizes.is_pointwise() {
            &x[(i * sizes.groups + g) * part * plane..][..part * plane]
        } else {
            columns
        };
        E::gemm([out, inner, places], (w, [inner, 1]), (columns, [places, 1]), y);
    });
    y
}

/// The gradient of the input of [`convolve`]; the transposed convolution.
#[inline(never)]
pub(crate) fn input_gradient<E: Float>(grad: &[E], w: &[E], sizes: &Convolution) -> Storage<E> {
    let [part, out] = sizes.part_or_nothing();
    let [plane, places] = sizes.planes();
    let inner = part * sizes.taps();
    let mut x = Storage::filled(sizes.batch * sizes.channels[0] * plane, E::zero());
    if sizes.is_empty() {
        return x;
    }
    let elements = x.make_mut();
    let [height, width] = sizes.frame();
    sizes.each_group(None, |frame, columns, i, g| {
        let x = &mut elements[(i * sizes.groups + g) * part * plane..][..part * plane];
        let grad = &grad[(i * sizes.groups + g) * out * places..][..out * places];
        let w = &w[g * out * inner..][..out * inner];
        if sizes.is_pointwise() {
            E::gemm([inner, out, places], (w, [1, inner]), (grad, [places, 1]), x);
            return;
        }
        frame.fill(E::zero());
        if sizes.is_direct() {
            sizes.each_tap(|o, c, tap, at| {
                let rows = grad[o * places..][..places].chunks_exact(sizes.output[1]);
                let frame = &mut frame[c * height * width..];
                for (grad, start) in rows.zip(sizes.starts(tap)) {
                    sizes.add_row(&mut frame[start..], grad, w[at]);
                }
            });
        } else {
            E::gemm([inner, out, places], (w, [1, inner]), (grad, [places, 1]), columns);
            sizes.scatter(columns, frame);
        }
        sizes.leave(frame, x);
    });
    x
}

/// The gradient of the weight of [`convolve`].
#[inline(never)]
pub(crate) fn weight_gradient<E: Float>(x: &[E], grad: &[E], sizes: &Convolution) -> Storage<E> {
    let [part, out] = sizes.part_or_nothing();
    let [plane, places] = sizes.planes();
    let inner = part * sizes.taps();
    let mut w = Storage::filled(sizes.channels[1] * inner, E::zero());
    if sizes.is_empty() {
        return w;
    }
    let elements = w.make_mut();
    let [height, width] = sizes.frame();
    let mut one = vec![E::zero(); if sizes.is_direct() { 0 } else { out * inner }];
    sizes.each_group(Some(x), |frame, columns, i, g| {
        let w = &mut elements[g * out * inner..][..out * inner];
        let grad = &grad[(i * sizes.groups + g) * out * places..][..out * places];
        if sizes.is_direct() {
            sizes.each_tap(|o, c, tap, at| {
                let rows = grad[o * places..][..places].chunks_exact(sizes.output[1]);
                let frame = &frame[c * height * width..];
                for (grad, start) in rows.zip(sizes.starts(tap)) {
                    let x = &frame[start..];
                    w[at] += if sizes.stride[1] == 1 {
                        dot(grad.iter().zip(x))
                    } else {
                        dot(grad.iter().zip(x.iter().step_by(sizes.stride[1])))
                    };
                }
            });
            return;
        }
        let columns = if sizes.is_pointwise() {
            &x[(i * sizes.groups + g) * part * plane..][..part * plane]
        } else {
            columns
        };
        E::gemm([out, places, inner], (grad, [places, 1]), (columns, [1, places]), &mut one);
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

fn dot<'a, E: Float>(pairs: impl Iterator<Item = (&'a E, &'a E)>) -> E {
    pairs.fold(E::zero(), |sum, (a, b)| sum + *a * *b)
}

impl Convolution {
    fn part_or_nothing(&self) -> [usize; 2] {
        if self.groups == 0 { [0, 0] } else { self.part() }
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
                *sum += super::axis::total(channel);
            }
        }
    }
    sums
}
