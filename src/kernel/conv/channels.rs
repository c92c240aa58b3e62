//! A number added to each channel, and the sum of each channel.

use crate::element::Float;
use crate::storage::Storage;

/// b added to each channel: memory is `outer` times the channels of `inner` elements.
#[inline(never)]
pub(crate) fn add_channels<E: Float>(mut x: Storage<E>, b: &[E], inner: usize) -> Storage<E> {
    add(x.make_mut(), b, inner);
    x
}

/// [`add_channels`] in place.
pub(super) fn add<E: Float>(x: &mut [E], b: &[E], inner: usize) {
    if inner > 0 && !b.is_empty() {
        for image in x.chunks_exact_mut(b.len() * inner) {
            for (channel, b) in image.chunks_exact_mut(inner).zip(b) {
                channel.iter_mut().for_each(|x| *x += *b);
            }
        }
    }
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
