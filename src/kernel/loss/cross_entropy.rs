//! The cross entropy of scores, with labels and with probabilities.

use super::{Reduce, labelled, lane_values};
use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::reduce::{columns, narrow};
use crate::storage::Storage;

/// The bytes of the longest rows that are transposed. Measured.
const NARROW: usize = 256;

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
    if columns::fit(along) || narrow::fit::<E>(along, NARROW) {
        return in_columns(x, labels, along, options, needs_grad, reduce);
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

/// [`cross_entropy`] without smoothing, of lanes side by side and of narrow rows.
fn in_columns<E: Float>(
    x: Storage<E>,
    labels: &[i64],
    along: AxisLayout,
    options: CrossEntropy<'_, E>,
    needs_grad: bool,
    reduce: Reduce,
) -> (Storage<E>, Option<Storage<E>>) {
    let AxisLayout { outer, size, inner } = along;
    let columns =
        Columns { labels, size, options, real: reduce.rows.part(outer * inner), scale: reduce.scale() };
    let mut values = Storage::unspecified(outer * inner);
    let to = values.make_mut();
    let gradient = match (needs_grad, inner > 1) {
        (true, true) => Some(lanes::update_blocks(x, None, to, along, |o, x, _, values| {
            columns.gradient(o * inner, x, values);
        })),
        (true, false) => Some(narrow::update(x, None, to, size, |first, x, _, values| {
            columns.gradient(first, x, values);
        })),
        (false, true) => {
            lanes::for_each_part(to, inner, size, |at, values| {
                for (o, values) in values.chunks_mut(inner).enumerate() {
                    let first = at + o * inner;
                    columns.values(first, &x[first * size..][..size * inner], values);
                }
            });
            None
        }
        (false, false) => {
            narrow::reduce(&x, to, size, |first, x, values| columns.values(first, x, values));
            None
        }
    };
    (reduce.of_lanes(values), gradient)
}

/// The cross entropy of blocks of columns, the first of which is lane `first`. There are as many as values, and any number of others.
struct Columns<'a, E> {
    labels: &'a [i64],
    size: usize,
    options: CrossEntropy<'a, E>,
    /// How many lanes count.
    real: usize,
    scale: E,
}

impl<E: Float> Columns<'_, E> {
    fn label(&self, lane: usize) -> Option<usize> {
        (lane < self.real && self.labels[lane] != self.options.ignored).then(|| self.labels[lane] as usize)
    }

    /// The values.
    fn values(&self, first: usize, x: &[E], values: &mut [E]) {
        let mut results = Storage::unspecified(x.len() / self.size * 3);
        let [max, sum, log] = thirds(results.make_mut());
        self.targets(first, x, values);
        E::sums_of_columns(x, self.size, [max, sum, log]);
        self.finish(first, max, log, values);
    }

    /// The values, and the gradients in place of x.
    fn gradient(&self, first: usize, x: &mut [E], values: &mut [E]) {
        let columns = x.len() / self.size;
        let mut results = Storage::unspecified(3 * columns);
        let [max, sum, log] = thirds(results.make_mut());
        self.targets(first, x, values);
        E::exponentials_of_columns(x, self.size, [max, sum, log]);
        self.finish(first, max, log, values);
        for (lane, sum) in (first..).zip(&mut *sum) {
            let weight = self.label(lane).map(|label| self.options.weight(label));
            *sum = weight.map_or(E::zero(), |weight| weight * self.scale / *sum);
        }
        E::scale_columns(x, sum);
        for i in 0..values.len() {
            if let Some(label) = self.label(first + i) {
                x[label * columns + i] -= self.options.weight(label) * self.scale;
            } else {
                // Also where there was NaN.
                x.iter_mut().skip(i).step_by(columns).for_each(|x| *x = E::zero());
            }
        }
    }

    /// The scores of the labels.
    fn targets(&self, first: usize, x: &[E], values: &mut [E]) {
        let columns = x.len() / self.size;
        for (i, value) in values.iter_mut().enumerate() {
            *value = self.label(first + i).map_or(E::zero(), |label| x[label * columns + i]);
        }
    }

    /// The values, from the scores of the labels and the results of the columns.
    fn finish(&self, first: usize, max: &[E], log: &[E], values: &mut [E]) {
        for (i, value) in values.iter_mut().enumerate() {
            *value = self
                .label(first + i)
                .map_or(E::zero(), |label| self.options.weight(label) * (log[i] + (max[i] - *value)));
        }
    }
}

/// Three slices of one length.
fn thirds<E>(all: &mut [E]) -> [&mut [E]; 3] {
    let third = all.len() / 3;
    let (first, rest) = all.split_at_mut(third);
    let (second, last) = rest.split_at_mut(third);
    [first, second, last]
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
