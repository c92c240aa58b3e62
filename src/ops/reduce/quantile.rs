//! y = a + w (b - a), where a and b are neighbors in the order of x, between which the quantile lies; dL/dx = (1 - w) dL/dy
//! at a and w dL/dy at b.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::index::gather::{gather, gather_back};
use crate::kernel::index::sort::nth;
use crate::kernel::reduce::quantile::{between, rank, weighted};
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::ops::support::not_empty::{NotEmpty, NotEmptyAlong, NotEmptyForEach};
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Broken, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `quantile` and `nanquantile`.
pub struct QuantileBackward<E> {
    /// The positions of the two neighbors, and the weight of the upper one.
    positions: [Storage<i64>; 2],
    weights: Storage<E>,
    along: AxisLayout,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for QuantileBackward<E> {
    const BROKEN: Broken = NotEmptyForEach::<S, T>::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let part = |positions: &Storage<i64>, weight: fn(E) -> E| {
            let parts = weighted(grad.as_slice(), self.weights.as_slice(), weight);
            gather_back(parts.as_slice(), self.along, positions.as_slice())
        };
        let mut lower = part(&self.positions[0], |w| E::one() - w);
        E::accumulate(lower.make_mut(), part(&self.positions[1], |w| w).as_slice());
        Tensor::constant(lower)
    }
}

/// How a quantile that lies between two elements is computed. The option `interpolation` of PyTorch's `quantile`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum QuantileMode {
    /// Interpolates linearly between the two. PyTorch's `"linear"`, its default.
    #[default]
    #[doc(hidden)]
    Straight,
    /// The lower one. PyTorch's `"lower"`.
    Lower,
    /// The higher one. PyTorch's `"higher"`.
    Higher,
    /// The middle of the two. PyTorch's `"midpoint"`.
    Midpoint,
    /// The nearer one, or of two that are equally near that of the even index. PyTorch's `"nearest"`.
    Nearest,
}

impl std::fmt::Debug for QuantileMode {
    /// As the name that programs write.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            QuantileMode::Straight => "Linear",
            QuantileMode::Lower => "Lower",
            QuantileMode::Higher => "Higher",
            QuantileMode::Midpoint => "Midpoint",
            QuantileMode::Nearest => "Nearest",
        })
    }
}

impl QuantileMode {
    /// Interpolates linearly between the two. PyTorch's `"linear"`, its default.
    // A constant, because rustc would print the path of the layer `Linear` if a variant had its name.
    #[allow(non_upper_case_globals, reason = "it is written as the variant of an enum")]
    pub const Linear: Self = QuantileMode::Straight;
}

/// The options of a quantile: which one, how to interpolate, and whether NaN is skipped.
#[derive(Clone, Copy)]
struct Asked {
    q: f64,
    mode: QuantileMode,
    skip_nan: bool,
}

impl Asked {
    /// Where the quantile of a row lies in its order, in which NaN comes last: the positions that it is between, and the weight of
    /// the upper one. Of a row with a NaN that counts it is NaN, and of one without numbers.
    fn place<E: Float>(self, row: &[E]) -> (usize, usize, E) {
        let Asked { q, mode, skip_nan } = self;
        let Some(rank) = rank(row, q, skip_nan) else {
            return (row.len() - 1, row.len() - 1, E::zero());
        };
        let (below, above) = (rank.floor(), rank.ceil());
        let [low, high] = [below, above].map(|place| place.as_f64() as usize);
        match mode {
            QuantileMode::Linear => (low, high, rank - below),
            QuantileMode::Midpoint => (low, high, E::from_f64(0.5)),
            QuantileMode::Lower => (low, low, E::zero()),
            QuantileMode::Higher => (high, high, E::zero()),
            QuantileMode::Nearest => {
                let nearest = rank.as_f64().round_ties_even() as usize;
                (nearest, nearest, E::zero())
            }
        }
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    forms! { quantile_along(self), QuantileBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The quantile `q`",
            "The quantiles `q`",
            "PyTorch's `quantile"("q"),
            "Between two elements it is interpolated linearly; NaN if there is one. It panics if `q` is not between 0 and 1."
        ];
        of "[[1.0, 5.0], [2.0, 4.0]]" {
            whole quantile(q: f64 = QuantileMode::Linear) if (NotEmpty::<S>::HOLDS):
                "x.quantile(0.5).item(), 3.0";
            axis quantile_axis[const I: isize](q: f64 = QuantileMode::Linear) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.quantile_axis::<-1>(0.25), Tensor::from([2.0, 2.5])";
            keepdim quantile_keepdim[const I: isize](q: f64 = QuantileMode::Linear) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.quantile_keepdim::<0>(1.0), Tensor::from([[2.0, 5.0]])";
        }
    }

    forms! { nanquantile_along(self), QuantileBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "Without NaN, the quantile `q`",
            "Without NaN, the quantiles `q`",
            "PyTorch's `nanquantile"("q"),
            "Where all elements are NaN, so is the result. It panics if `q` is not between 0 and 1."
        ];
        of "[[1.0, 5.0], [f64::NAN, 4.0]]" {
            whole nanquantile(q: f64 = QuantileMode::Linear) if (NotEmpty::<S>::HOLDS):
                "x.nanquantile(0.5).item(), 4.0";
            axis nanquantile_axis[const I: isize](q: f64 = QuantileMode::Linear) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.nanquantile_axis::<-1>(0.25), Tensor::from([2.0, 4.0])";
            keepdim nanquantile_keepdim[const I: isize](q: f64 = QuantileMode::Linear) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.nanquantile_keepdim::<0>(1.0), Tensor::from([[1.0, 5.0]])";
        }
    }

    forms! { quantile_along(self), QuantileBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The quantile `q`",
            "The quantiles `q`",
            "PyTorch's `quantile"("q, interpolation=.."),
            "Between two elements it is what the mode says. NaN if there is one. It panics if `q` is not between 0 and 1."
        ];
        of "[[1.0, 5.0], [2.0, 4.0]]" {
            whole quantile_with(q: f64, mode: QuantileMode) if (NotEmpty::<S>::HOLDS):
                "x.quantile_with(0.4, QuantileMode::Higher).item(), 4.0";
            axis quantile_axis_with[const I: isize](q: f64, mode: QuantileMode) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.quantile_axis_with::<-1>(0.25, QuantileMode::Midpoint), Tensor::from([3.0, 3.0])";
            keepdim quantile_keepdim_with[const I: isize](q: f64, mode: QuantileMode) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.quantile_keepdim_with::<0>(0.9, QuantileMode::Lower), Tensor::from([[1.0, 4.0]])";
        }
    }

    forms! { nanquantile_along(self), QuantileBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "Without NaN, the quantile `q`",
            "Without NaN, the quantiles `q`",
            "PyTorch's `nanquantile"("q, interpolation=.."),
            "Between two elements it is what the mode says. Where all elements are NaN, so is the result. It panics if `q` is not between 0 and 1."
        ];
        of "[[1.0, 5.0], [f64::NAN, 4.0]]" {
            whole nanquantile_with(q: f64, mode: QuantileMode) if (NotEmpty::<S>::HOLDS):
                "x.nanquantile_with(0.4, QuantileMode::Higher).item(), 4.0";
            axis nanquantile_axis_with[const I: isize](q: f64, mode: QuantileMode) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.nanquantile_axis_with::<-1>(0.25, QuantileMode::Midpoint), Tensor::from([3.0, 4.0])";
            keepdim nanquantile_keepdim_with[const I: isize](q: f64, mode: QuantileMode) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.nanquantile_keepdim_with::<0>(0.9, QuantileMode::Lower), Tensor::from([[1.0, 4.0]])";
        }
    }

    #[track_caller]
    fn quantile_along<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
        q: f64,
        mode: QuantileMode,
    ) -> Unary<S, E, C, F, T, QuantileBackward<E>, K> {
        self.interpolated(lanes.along, Asked { q, mode, skip_nan: false })
    }

    #[track_caller]
    fn nanquantile_along<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
        q: f64,
        mode: QuantileMode,
    ) -> Unary<S, E, C, F, T, QuantileBackward<E>, K> {
        self.interpolated(lanes.along, Asked { q, mode, skip_nan: true })
    }

    #[track_caller]
    fn interpolated<T: Shape, K: Kind>(
        self,
        along: AxisLayout,
        asked: Asked,
    ) -> Unary<S, E, C, F, T, QuantileBackward<E>, K> {
        let q = asked.q;
        assert!((0.0..=1.0).contains(&q), "quantile: q must be between 0 and 1, got {q}");
        let (x, flow) = self.into_waiting();
        let x = x.as_slice();
        let weights = lanes::reduce(x, along, |row| asked.place(row).2);
        let lower = nth(x, along, |row| asked.place(row).0);
        let upper = nth(x, along, |row| asked.place(row).1);
        let (a, b) = (gather(x, along, lower.as_slice()), gather(x, along, upper.as_slice()));
        // Between two infinite elements it is NaN, as in PyTorch; one element is itself.
        let one = !matches!(asked.mode, QuantileMode::Linear | QuantileMode::Midpoint);
        let y = between([a.as_slice(), b.as_slice()], weights.as_slice(), one);
        let flow = Waiting::into_inner(flow).then_as::<K, _, _>(|| QuantileBackward {
            positions: [lower, upper],
            weights,
            along,
        });
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.quantile(0.3).powi(2)).unwrap();
        gradcheck(x.clone(), |x| x.quantile_axis::<0>(0.6).powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.nanquantile_axis::<1>(0.5).powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.quantile_keepdim::<-1>(0.9).powi(3).sum()).unwrap();
        for mode in [QuantileMode::Lower, QuantileMode::Higher, QuantileMode::Midpoint, QuantileMode::Nearest]
        {
            gradcheck(x.clone(), |x| x.quantile_axis_with::<1>(0.4, mode).powi(3).sum()).unwrap();
            gradcheck(x.clone(), |x| x.nanquantile_with(0.7, mode).powi(3)).unwrap();
        }
    }

    #[test]
    #[should_panic(expected = "quantile: q must be between 0 and 1, got 1.5")]
    fn a_quantile_is_between_zero_and_one() {
        let _ = Tensor::from([1.0, 2.0]).quantile(1.5);
    }
}
