//! Convolutions of many terms: sums of convolutions of at most [`TERMS`] terms, added pairwise, so that the error does not
//! grow with the number of channels.

use super::conv::{Convolution, Finish};
use super::{forward, input_gradient};
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::simd::SimdFloat;
use crate::storage::Storage;
use std::ops::Range;

/// The most terms that are summed in one convolution, as in one product of matrices.
pub(super) const TERMS: usize = 2048;

impl Convolution {
    /// Whether an element of the output has more terms than one convolution sums.
    pub(super) fn has_many_terms(&self) -> bool {
        self.inner() > TERMS
    }

    /// Whether an element of the gradient of the input has.
    pub(super) fn has_many_terms_back(&self) -> bool {
        self.part()[1] * self.taps() > TERMS
    }

    /// The blocks that channels are cut into.
    fn blocks(&self, channels: usize) -> impl Fn(usize) -> Range<usize> {
        let block = (TERMS / self.taps()).max(1);
        move |i| i * block..channels.min((i + 1) * block)
    }
}

/// y = w * x: the channels of each group of the input, a block at a time.
pub(super) fn convolve<E: SimdFloat>(x: &[E], w: &[E], sizes: &Convolution) -> Storage<E> {
    let ([part, _], [plane, places]) = (sizes.part(), sizes.planes());
    let block = sizes.blocks(part);
    sum(0..part.div_ceil(block(0).len()), &|i| {
        let channels = block(i);
        let (x, w) = (picked(x, [part, plane], &channels), picked(w, [part, sizes.taps()], &channels));
        let of_group = [sizes.groups * channels.len(), sizes.channels[1]];
        let sizes = Convolution { channels: of_group, ..*sizes };
        let mut y = Storage::unspecified(sizes.batch * sizes.channels[1] * places);
        forward::convolve(&x, &w, None, Finish::default(), &sizes, y.make_mut());
        y
    })
}

/// dx = wᵀ * dy: the channels of each group of the output, a block at a time.
pub(super) fn input_gradient<E: SimdFloat>(grad: &[E], w: &[E], sizes: &Convolution) -> Storage<E> {
    let ([_, part], [plane, places]) = (sizes.part(), sizes.planes());
    let block = sizes.blocks(part);
    sum(0..part.div_ceil(block(0).len()), &|i| {
        let channels = block(i);
        let (grad, w) =
            (picked(grad, [part, places], &channels), picked(w, [part, sizes.inner()], &channels));
        let of_group = [sizes.channels[0], sizes.groups * channels.len()];
        let sizes = Convolution { channels: of_group, ..*sizes };
        let mut x = Storage::unspecified(sizes.batch * sizes.channels[0] * plane);
        input_gradient::input_gradient(&grad, &w, &sizes, x.make_mut());
        x
    })
}

/// Some of each `size` rows of `inner` elements.
fn picked<E: SimdFloat>(x: &[E], [size, inner]: [usize; 2], range: &Range<usize>) -> Storage<E> {
    let len = range.len() * inner;
    let mut out = Storage::unspecified(x.len() / size * range.len());
    let rows = out.make_mut().chunks_exact_mut(len).zip(x.chunks_exact(size * inner));
    rows.for_each(|(out, x)| out.copy_from_slice(&x[range.start * inner..][..len]));
    out
}

/// The sum of the results of `of` for some numbers, pairwise.
fn sum<E: SimdFloat>(numbers: Range<usize>, of: &dyn Fn(usize) -> Storage<E>) -> Storage<E> {
    if numbers.len() == 1 {
        return of(numbers.start);
    }
    let middle = numbers.start + numbers.len().div_ceil(2);
    let mut first = sum(numbers.start..middle, of);
    let second = sum(middle..numbers.end, of);
    let pairs = first.make_mut().iter_mut().zip(&*second);
    at_level(
        #[inline(always)]
        || pairs.for_each(|(a, b)| *a += *b),
    );
    first
}
