//! The cross entropy of scores, with labels and with probabilities.

use super::{Reduce, labelled, lane_values};
use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::reduce::columns;
use crate::storage::Storage;

/// The options of `cross_entropy`.
#[derive(Clone, Copy)]
pub struct CrossEntropy<'a, E> {
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

    /// The sum of the weights of the rows that count: the divisor of the mean.
    pub(crate) fn count(&self, labels: &[i64]) -> f64 {
        let counted = labels.iter().filter(|label| **label != self.ignored);
        counted.map(|label| self.weight(*label as usize).as_f64()).sum()
    }

    /// The value of a lane, -Σ q ln softmax(x), which is overwritten with the gradient p Σ q - q if it is needed. `target` is
    /// the target without the weights.
    fn lane(&self, lane: &mut [E], target: impl Fn(usize) -> E, needs_grad: bool, scale: E) -> E {
        let spread = self.smoothing / E::from_f64(lane.len() as f64);
        let q = |k: usize| self.weight(k) * (target(k) * (E::one() - self.smoothing) + spread);
        let [max, sum] = E::sum_of_exponentials(lane);
        // In f64: there may be many classes.
        let (mut dot, mut all) = (0.0, 0.0);
        for (k, x) in lane.iter().enumerate() {
            dot += (q(k) * (*x - max)).as_f64();
            all += q(k).as_f64();
        }
        if needs_grad {
            let rate = E::from_f64(all) / sum;
            E::exponentials(lane);
            for (k, x) in lane.iter_mut().enumerate() {
                *x = (*x * rate - q(k)) * scale;
            }
        }
        E::from_f64(all * sum.ln().as_f64() - dot)
    }
}

/// For each lane of the scores ln Σ eˣ - x[label], times the weight of its label; and the gradients, if they are needed:
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
    needs_grad: bool,
    reduce: Reduce,
) -> (Storage<E>, Option<Storage<E>>) {
    let scale: E = reduce.scale();
    let ignored = Some(options.ignored);
    if options.smoothing > E::zero() {
        return labelled(x, labels, ignored, along, needs_grad, reduce, |label, lane| {
            let one_hot = |k| if k == label { E::one() } else { E::zero() };
            options.lane(lane, one_hot, needs_grad, scale)
        });
    }
    if columns::fit(along) {
        return cross_entropy_of_columns(x, labels, along, options, needs_grad, reduce);
    }
    labelled(x, labels, ignored, along, needs_grad, reduce, |label, lane| {
        let target = lane[label];
        let weight = options.weight(label);
        if needs_grad {
            let [max, sum] = E::exponentials(lane);
            let (rate, scale) = (weight * scale / sum, weight * scale);
            lane.iter_mut().for_each(|p| *p *= rate);
            lane[label] -= scale;
            weight * (sum.ln() + (max - target))
        } else {
            let [max, sum] = E::sum_of_exponentials(lane);
            weight * (sum.ln() + (max - target))
        }
    })
}

/// [`cross_entropy`] without smoothing, of lanes side by side.
fn cross_entropy_of_columns<E: Float>(
    x: Storage<E>,
    labels: &[i64],
    along: AxisLayout,
    options: CrossEntropy<'_, E>,
    needs_grad: bool,
    reduce: Reduce,
) -> (Storage<E>, Option<Storage<E>>) {
    let AxisLayout { outer, size, inner } = along;
    let real = reduce.rows.part(outer * inner);
    let scale: E = reduce.scale();
    let label_of =
        |lane: usize| (lane < real && labels[lane] != options.ignored).then(|| labels[lane] as usize);
    // Σ of what `values` has, the score of the label, with the results of the columns.
    let finish = |first: usize, values: &mut [E], max: &[E], log: &[E]| {
        for (i, value) in values.iter_mut().enumerate() {
            *value = label_of(first + i)
                .map_or(E::zero(), |label| options.weight(label) * (log[i] + (max[i] - *value)));
        }
    };
    let targets = |first: usize, values: &mut [E], x: &[E]| {
        for (i, value) in values.iter_mut().enumerate() {
            *value = label_of(first + i).map_or(E::zero(), |label| x[label * inner + i]);
        }
    };
    let mut values = Storage::unspecified(outer * inner);
    if !needs_grad {
        lanes::for_each_part(values.make_mut(), inner, size, |at, values| {
            let mut results = Storage::unspecified(3 * inner);
            let (max, rest) = results.make_mut().split_at_mut(inner);
            let (sum, log) = rest.split_at_mut(inner);
            for (o, values) in values.chunks_mut(inner).enumerate() {
                let first = at + o * inner;
                let x = &x[first * size..][..size * inner];
                targets(first, values, x);
                E::sums_of_columns(x, size, [max, sum, log]);
                finish(first, values, max, log);
            }
        });
        return (reduce.of_lanes(values), None);
    }
    let gradient = lanes::update_blocks(x, None, values.make_mut(), along, |o, x, _, values| {
        let first = o * inner;
        let mut results = Storage::unspecified(3 * inner);
        let (max, rest) = results.make_mut().split_at_mut(inner);
        let (sum, log) = rest.split_at_mut(inner);
        targets(first, values, x);
        E::exponentials_of_columns(x, size, [max, sum, log]);
        finish(first, values, max, log);
        for (i, sum) in sum.iter_mut().enumerate() {
            *sum = label_of(first + i).map_or(E::zero(), |label| options.weight(label) * scale / *sum);
        }
        E::scale_columns(x, sum);
        for i in 0..inner {
            if let Some(label) = label_of(first + i) {
                x[label * inner + i] -= options.weight(label) * scale;
            } else {
                // Also where there was NaN.
                (0..size).for_each(|k| x[k * inner + i] = E::zero());
            }
        }
    });
    (reduce.of_lanes(values), Some(gradient))
}

/// For each lane of the scores and of the probabilities t -Σ t ln softmax(x), with the weights of the classes; and the
/// gradients with respect to both, where they are needed.
#[inline(never)]
pub(crate) fn cross_entropy_of_probabilities<E: Float>(
    x: Storage<E>,
    target: &Storage<E>,
    along: AxisLayout,
    options: CrossEntropy<'_, E>,
    needs_grad: (bool, bool),
    reduce: Reduce,
) -> (Storage<E>, Option<Storage<E>>, Option<Storage<E>>) {
    let scale: E = reduce.scale();
    let (size, lanes) = (along.size, along.outer * along.inner);
    let target_gradient = needs_grad.1.then(|| {
        let factor = -(E::one() - options.smoothing) * scale;
        lanes::update_with(target.clone(), x.as_slice(), along, |first, t, x| {
            for (i, (t, x)) in t.chunks_exact_mut(size).zip(x.chunks_exact(size)).enumerate() {
                if !reduce.counts(first + i, lanes) {
                    t.fill(E::zero());
                    continue;
                }
                let [max, sum] = E::sum_of_exponentials(x);
                let log = sum.ln();
                for (k, (t, x)) in t.iter_mut().zip(x).enumerate() {
                    *t = factor * options.weight(k) * (*x - max - log);
                }
            }
        })
    });
    let nothing = x.is_empty() && reduce.is_sum();
    let (value, gradient) =
        lane_values(x, Some(target.as_slice()), along, needs_grad.0, reduce, |_, lane, t| {
            options.lane(lane, |k| t[k], needs_grad.0, scale)
        });
    // PyTorch negates the sum, which for nothing is -0.
    (if nothing { Storage::filled(1, -E::zero()) } else { value }, gradient, target_gradient)
}
