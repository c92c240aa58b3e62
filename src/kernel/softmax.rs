//! Exponentials that sum to one. The maximum is subtracted first, so that no finite row overflows.

use super::axis::{Along, total, total_of};
use super::lane;
use crate::element::Float;
use crate::storage::Storage;

/// The maximum of a lane. A NaN is ignored here: it comes back in the sum of the exponentials.
fn max<E: Float>(lane: &[E]) -> E {
    lane.iter().fold(E::neg_infinity(), |a, b| if *b > a { *b } else { a })
}

/// exp(x - max x) in place of x; returns the maximum and the sum.
fn exponentials<E: Float>(lane: &mut [E]) -> (E, E) {
    let max = max(lane);
    lane.iter_mut().for_each(|x| *x = (*x - max).exp());
    (max, total(lane))
}

/// eˣ / Σ eˣ along the axis.
#[inline(never)]
pub(crate) fn softmax<E: Float>(x: Storage<E>, along: Along) -> Storage<E> {
    lane::update(x, along, |lane| {
        let (_, sum) = exponentials(lane);
        lane.iter_mut().for_each(|x| *x /= sum);
    })
}

/// From the softmax y and the gradient g: y (g - Σ g y).
#[inline(never)]
pub(crate) fn softmax_backward<E: Float>(grad: Storage<E>, y: &[E], along: Along) -> Storage<E> {
    lane::update_with(grad, y, along, |g, y| {
        let dot: E = g.iter().zip(y).map(|(g, y)| *g * *y).sum();
        g.iter_mut().zip(y).for_each(|(g, y)| *g = *y * (*g - dot));
    })
}

/// x - ln Σ eˣ along the axis.
#[inline(never)]
pub(crate) fn log_softmax<E: Float>(x: Storage<E>, along: Along) -> Storage<E> {
    lane::update(x, along, |lane| {
        let max = max(lane);
        let log = total_of(lane, &|x| (x - max).exp()).ln();
        // Subtracted one after the other: next to a large maximum the logarithm would be rounded away.
        lane.iter_mut().for_each(|x| *x = *x - max - log);
    })
}

/// From the logarithm y of the softmax and the gradient g: g - eʸ Σ g.
#[inline(never)]
pub(crate) fn log_softmax_backward<E: Float>(grad: Storage<E>, y: &[E], along: Along) -> Storage<E> {
    lane::update_with(grad, y, along, |g, y| {
        let sum = total(g);
        g.iter_mut().zip(y).for_each(|(g, y)| *g -= y.exp() * sum);
    })
}

/// The label of a row that does not count: PyTorch's `ignore_index`.
pub(crate) const IGNORED: i64 = -100;

/// The mean over the rows of ln Σ eˣ - x[label], and its gradient, (softmax - one-hot) / rows, if that is wanted:
/// then in the memory of `x` if nothing else holds it. Rows with the label -100 do not count.
///
/// # Panics
/// If another label is not below `classes`.
#[inline(never)]
pub(crate) fn cross_entropy<E: Float>(
    mut x: Storage<E>,
    labels: &[i64],
    classes: usize,
    wanted: bool,
) -> (E, Option<Storage<E>>) {
    // All labels before any element: a wrong one leaves nothing half done.
    for (row, label) in labels.iter().enumerate() {
        assert!(
            *label == IGNORED || usize::try_from(*label).is_ok_and(|label| label < classes),
            "cross_entropy: the label of row {row} is {label}, but there are {classes} classes, 0..{classes}"
        );
    }
    let count = labels.iter().filter(|label| **label != IGNORED).count();
    let mut sum = 0.0;
    if wanted && !x.as_slice().is_empty() {
        let scale = E::one() / E::from_f64(count as f64);
        for (row, label) in x.make_mut().chunks_exact_mut(classes).zip(labels) {
            if *label == IGNORED {
                row.fill(E::zero());
                continue;
            }
            let target = row[*label as usize];
            let (max, total) = exponentials(row);
            sum += (total.ln() + (max - target)).as_f64();
            row.iter_mut().for_each(|p| *p = *p / total * scale);
            row[*label as usize] -= scale;
        }
    } else if !x.as_slice().is_empty() {
        for (row, label) in x.as_slice().chunks_exact(classes).zip(labels).filter(|row| *row.1 != IGNORED) {
            let max = max(row);
            let total = total_of(row, &|x| (x - max).exp());
            sum += (total.ln() + (max - row[*label as usize])).as_f64();
        }
    }
    (E::from_f64(sum / count as f64), wanted.then_some(x))
}
