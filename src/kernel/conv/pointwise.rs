//! Convolutions with kernels of one element: matrix products of the weight and each image.

use super::channels;
use super::conv::{Convolution, Finish};
use super::weight_gradient::in_parts;
use crate::element::Float;
use crate::kernel::axis::long_sums::LongSums;
use crate::kernel::memory::List;
use crate::kernel::simd::SimdFloat;
use crate::kernel::threads::for_each_chunk;

/// f(group, its part of x, its part of y, [channels in, channels out, elements]) for each group of each image.
fn each<E: Float>(
    sizes: &Convolution,
    x: &[E],
    (y, per_image, sides): (&mut [E], usize, [usize; 2]),
    f: impl Fn(usize, &[E], &mut [E]) + Sync,
) {
    let images = sizes.images_per_thread();
    for_each_chunk(y, images * per_image, |part, y| {
        let x = &x[part * images * sizes.groups * sides[0]..];
        for (i, (y, x)) in y.chunks_exact_mut(sides[1]).zip(x.chunks_exact(sides[0])).enumerate() {
            f(i % sizes.groups, x, y);
        }
    });
}

/// y = w x, finished: image by image, where there are many, while one is in the cache.
pub(super) fn convolve<E: SimdFloat>(
    x: &[E],
    w: &[E],
    finish: Finish<'_, E>,
    sizes: &Convolution,
    y: &mut [E],
) {
    let ([part, out], places) = (sizes.part(), sizes.planes()[1]);
    each(sizes, x, (y, sizes.channels[1] * places, [part * places, out * places]), |g, x, y| {
        let w = &w[g * out * part..][..out * part];
        E::gemm([out, part, places], (w, [part, 1]), (x, [places, 1]), y);
        channels::finish(y, places, finish.of(g * out..(g + 1) * out));
    });
}

/// dx = wᵀ dy.
pub(super) fn input_gradient<E: Float>(grad: &[E], w: &[E], sizes: &Convolution, x: &mut [E]) {
    let ([part, out], places) = (sizes.part(), sizes.planes()[1]);
    each(sizes, grad, (x, sizes.channels[0] * places, [out * places, part * places]), |g, grad, x| {
        let w = &w[g * out * part..][..out * part];
        E::gemm([part, out, places], (w, [1, part]), (grad, [places, 1]), x);
    });
}

/// dw = Σ dy xᵀ over the images.
pub(super) fn weight_gradient<E: SimdFloat>(x: &[E], grad: &[E], sizes: &Convolution, w: &mut [E]) {
    in_parts(x, grad, sizes, w, |x, grad, sizes, w| {
        let ([part, out], places) = (sizes.part(), sizes.planes()[1]);
        let mut one = List::filled(out * part, E::ZERO);
        let images = grad.chunks_exact(out * places).zip(x.chunks_exact(part * places));
        let mut sums: List<_> = w.chunks_exact_mut(out * part).map(LongSums::new).collect();
        for (i, (grad, x)) in images.enumerate() {
            E::gemm([out, places, part], (grad, [places, 1]), (x, [1, places]), &mut one);
            let w = sums[i % sizes.groups].more(1).iter_mut();
            w.zip(&one).for_each(|(w, one)| *w += *one);
        }
        sums.into_iter().for_each(LongSums::finish);
    });
}
