//! Losses: element-wise, along lanes, and of sequences: the reduced values and the local gradients.

pub(crate) mod along;
#[cfg(test)]
mod along_tests;
pub(crate) mod cosine;
pub(crate) mod cross_entropy;
pub(crate) mod ctc;
pub(crate) mod elements;
pub(crate) mod formulas;
pub(crate) mod multi_margin;
pub(crate) mod triplet;

use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::elementwise::function::BinaryFunction;
use crate::kernel::elementwise::number::NumberZip;
use crate::kernel::elementwise::pointwise::{Value, at_level};
use crate::storage::Storage;

/// The rows of a batch that count: the first `real` of `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RealRows {
    pub(crate) real: usize,
    pub(crate) of: usize,
}

impl RealRows {
    /// No row is padding, however many there are.
    pub(crate) const ALL: RealRows = RealRows { real: 1, of: 1 };

    /// How many of `n` elements or lanes, the same number in each row, are in rows that count: the first ones.
    pub(crate) fn part(self, n: usize) -> usize {
        n / self.of * self.real
    }
}

/// The reduction of the values of a loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reduction {
    /// Their sum, divided by this: the mean, or another.
    Over(f64),
    /// Their sum.
    Sum,
    /// They stay as they are.
    None,
}

/// A reduction over the rows that count. The values and gradients of the others are 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reduce {
    reduction: Reduction,
    pub(crate) rows: RealRows,
}

impl Reduce {
    /// The divisor of a mean is that of all rows, and becomes that of those that count.
    pub(crate) fn new(reduction: Reduction, rows: RealRows) -> Self {
        let reduction = match reduction {
            Reduction::Over(n) => Reduction::Over(n / rows.of as f64 * rows.real as f64),
            other => other,
        };
        Reduce { reduction, rows }
    }

    /// A mean is over `n` of the rows that count.
    pub(crate) fn over(self, n: impl FnOnce() -> f64) -> Self {
        match self.reduction {
            Reduction::Over(_) => Reduce { reduction: Reduction::Over(n()), ..self },
            _ => self,
        }
    }

    /// Whether it is a sum.
    pub(crate) fn is_sum(self) -> bool {
        self.reduction == Reduction::Sum
    }

    /// The factor of each local gradient.
    pub(crate) fn scale<E: Float>(self) -> E {
        match self.reduction {
            Reduction::Over(n) => E::one() / E::from_f64(n),
            Reduction::Sum | Reduction::None => E::one(),
        }
    }

    /// f(0), f(1), .. f(n - 1), reduced. Each that counts is computed once, in order.
    pub(crate) fn values<E: Float>(self, n: usize, mut f: impl FnMut(usize) -> E) -> Storage<E> {
        let real = self.rows.part(n);
        if self.reduction == Reduction::None {
            return Storage::written(n, |values| {
                let (values, padding) = values.split_at_mut(real);
                values.iter_mut().enumerate().for_each(|(i, value)| *value = f(i));
                padding.fill(E::zero());
            });
        }
        let mut sums = Storage::unspecified(real.div_ceil(BLOCK));
        let mut values = [E::zero(); BLOCK];
        for (i, sum) in sums.make_mut().iter_mut().enumerate() {
            let values = &mut values[..BLOCK.min(real - i * BLOCK)];
            values.iter_mut().zip(i * BLOCK..).for_each(|(value, i)| *value = f(i));
            *sum = E::total(values);
        }
        self.total(&sums)
    }

    /// The reduction of the values whose sums, in parts, these are.
    fn total<E: Float>(self, sums: &[E]) -> Storage<E> {
        let sum = E::total(sums);
        Storage::filled(
            1,
            if let Reduction::Over(count) = self.reduction { sum / E::from_f64(count) } else { sum },
        )
    }

    /// The reduction of a value for each lane.
    pub(crate) fn of_lanes<E: Float>(self, values: Storage<E>) -> Storage<E> {
        match self.reduction {
            Reduction::Over(n) => Storage::filled(1, E::from_f64(E::total(&values).as_f64() / n)),
            Reduction::Sum => Storage::filled(1, E::total(&values)),
            Reduction::None => values,
        }
    }

    /// Whether lane `i` of `n` counts.
    pub(crate) fn counts(self, i: usize, n: usize) -> bool {
        i < self.rows.part(n)
    }
}

/// The values that are computed and summed at once.
const BLOCK: usize = 1024;

/// The local gradients times the upstream gradient, which is one number, or one for each lane.
#[inline(never)]
pub(crate) fn scaled<E: Float>(local_gradient: Storage<E>, grad: &[E], along: AxisLayout) -> Storage<E> {
    match grad {
        // The last operation of most graphs: there is nothing to compute.
        [one] if *one == E::one() => local_gradient,
        [g] => NumberZip::Mul.zip_value(local_gradient, Value::Scalar(*g)),
        many if many.len() == local_gradient.len() => {
            NumberZip::Mul.zip(local_gradient, Storage::from_slice(many))
        }
        many => lanes::update(local_gradient, along, |first, lanes| {
            for (lane, g) in lanes.chunks_exact_mut(along.size).zip(&many[first..]) {
                lane.iter_mut().for_each(|d| *d *= *g);
            }
        }),
    }
}

/// # Panics
/// If a label is neither in `0..classes` nor the one that is ignored.
#[track_caller]
pub(crate) fn check_labels(name: &str, labels: &[i64], classes: usize, ignored: Option<i64>) {
    for (row, label) in labels.iter().enumerate() {
        assert!(
            ignored == Some(*label) || usize::try_from(*label).is_ok_and(|label| label < classes),
            "{name}: the label of row {row} is {label}, but there are {classes} classes, 0..{classes}"
        );
    }
}

/// # Panics
/// If a label is neither 1 nor -1.
#[track_caller]
pub(crate) fn check_signs(name: &str, labels: &[i64]) {
    // Without branches first: a wrong one is rare.
    let any = at_level(
        #[inline(always)]
        || {
            labels
                .chunks(1024)
                .any(|part| part.iter().fold(false, |any, label| any | ((*label != 1) & (*label != -1))))
        },
    );
    if any {
        for (row, label) in labels.iter().enumerate() {
            assert!(*label == 1 || *label == -1, "{name}: the label of row {row} is {label}, not 1 or -1");
        }
    }
}

/// The reduced values of f(label, lane) for each lane whose label counts, and 0 for the others; and the gradients that `f`
/// writes over the lane, if they are needed, as an argument of `f` says.
#[inline(never)]
pub(crate) fn labelled<E: Float>(
    x: Storage<E>,
    labels: &[i64],
    ignored: Option<i64>,
    along: AxisLayout,
    needs_grad: bool,
    reduce: Reduce,
    f: impl Fn(usize, &mut [E]) -> E + Sync,
) -> (Storage<E>, Option<Storage<E>>) {
    lane_values(x, None, along, needs_grad, reduce, |row, lane, _| {
        let label = labels[row];
        if ignored == Some(label) {
            lane.fill(E::zero());
            E::zero()
        } else {
            f(label as usize, lane)
        }
    })
}

/// The reduced values of f(row, lane of x, lane of y) for each lane that counts; and the gradients that `f` writes over the lane
/// of x, if they are needed. The lane of y is empty if there is no y.
#[inline(never)]
pub(crate) fn lane_values<E: Float>(
    x: Storage<E>,
    y: Option<&[E]>,
    along: AxisLayout,
    needs_grad: bool,
    reduce: Reduce,
    f: impl Fn(usize, &mut [E], &[E]) -> E + Sync,
) -> (Storage<E>, Option<Storage<E>>) {
    let AxisLayout { outer, size, inner } = along;
    let mut values = Storage::filled(outer * inner, E::zero());
    // Without classes there are no lanes, and every value is 0.
    let gradient = lanes::update_and_reduce(x, y, values.make_mut(), along, |first, x, y, values| {
        for (i, (lane, value)) in x.chunks_exact_mut(size).zip(values).enumerate() {
            if reduce.counts(first + i, outer * inner) {
                *value = f(first + i, lane, if y.is_empty() { y } else { &y[i * size..][..size] });
            } else {
                lane.fill(E::zero());
            }
        }
    });
    (reduce.of_lanes(values), needs_grad.then_some(gradient))
}

/// The reduced values of f(label, x at the label) for each lane whose label counts, and 0 for the others; and the gradients,
/// which are 0 but at the labels, if they are needed. `f` returns both.
#[inline(never)]
pub(crate) fn picked<E: Float>(
    x: Storage<E>,
    labels: &[i64],
    ignored: Option<i64>,
    along: AxisLayout,
    needs_grad: bool,
    reduce: Reduce,
    f: impl Fn(usize, E) -> [E; 2],
) -> (Storage<E>, Option<Storage<E>>) {
    let AxisLayout { outer, size, inner } = along;
    let lanes = outer * inner;
    let real = reduce.rows.part(lanes);
    let mut values = Storage::filled(lanes, E::zero());
    let mut local_gradients = needs_grad.then(|| Storage::filled(x.len(), E::zero()));
    let to = values.make_mut();
    let mut gradient = local_gradients.as_mut().map(Storage::make_mut);
    for (lane, label) in labels[..real].iter().enumerate().filter(|(_, label)| ignored != Some(**label)) {
        let at = (lane / inner * size + *label as usize) * inner + lane % inner;
        let [value, dx] = f(*label as usize, x[at]);
        to[lane] = value;
        if let Some(gradient) = &mut gradient {
            gradient[at] = dx;
        }
    }
    (reduce.of_lanes(values), local_gradients)
}
