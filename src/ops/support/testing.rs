//! Tables of what PyTorch computes, for the tests of operations with two operands.

use crate::gradcheck::Checked;
use crate::graph::{Context, Flow, GradSlot, Graph, On, Switch};
use crate::shape::{Rank0, Rank1, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

pub(crate) const INF: f64 = f64::INFINITY;
pub(crate) const NAN: f64 = f64::NAN;

#[track_caller]
fn same(name: &str, at: impl std::fmt::Debug, got: f64, want: f64) {
    let close = want != 0.0 && (got - want).abs() <= 1e-15 * want.abs();
    let same = close || got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan();
    assert!(same, "{name} at {at:?} is {got:?}, not {want:?}");
}

/// As [`same`], where a zero has no sign: that of a gradient depends on the order of sums.
#[track_caller]
fn same_gradient(name: &str, at: impl std::fmt::Debug, got: f64, want: f64) {
    same(name, at, got + 0.0, want + 0.0);
}

fn tracked<S: Shape>(x: &[f64], slot: &GradSlot<f64>) -> Checked<S> {
    Tensor::from_parts(Storage::from_slice(x), <On as Switch>::share(slot))
}

/// Compares an operation with rows of a, b, y, dy/da and dy/db.
#[track_caller]
pub(crate) fn check<C: Context, F: Flow<(), f64>, const N: usize>(
    f: impl Fn(Checked<Rank0>, Checked<Rank0>) -> Tensor<Rank0, f64, Graph<C, F>>,
    table: [[f64; 5]; N],
) {
    for [a, b, y, da, db] in table {
        let (p, q) = (GradSlot::new(true), GradSlot::new(true));
        let (got, flow) = f(tracked(&[a], &p), tracked(&[b], &q)).into_parts();
        same("y", (a, b), got.as_slice()[0], y);
        flow.backward(Tensor::from(1.0));
        let [p, q] = [p, q].map(|slot| slot.take().map_or(0.0, |x| x.as_slice()[0]));
        same_gradient("dy/da", (a, b), p, da);
        same_gradient("dy/db", (a, b), q, db);
    }
}

/// Compares an operation on one tensor with its values and gradients.
#[track_caller]
pub(crate) fn check_number<C: Context, F: Flow<Rank1<N>, f64>, const N: usize>(
    f: impl Fn(Checked<Rank1<N>>) -> Tensor<Rank1<N>, f64, Graph<C, F>>,
    x: [f64; N],
    y: [f64; N],
    dx: [f64; N],
) {
    let p = GradSlot::new(true);
    let (got, flow) = f(tracked(&x, &p)).into_parts();
    got.as_slice().iter().zip(y).zip(x).for_each(|((got, want), x)| same("y", x, *got, want));
    flow.backward(Tensor::full(1.0));
    let got = p.take().expect("a gradient");
    got.as_slice().iter().zip(dx).zip(x).for_each(|((got, want), x)| same_gradient("dy/dx", x, *got, want));
}
