//! Histograms.

use crate::element::Float;
use crate::kernel::memory::List;
use crate::storage::Storage;

/// The smallest and the largest element; NaN if there is one.
pub(crate) fn extent<E: Float>(x: &[E]) -> [E; 2] {
    let smaller = |a: E, b: E| if b < a || b.is_nan() { b } else { a };
    let low = x.iter().fold(E::infinity(), |low, x| smaller(low, *x));
    [low, -x.iter().fold(E::infinity(), |low, x| smaller(low, -*x))]
}

/// The number of elements in each of `bins` ranges of equal width between two numbers.
pub(crate) fn histogram<E: Float>(x: &[E], [low, high]: [E; 2], bins: usize) -> Storage<E> {
    // In integers: one more than 2^24 is not an `f32`.
    let mut counts = List::filled(bins, 0_usize);
    for x in x.iter().filter(|x| (low..=high).contains(*x)) {
        let place = ((*x - low) / (high - low) * E::from_f64(bins as f64)).as_f64() as usize;
        counts[place.min(bins - 1)] += 1;
    }
    Storage::from_fn(bins, |bin| E::from_f64(counts[bin] as f64))
}
