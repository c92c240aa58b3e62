//! Exponentials that sum to one. The maximum is subtracted first, so that no finite row overflows.

use crate::element::Float;
use crate::kernel::axis::axis::{AxisLayout, total, total_of};
use crate::kernel::axis::lanes;
use crate::kernel::loss::{Reduce, labelled, reduced};
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
pub(crate) fn softmax<E: Float>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    lanes::update(x, along, |lane| {
        let (_, sum) = exponentials(lane);
        lane.iter_mut().for_each(|x| *x /= sum);
    })
}

/// From the softmax y and the gradient g: y (g - Σ g y).
#[inline(never)]
pub(crate) fn softmax_backward<E: Float>(grad: Storage<E>, y: &[E], along: AxisLayout) -> Storage<E> {
    lanes::update_with(grad, y, along, |g, y| {
        let dot: E = g.iter().zip(y).map(|(g, y)| *g * *y).sum();
        g.iter_mut().zip(y).for_each(|(g, y)| *g = *y * (*g - dot));
    })
}

/// x - ln Σ eˣ along the axis.
#[inline(never)]
pub(crate) fn log_softmax<E: Float>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    lanes::update(x, along, |lane| {
        let max = max(lane);
        let log = total_of(lane, &|x| (x - max).exp()).ln();
        // Subtracted one after the other: next to a large maximum the logarithm would be rounded away.
        lane.iter_mut().for_each(|x| *x = *x - max - log);
    })
}

/// From the logarithm y of the softmax and the gradient g: g - eʸ Σ g.
#[inline(never)]
pub(crate) fn log_softmax_backward<E: Float>(grad: Storage<E>, y: &[E], along: AxisLayout) -> Storage<E> {
    lanes::update_with(grad, y, along, |g, y| {
        let sum = total(g);
        g.iter_mut().zip(y).for_each(|(g, y)| *g -= y.exp() * sum);
    })
}

/// The options of `cross_entropy`.
#[derive(Clone, Copy)]
pub(crate) struct CrossEntropy<'a, E> {
    /// One for each class.
    pub(crate) weight: Option<&'a [E]>,
    /// The share of the target that is spread over all classes.
    pub(crate) smoothing: E,
    /// The label of a row that does not count.
    pub(crate) ignored: i64,
}

impl<E: Float> CrossEntropy<'_, E> {
    fn weight(&self, class: usize) -> E {
        self.weight.map_or(E::one(), |w| w[class])
    }

    /// The sum of the weights of the rows that count: what the mean is over.
    pub(crate) fn count(&self, labels: &[i64]) -> f64 {
        let counted = labels.iter().filter(|label| **label != self.ignored);
        counted.map(|label| self.weight(*label as usize).as_f64()).sum()
    }

    /// The value of a lane, -Σ q ln softmax(x), over which its slope p Σ q - q is written if it is wanted. `target` is
    /// the target without the weights.
    fn lane(&self, lane: &mut [E], target: impl Fn(usize) -> E, wanted: bool, scale: E) -> E {
        let spread = self.smoothing / E::from_f64(lane.len() as f64);
        let q = |k: usize| self.weight(k) * (target(k) * (E::one() - self.smoothing) + spread);
        let max = max(lane);
        let (mut dot, mut all) = (E::zero(), E::zero());
        for (k, x) in lane.iter().enumerate() {
            dot += q(k) * (*x - max);
            all += q(k);
        }
        let sum = total_of(lane, &|x| (x - max).exp());
        if wanted {
            let rate = all / sum;
            for (k, x) in lane.iter_mut().enumerate() {
                *x = ((*x - max).exp() * rate - q(k)) * scale;
            }
        }
        all * sum.ln() - dot
    }
}

/// For each lane of the scores ln Σ eˣ - x[label], times the weight of its label; and the slopes, if they are wanted:
/// then in the memory of `x` if nothing else holds it.
///
/// # Panics
/// If a label is neither a class nor the one that is ignored.
#[inline(never)]
pub(crate) fn cross_entropy<E: Float>(
    x: Storage<E>,
    labels: &[i64],
    along: AxisLayout,
    options: CrossEntropy<'_, E>,
    wanted: bool,
    reduce: Reduce,
) -> (Storage<E>, Option<Storage<E>>) {
    let scale: E = reduce.scale();
    let ignored = Some(options.ignored);
    if options.smoothing > E::zero() {
        return labelled(x, labels, ignored, along, wanted, reduce, |label, lane| {
            let one_hot = |k| if k == label { E::one() } else { E::zero() };
            options.lane(lane, one_hot, wanted, scale)
        });
    }
    labelled(x, labels, ignored, along, wanted, reduce, |label, lane| {
        let target = lane[label];
        let weight = options.weight(label);
        if wanted {
            let (max, sum) = exponentials(lane);
            let (rate, scale) = (weight * scale / sum, weight * scale);
            lane.iter_mut().for_each(|p| *p *= rate);
            lane[label] -= scale;
            weight * (sum.ln() + (max - target))
        } else {
            let max = max(lane);
            weight * (total_of(lane, &|x| (x - max).exp()).ln() + (max - target))
        }
    })
}

/// For each lane of the scores and of the probabilities t -Σ t ln softmax(x), with the weights of the classes; and the
/// slopes by both, where they are wanted.
#[inline(never)]
pub(crate) fn cross_entropy_of_probabilities<E: Float>(
    x: Storage<E>,
    target: &Storage<E>,
    along: AxisLayout,
    options: CrossEntropy<'_, E>,
    wanted: (bool, bool),
    reduce: Reduce,
) -> (Storage<E>, Option<Storage<E>>, Option<Storage<E>>) {
    let scale: E = reduce.scale();
    let target_slope = wanted.1.then(|| {
        let factor = -(E::one() - options.smoothing) * scale;
        lanes::update_with(target.clone(), x.as_slice(), along, |t, x| {
            let max = max(x);
            let log = total_of(x, &|x| (x - max).exp()).ln();
            for (k, (t, x)) in t.iter_mut().zip(x).enumerate() {
                *t = factor * options.weight(k) * (*x - max - log);
            }
        })
    });
    let mut values = Vec::new();
    // PyTorch negates the sum, which for nothing is -0.
    let mut sum = -0.0;
    let slopes = lanes::update_with(x, target.as_slice(), along, |lane, t| {
        let value = options.lane(lane, |k| t[k], wanted.0, scale);
        if reduce == Reduce::None {
            values.push(value);
        }
        sum += value.as_f64();
    });
    values.resize(if reduce == Reduce::None { along.outer * along.inner } else { 0 }, E::zero());
    (reduced(reduce, sum, values), wanted.0.then_some(slopes), target_slope)
}
