//! A number added to each channel, and what else follows a convolution; the sum of each channel.

use super::conv::Finish;
use super::frame::copy_row;
use super::tile::relu;
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
    if finish.changes() {
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
            let change = Change::<E, S>::new(finish, first + i);
            for x in channel.chunks_mut(lanes) {
                if x.len() == lanes {
                    change.of_all([E::V::<S>::load(x)])[0].store(x);
                } else {
                    change.of_all([E::V::<S>::load_partial(x, E::ZERO)])[0].store_partial(x);
                }
            }
        }
    }
}

/// Copies channels of some rows and columns, finished, except pooling: beside `from` is how far apart its channels and its rows are,
/// beside `to`, whose rows are contiguous, its channels.
pub(super) fn leave<E: SimdFloat>(
    from: (&[E], usize, usize),
    size: [usize; 2],
    finish: Finish<'_, E>,
    to: (&mut [E], usize),
) {
    dispatch(Leave { from, size, finish, to });
}

struct Leave<'a, E> {
    from: (&'a [E], usize, usize),
    size: [usize; 2],
    finish: Finish<'a, E>,
    to: (&'a mut [E], usize),
}

impl<E: SimdFloat> Kernel for Leave<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Leave { from: (from, of_channel, of_row), size: [rows, columns], finish, to: (to, apart) } = self;
        for (o, from) in from.chunks_exact(of_channel).enumerate() {
            let change = Change::<E, S>::new(finish, o);
            let to = &mut to[o * apart..][..rows * columns];
            for (to, from) in to.chunks_exact_mut(columns).zip(from.chunks(of_row)) {
                if finish.changes() {
                    change.row(&from[..columns], to);
                } else {
                    copy_row::<S, E>(&from[..columns], to);
                }
            }
        }
    }
}

/// The change of the elements of a channel.
pub(super) struct Change<E: SimdFloat, S: Simd> {
    add: Option<E::V<S>>,
    /// The mean, the gain and the bias of a normalization.
    numbers: Option<[E::V<S>; 3]>,
    relu: Option<E>,
}

impl<E: SimdFloat, S: Simd> Change<E, S> {
    /// The change by `finish` of channel number `c`, counted through all images.
    #[inline(always)]
    pub(super) fn new(finish: Finish<'_, E>, c: usize) -> Self {
        let mut change = Change { add: None, numbers: None, relu: finish.relu };
        if let Some(b) = finish.bias {
            change.add = Some(E::V::<S>::splat(b[c % b.len()]));
        }
        if let Some([means, gains, biases]) = finish.normalization {
            let c = c % means.len();
            change.numbers =
                Some([E::V::<S>::splat(means[c]), E::V::<S>::splat(gains[c]), E::V::<S>::splat(biases[c])]);
        }
        change
    }

    /// The change of a row, to another one of the same length.
    #[inline(always)]
    fn row(&self, from: &[E], to: &mut [E]) {
        let (lanes, width) = (E::V::<S>::LANES, from.len().min(to.len()));
        if width < lanes {
            return self.of_all([E::V::<S>::load_partial(from, E::ZERO)])[0].store_partial(to);
        }
        let (last, mut q) = (width - lanes, 0);
        while q < last {
            self.of_all([E::V::<S>::load(&from[q..q + lanes])])[0].store(&mut to[q..q + lanes]);
            q += lanes;
        }
        // The last vector overlaps the one before.
        self.of_all([E::V::<S>::load(&from[last..width])])[0].store(&mut to[last..width]);
    }

    #[inline(always)]
    pub(super) fn of_all<const N: usize>(&self, mut x: [E::V<S>; N]) -> [E::V<S>; N] {
        if let Some(b) = self.add {
            for x in &mut x {
                *x = *x + b;
            }
        }
        if let Some([mean, gain, bias]) = self.numbers {
            for x in &mut x {
                *x = (*x - mean) * gain + bias;
            }
        }
        if self.relu.is_some() {
            for x in &mut x {
                *x = relu::<S, E>(self.relu, *x);
            }
        }
        x
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
