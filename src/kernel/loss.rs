//! Losses element by element and along lanes: the values, reduced, and the slopes.

use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::elementwise::pointwise::{map, zip};
use crate::storage::Storage;

/// What is made of the values of a loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reduce {
    /// Their sum, divided by this: the mean, or another.
    Over(f64),
    /// Their sum.
    Sum,
    /// They stay as they are.
    None,
}

impl Reduce {
    /// What each slope is multiplied by.
    pub(crate) fn scale<E: Float>(self) -> E {
        match self {
            Reduce::Over(n) => E::one() / E::from_f64(n),
            Reduce::Sum | Reduce::None => E::one(),
        }
    }

    /// f(0), f(1), .. f(n - 1), reduced. Each is computed once, in order.
    pub(crate) fn values<E: Float>(self, n: usize, mut f: impl FnMut(usize) -> E) -> Storage<E> {
        match self {
            Reduce::Over(count) => Storage::filled(1, total(0, n, &mut f) / E::from_f64(count)),
            Reduce::Sum => Storage::filled(1, total(0, n, &mut f)),
            Reduce::None => Storage::from_fn(n, f),
        }
    }
}

/// Σ f(i), added in pairs of halves, so that the error grows with the logarithm of the length.
fn total<E: Float>(start: usize, end: usize, f: &mut impl FnMut(usize) -> E) -> E {
    const DIRECT: usize = 64;
    if end - start > DIRECT {
        let middle = start + (end - start) / 2;
        return total(start, middle, f) + total(middle, end, f);
    }
    (start..end).fold(E::zero(), |sum, i| sum + f(i))
}

/// The reduced values of f(i, x), and its slopes if they are wanted: then in the memory of `x` if nothing else holds
/// it. `f` gives the value and the slope.
#[inline(never)]
pub(crate) fn each<E: Float>(
    mut x: Storage<E>,
    wanted: bool,
    reduce: Reduce,
    f: impl Fn(usize, E) -> [E; 2],
) -> (Storage<E>, Option<Storage<E>>) {
    let n = x.len();
    if !wanted {
        let x = x.as_slice();
        return (reduce.values(n, |i| f(i, x[i])[0]), None);
    }
    let scale = reduce.scale();
    let slopes = x.make_mut();
    let values = reduce.values(n, |i| {
        let [value, slope] = f(i, slopes[i]);
        slopes[i] = slope * scale;
        value
    });
    (values, Some(x))
}

/// f(i, x) for each element, in the memory of `x` if nothing else holds it.
#[inline(never)]
pub(crate) fn map_indexed<E: Float>(mut x: Storage<E>, f: impl Fn(usize, E) -> E) -> Storage<E> {
    x.make_mut().iter_mut().enumerate().for_each(|(i, x)| *x = f(i, *x));
    x
}

/// The slopes times the gradient, which is one number, or one for each lane.
#[inline(never)]
pub(crate) fn scaled<E: Float>(slope: Storage<E>, grad: &[E], along: AxisLayout) -> Storage<E> {
    match grad {
        // The last operation of most graphs: there is nothing to compute.
        [one] if *one == E::one() => slope,
        [g] => map(slope, |d| d * *g),
        many if many.len() == slope.len() => zip(slope, Storage::from_slice(many), |d, g| d * g),
        lanes => {
            let mut lanes = lanes.iter();
            lanes::update(slope, along, |lane| {
                let g = *lanes.next().expect("a gradient for each lane");
                lane.iter_mut().for_each(|d| *d *= g);
            })
        }
    }
}

/// # Panics
/// If a label is neither in `0..classes` nor the one that is ignored.
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
pub(crate) fn check_signs(name: &str, labels: &[i64]) {
    for (row, label) in labels.iter().enumerate() {
        assert!(*label == 1 || *label == -1, "{name}: the label of row {row} is {label}, and not 1 or -1");
    }
}

/// The reduced values of f(row, label, lane) for each lane whose label counts, and 0 for the others; and the slopes
/// that `f` writes over the lane, if they are wanted. `f` is told whether they are.
#[inline(never)]
pub(crate) fn labelled<E: Float>(
    x: Storage<E>,
    labels: &[i64],
    ignored: Option<i64>,
    along: AxisLayout,
    wanted: bool,
    reduce: Reduce,
    f: impl Fn(usize, &mut [E]) -> E,
) -> (Storage<E>, Option<Storage<E>>) {
    let mut row = 0;
    let mut values = Vec::new();
    let mut sum = 0.0;
    let slopes = lanes::update(x, along, |lane| {
        let label = labels[row];
        row += 1;
        let value = if ignored == Some(label) {
            lane.fill(E::zero());
            E::zero()
        } else {
            f(label as usize, lane)
        };
        if reduce == Reduce::None {
            values.push(value);
        }
        sum += value.as_f64();
    });
    // Without classes there are no lanes, and every label was one that is ignored.
    values.resize(if reduce == Reduce::None { labels.len() } else { 0 }, E::zero());
    (reduced(reduce, sum, values), wanted.then_some(slopes))
}

/// The sum that was counted, or the values that were kept.
pub(crate) fn reduced<E: Float>(reduce: Reduce, sum: f64, values: Vec<E>) -> Storage<E> {
    match reduce {
        Reduce::Over(n) => Storage::filled(1, E::from_f64(sum / n)),
        Reduce::Sum => Storage::filled(1, E::from_f64(sum)),
        Reduce::None => Storage::from_slice(&values),
    }
}

/// The reduced values of f(row, lanes) for each row of lanes of N tensors; and the slopes that `f` writes over the
/// lanes, where they are wanted: then in the memory of the tensor if nothing else holds it.
#[inline(never)]
pub(crate) fn lanes_of<E: Float, const N: usize>(
    mut tensors: [Storage<E>; N],
    along: AxisLayout,
    wanted: [bool; N],
    reduce: Reduce,
    f: impl Fn(usize, &mut [Vec<E>; N]) -> E,
) -> (Storage<E>, [Option<Storage<E>>; N]) {
    let AxisLayout { outer, size, inner } = along;
    let mut lanes: [Vec<E>; N] = std::array::from_fn(|_| vec![E::zero(); size]);
    let scale: E = reduce.scale();
    let value = reduce.values(outer * inner, |row| {
        let start = row / inner * size * inner + row % inner;
        for (lane, tensor) in lanes.iter_mut().zip(&tensors) {
            let elements = tensor.as_slice();
            lane.iter_mut().enumerate().for_each(|(k, x)| *x = elements[start + k * inner]);
        }
        let value = f(row, &mut lanes);
        for ((lane, tensor), wanted) in lanes.iter().zip(&mut tensors).zip(wanted) {
            if wanted {
                let elements = tensor.make_mut();
                lane.iter().enumerate().for_each(|(k, d)| elements[start + k * inner] = *d * scale);
            }
        }
        value
    });
    let mut wanted = wanted.iter();
    (value, tensors.map(|tensor| wanted.next().is_some_and(|wanted| *wanted).then_some(tensor)))
}
