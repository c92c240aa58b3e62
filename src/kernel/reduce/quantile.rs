//! The ranks of quantiles, and what is between two elements.

use crate::element::Float;
use crate::storage::Storage;

/// The last place of a row whose elements count: the last one, or that of the last number if NaN does not count.
fn last<E: Float>(row: &[E], skip_nan: bool) -> usize {
    let count = if skip_nan { row.iter().filter(|x| !x.is_nan()).count() } else { row.len() };
    count.saturating_sub(1)
}

/// The rank of the quantile `q` in a row, between 0 and that of the last element; none where there is a NaN that counts.
pub(crate) fn rank<E: Float>(row: &[E], q: f64, skip_nan: bool) -> Option<E> {
    if !skip_nan && row.iter().any(|x| x.is_nan()) {
        return None;
    }
    Some(E::from_f64(q) * E::from_f64(last(row, skip_nan) as f64))
}

/// a + w (b - a) for each weight, from the nearer end, as PyTorch; a where only `one` element is asked for.
pub(crate) fn between<E: Float>([a, b]: [&[E]; 2], weights: &[E], one: bool) -> Storage<E> {
    let between = |((a, b), w): ((&E, &E), &E)| {
        if one {
            return *a;
        }
        let half = E::from_f64(0.5);
        if *w < half { *a + *w * (*b - *a) } else { *b - (*b - *a) * (E::one() - *w) }
    };
    Storage::collect(a.iter().zip(b).zip(weights).map(between))
}

/// g times a function of the weight.
pub(crate) fn weighted<E: Float>(grad: &[E], weights: &[E], weight: fn(E) -> E) -> Storage<E> {
    Storage::collect(grad.iter().zip(weights).map(|(g, w)| *g * weight(*w)))
}
