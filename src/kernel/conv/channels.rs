//! A number added to each channel, and what else follows a convolution; the sum of each channel.

use super::conv::Finish;
use crate::element::Float;
use crate::kernel::axis::axis::total;
use crate::kernel::axis::long_sums::LongSums;
use crate::kernel::simd::{Kernel, Simd, SimdFloat, Vector, dispatch};
use crate::kernel::threads::for_each_chunk;
use crate::storage::Storage;

/// b added to each channel: memory is `outer` times the channels of `inner` elements.
pub(super) fn add_channels<E: SimdFloat>(mut x: Storage<E>, b: &[E], inner: usize) -> Storage<E> {
    finish(x.make_mut(), inner, Finish { bias: Some(b), ..Finish::default() });
    x
}

/// The operations of `finish` on memory as [`add_channels`] has it, except pooling.
pub(super) fn finish<E: SimdFloat>(x: &mut [E], inner: usize, finish: Finish<'_, E>) {
    for_each_chunk(x, PART.next_multiple_of(inner.max(1)), |part, x| {
        let first = (part * PART.next_multiple_of(inner.max(1))).checked_div(inner).unwrap_or(0);
        finish_part(x, first, inner, finish);
    });
}

/// As [`finish`], on this thread, for channels from number `first` on.
pub(super) fn finish_part<E: SimdFloat>(x: &mut [E], first: usize, inner: usize, finish: Finish<'_, E>) {
    if finish.bias.is_some() || finish.relu || finish.normalization.is_some() {
        dispatch(OfChannels { x, inner, first, finish });
    }
}

/// The elements of a part.
const PART: usize = 1 << 17;

/// Channels from number `first` on.
struct OfChannels<'a, E> {
    x: &'a mut [E],
    inner: usize,
    first: usize,
    finish: Finish<'a, E>,
}

impl<E: SimdFloat> Kernel for OfChannels<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let lanes = E::V::<S>::LANES;
        let OfChannels { x, inner, first, finish } = self;
        for (i, channel) in x.chunks_exact_mut(inner.max(1)).enumerate() {
            let mut change = Change { add: None, numbers: None, relu: finish.relu };
            if let Some(b) = finish.bias {
                change.add = Some(E::V::<S>::splat(b[(first + i) % b.len()]));
            }
            if let Some([means, gains, biases]) = finish.normalization {
                let c = (first + i) % means.len();
                change.numbers = Some([
                    E::V::<S>::splat(means[c]),
                    E::V::<S>::splat(gains[c]),
                    E::V::<S>::splat(biases[c]),
                ]);
            }
            for x in channel.chunks_mut(lanes) {
                if x.len() == lanes {
                    change.of(E::V::<S>::load(x)).store(x);
                } else {
                    change.of(E::V::<S>::load_partial(x, E::ZERO)).store_partial(x);
                }
            }
        }
    }
}

/// The change of the elements of a channel.
struct Change<V> {
    add: Option<V>,
    /// The mean, the gain and the bias of a normalization.
    numbers: Option<[V; 3]>,
    relu: bool,
}

impl<V> Change<V> {
    #[inline(always)]
    fn of<E: SimdFloat>(&self, mut x: V) -> V
    where
        V: Vector<E>,
    {
        if let Some(b) = self.add {
            x = x + b;
        }
        if let Some([mean, gain, bias]) = self.numbers {
            x = (x - mean) * gain + bias;
        }
        if self.relu { V::zero().max(x) } else { x }
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
