//! The gradient of the weight: products of the output's gradient and the frame, summed over images and positions.

use super::conv::Convolution;
use super::frame::{Frame, copy_images};
use super::tile::PAD;
use super::weight_gradient_along_rows::{Dots, segment};
use crate::kernel::axis::axis::total_of;
use crate::kernel::axis::long_sums::{FEW, LongSums};
use crate::kernel::memory::List;
use crate::kernel::simd::{SimdFloat, dispatch};
use crate::kernel::threads::for_each_chunk;

/// The elements of the frames and the gradients of a block of images, so that they stay in L2.
const BLOCK: usize = 65536;

/// The largest number of parts, each of which has a sum of its own.
const PARTS: usize = 8;

/// dw = Σ dy x over the images.
pub(super) fn weight_gradient<E: SimdFloat>(x: &[E], grad: &[E], sizes: &Convolution, w: &mut [E]) {
    in_parts(x, grad, sizes, w, |x, grad, sizes, w| {
        in_slices(x, grad, sizes, w, (sizes.weight_slices(), 1), sum)
    });
}

/// `sum(x, grad, sizes, w)` over the images, which adds the gradient of some images to `w`: in as many parts as the sizes
/// say, which are added in order.
pub(super) fn in_parts<E: SimdFloat>(
    x: &[E],
    grad: &[E],
    sizes: &Convolution,
    w: &mut [E],
    sum: impl Fn(&[E], &[E], &Convolution, &mut [E]) + Sync,
) {
    let images = sizes.images_per_part().max(sizes.batch.div_ceil(PARTS));
    let parts = sizes.batch.div_ceil(images);
    if parts == 1 {
        return sum(x, grad, sizes, w);
    }
    let mut sums = List::filled(parts * w.len(), E::ZERO);
    let [input, output] = sizes.planes();
    for_each_chunk(&mut sums, w.len(), |part, w| {
        let range = part * images..((part + 1) * images).min(sizes.batch);
        let of = |per_image: usize| range.start * per_image..range.end * per_image;
        sum(&x[of(sizes.channels[0] * input)], &grad[of(sizes.channels[1] * output)], sizes, w);
    });
    for sum in sums.chunks_exact(w.len()) {
        w.iter_mut().zip(sum).for_each(|(w, sum)| *w += *sum);
    }
}

/// `sum(x, grad, sizes, w)` for one image, whose channels or groups are cut into about so many slices. Each slice of channels
/// has a multiple of `unit`. A channel has sums of its own, so the bits do not depend on the slices.
pub(super) fn in_slices<E: SimdFloat>(
    x: &[E],
    grad: &[E],
    sizes: &Convolution,
    w: &mut [E],
    (slices, unit): (usize, usize),
    sum: impl Fn(&[E], &[E], &Convolution, &mut [E]) + Sync,
) {
    let ([part, out], [input, output]) = (sizes.part(), sizes.planes());
    let all = if sizes.groups == 1 { out.div_ceil(unit) } else { sizes.groups };
    let of = all.div_ceil(slices.max(1));
    if of == all {
        return sum(x, grad, sizes, w);
    }
    let channels = of * if sizes.groups == 1 { unit } else { out };
    for_each_chunk(w, channels * sizes.inner(), |i, w| {
        let [first, count] = [i * channels, w.len() / sizes.inner()];
        let (groups, x) = match sizes.groups {
            1 => (1, x),
            _ => (count / out, &x[first / out * part * input..][..count / out * part * input]),
        };
        let sizes = Convolution { channels: [groups * part, count], groups, ..*sizes };
        sum(x, &grad[first * output..][..count * output], &sizes, w);
    });
}

/// Whether no element is an infinity or a NaN: their products with 0 are NaN. With several sums, none of which waits for the
/// one before.
fn are_finite<E: SimdFloat>(x: &[E]) -> bool {
    let (chunks, rest) = x.as_chunks::<16>();
    let mut sums = [E::ZERO; 16];
    for chunk in chunks {
        for i in 0..16 {
            sums[i] += chunk[i] * E::ZERO;
        }
    }
    sums.iter().chain(rest).fold(E::ZERO, |sum, x| sum + *x * E::ZERO) == E::ZERO
}

/// Adds the gradient of these images to `w`.
fn sum<E: SimdFloat>(x: &[E], grad: &[E], sizes: &Convolution, w: &mut [E]) {
    let ([part, out], [plane, places], inner) = (sizes.part(), sizes.planes(), sizes.inner());
    let batch = grad.len() / (sizes.channels[1] * places);
    let one = sizes.frame(1);
    let images = (BLOCK / (one.len() + out * one.plane())).clamp(1, batch);
    let frame = sizes.frame(images);
    let len = (images * frame.plane()).next_multiple_of(PAD);
    // The positions after the rows of the output read on by the offset of a tap.
    let mut memory = List::filled(frame.len() + frame.plane() + PAD, E::ZERO);
    let mut rows = List::filled(out * len, E::ZERO);
    let offsets = sizes.offsets(&frame);
    let mut sums: List<_> = w.chunks_exact_mut(out * inner).map(LongSums::new).collect();
    for first in (0..batch).step_by(images) {
        if first + images > batch {
            // Fewer images: the others are zeros, as their gradients are; those of the block before may be infinite.
            memory.fill(E::ZERO);
            rows.fill(E::ZERO);
        }
        for (g, sums) in sums.iter_mut().enumerate() {
            let count = images.min(batch - first);
            let [x, grad] = [(x, part * plane), (grad, out * places)].map(|(all, of_group)| {
                (&all[(first * sizes.groups + g) * of_group..], sizes.groups * of_group)
            });
            // An infinity or a NaN must not meet the zeros between rows.
            let finite = (0..count).all(|i| are_finite(&x.0[i * x.1..][..part * plane]));
            frame.enter_images(count, x, &mut memory);
            let width = frame.axes[1].len;
            for (o, rows) in rows.chunks_exact_mut(len).enumerate() {
                let from = (&grad.0[o * places..], [1, sizes.output[1], grad.1]);
                copy_images(count, sizes.output, from, (rows, [1, width, frame.plane()]));
            }
            if !finite {
                one_by_one((&rows, len), &memory, &frame, &offsets, sizes, sums.more(1));
                continue;
            }
            for from in (0..len).step_by(FEW * segment::<E>()) {
                let range = [from, len.min(from + FEW * segment::<E>())];
                let out = sums.more((range[1] - from).div_ceil(segment::<E>()));
                dispatch(Dots { grad: &rows, len, range, frame: &memory, offsets: &offsets, out });
            }
        }
    }
    sums.into_iter().for_each(LongSums::finish);
}

/// [`Dots`] for the positions of the output alone.
fn one_by_one<E: SimdFloat>(
    rows: (&[E], usize),
    memory: &[E],
    frame: &Frame,
    offsets: &[usize],
    sizes: &Convolution,
    out: &mut [E],
) {
    let (plane, width) = (frame.plane(), frame.axes[1].len);
    for (rows, out) in rows.0.chunks_exact(rows.1).zip(out.chunks_exact_mut(offsets.len())) {
        for (offset, out) in offsets.iter().zip(out) {
            let starts =
                (0..frame.images).flat_map(|i| (0..sizes.output[0]).map(move |r| i * plane + r * width));
            let terms: List<E> = starts
                .map(|start| {
                    let row = rows[start..][..sizes.output[1]].iter().zip(&memory[offset + start..]);
                    total_of(row.map(|(grad, x)| *grad * *x))
                })
                .collect();
            *out += E::total(&terms);
        }
    }
}
