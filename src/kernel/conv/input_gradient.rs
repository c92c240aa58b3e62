//! The gradient of the input: the transposed convolution.
//!
//! dx[i] is the sum of w[k] dy[j] over the taps k and the places j with j stride + k dilation = i + padding. Along an axis
//! these are, for all i of one remainder of (i + padding) by the stride, the same taps, and j moves with i: a
//! convolution of dy that moves by one. There are as many of them as there are pairs of remainders.

use super::conv::Convolution;
use super::forward::sum_rows;
use super::frame::{Frame, FrameAxis, copy_rows};
use super::tile::{PAD, Packed};
use crate::kernel::simd::SimdFloat;
use crate::kernel::threads::for_each_chunk;

/// The elements of an axis of the input with one remainder.
struct Phase {
    /// The first of them; the next ones follow by the stride.
    start: usize,
    count: usize,
    /// The taps, and where each reads the gradient for the first element; counted from `before` zeros in front of it.
    taps: Vec<(usize, usize)>,
}

/// The phases of axis `i`, and its frame.
fn phases(sizes: &Convolution, i: usize) -> (Vec<Phase>, FrameAxis) {
    let (stride, padding, dilation) = (sizes.stride[i], sizes.padding[i], sizes.dilation[i]);
    // The largest distance by which a tap reads before its place.
    let before = (sizes.kernel[i] - 1) * dilation / stride;
    let mut len = before + sizes.output[i];
    let mut phases = Vec::new();
    for r in 0..stride {
        let first = padding.saturating_sub(r).div_ceil(stride);
        let start = first * stride + r - padding;
        let count = sizes.input[i].saturating_sub(start).div_ceil(stride);
        let taps = (0..sizes.kernel[i]).filter(|k| k * dilation % stride == r);
        let taps: Vec<_> = taps.map(|k| (k, first + before - k * dilation / stride)).collect();
        len = taps.iter().map(|(_, at)| at + count).fold(len, usize::max);
        phases.push(Phase { start, count, taps });
    }
    (phases, FrameAxis { input: sizes.output[i], before, stride: 1, len })
}

/// dx = wᵀ * dy.
pub(super) fn input_gradient<E: SimdFloat>(grad: &[E], w: &[E], sizes: &Convolution, x: &mut [E]) {
    let ([part, out], [plane, places], inner) = (sizes.part(), sizes.planes(), sizes.inner());
    let ((rows, row_axis), (columns, column_axis)) = (phases(sizes, 0), phases(sizes, 1));
    let frame = Frame { axes: [row_axis, column_axis], channels: out, images: 1 };
    let mut passes = Vec::new();
    for row in &rows {
        for column in &columns {
            let taps = || row.taps.iter().flat_map(|r| column.taps.iter().map(move |c| (*r, *c)));
            if row.count * column.count * taps().count() == 0 {
                continue;
            }
            let mut offsets = Vec::new();
            let mut places_of_weights = Vec::new();
            for o in 0..out {
                for ((k, top), (l, left)) in taps() {
                    offsets.push(frame.offset(o, [0, 0], [top, left]));
                    places_of_weights.push(o * inner + k * sizes.kernel[1] + l);
                }
            }
            let pack =
                |w: &[E]| Packed::new(part, offsets.len(), |c, k| w[places_of_weights[k] + c * sizes.taps()]);
            let packed: Vec<_> = w.chunks_exact(out * inner).map(pack).collect();
            passes.push((row, column, offsets, packed));
        }
    }
    if passes.len() < sizes.stride[0] * sizes.stride[1] {
        // Elements that no window reads.
        x.fill(E::ZERO);
    }
    let images = sizes.images_per_part();
    for_each_chunk(x, images * sizes.channels[0] * plane, |chunk, x| {
        let mut memory = vec![E::ZERO; frame.len() + PAD];
        let mut piece = Vec::new();
        let grad = &grad[chunk * images * sizes.channels[1] * places..];
        let groups = grad.chunks_exact(out * places).zip(x.chunks_exact_mut(part * plane));
        for (i, (grad, x)) in groups.enumerate() {
            frame.enter(grad, 0, &mut memory);
            for (row, column, offsets, packed) in &passes {
                let (packed, width) = (&packed[i % sizes.groups], frame.axes[1].len);
                let counts = [row.count, column.count];
                let apart = sizes.stride[0] * sizes.input[1];
                sum_rows(
                    (packed, None, false),
                    (&memory, width),
                    offsets,
                    counts,
                    &mut piece,
                    |c, first, rows, from| {
                        let start = c * plane + row.start * sizes.input[1] + column.start + first * apart;
                        if sizes.stride[1] == 1 {
                            return copy_rows([rows, column.count], (from, width), (&mut x[start..], apart));
                        }
                        for i in 0..rows {
                            let to = x[start + i * apart..].iter_mut().step_by(sizes.stride[1]);
                            to.zip(&from[i * width..][..column.count]).for_each(|(to, from)| *to = *from);
                        }
                    },
                );
            }
        }
    });
}
