//! A number added to each channel, and the sum of each channel.

use crate::element::Float;
use crate::kernel::axis::axis::total;
use crate::kernel::axis::long_sums::LongSums;
use crate::kernel::simd::{Kernel, Simd, SimdFloat, Vector, dispatch};
use crate::kernel::threads::for_each_chunk;
use crate::storage::Storage;

/// b added to each channel: memory is `outer` times the channels of `inner` elements.
pub(super) fn add_channels<E: SimdFloat>(mut x: Storage<E>, b: &[E], inner: usize) -> Storage<E> {
    add(x.make_mut(), Some(b), inner, false);
    x
}

/// [`add_channels`] in place, if there is a `b`, then max(x, 0) if `relu` says so.
pub(super) fn add<E: SimdFloat>(x: &mut [E], b: Option<&[E]>, inner: usize, relu: bool) {
    if b.is_some() || relu {
        for_each_chunk(x, PART.next_multiple_of(inner.max(1)), |part, x| {
            let first = (part * PART.next_multiple_of(inner.max(1))).checked_div(inner).unwrap_or(0);
            dispatch(Add { x, b, inner, first, relu });
        });
    }
}

/// The elements of a part.
const PART: usize = 1 << 17;

/// Channels from number `first` on.
struct Add<'a, E> {
    x: &'a mut [E],
    b: Option<&'a [E]>,
    inner: usize,
    first: usize,
    relu: bool,
}

impl<E: SimdFloat> Kernel for Add<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let zero = E::V::<S>::zero();
        let lanes = E::V::<S>::LANES;
        for (i, channel) in self.x.chunks_exact_mut(self.inner.max(1)).enumerate() {
            let b = E::V::<S>::splat(self.b.map_or(E::ZERO, |b| b[(self.first + i) % b.len()]));
            let of = |x: E::V<S>| {
                let x = if self.b.is_some() { x + b } else { x };
                if self.relu { zero.max(x) } else { x }
            };
            for x in channel.chunks_mut(lanes) {
                if x.len() == lanes {
                    of(E::V::<S>::load(x)).store(x);
                } else {
                    of(E::V::<S>::load_partial(x, E::ZERO)).store_partial(x);
                }
            }
        }
    }
}

/// The sum of each channel.
#[inline(never)]
pub(crate) fn sum_channels<E: Float>(grad: &[E], channels: usize, inner: usize) -> Storage<E> {
    let mut sums = Storage::filled(channels, E::zero());
    if inner > 0 && channels > 0 {
        let mut long = LongSums::new(sums.make_mut());
        for image in grad.chunks_exact(channels * inner) {
            for (sum, channel) in long.more(1).iter_mut().zip(image.chunks_exact(inner)) {
                *sum += total(channel);
            }
        }
        long.finish();
    }
    sums
}
