//! y = (Σ |x|ᵖ)^(1/p), and dL/dx = sign(x) (|x| / y)^(p - 1) dL/dy; 0 where x or y is 0.
//!
//! The limits: p = 0 counts what is not 0 and has no gradient; p = ±∞ is the largest or smallest |x|, and those that
//! are equally large share the gradient.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::reduce::norms;
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::ops::support::not_empty::{NotEmpty, NotEmptyAlong, NotEmptyAlongAxes};
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axes, Axis, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of a norm.
pub struct NormBackward<E> {
    x: Storage<E>,
    y: Storage<E>,
    lanes: ReduceOver,
    p: f64,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for NormBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let dx = norms::norms_backward(self.x, self.y.as_slice(), grad.as_slice(), self.lanes.along, self.p);
        Tensor::constant(self.lanes.scatter(dx))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    forms! { norm_lanes(self), NormBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        ["The Euclidean norm", "The Euclidean norms", "PyTorch's `norm"(), "The gradient at 0 is 0."];
        of "[[3.0, 4.0], [0.0, 2.0]]" {
            whole norm(= 2.0): // along an axis: `x.norm_axis::<0>()`
                "x.norm().item(), 29.0_f64.sqrt()";
            axis norm_axis[const I: isize](= 2.0): "x.norm_axis::<-1>(), Tensor::from([5.0, 2.0])";
            keepdim norm_keepdim[const I: isize](= 2.0): "x.norm_keepdim::<-1>(), Tensor::from([[5.0], [2.0]])";
        }
        of "[[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]" {
            axes norm_axes(= 2.0): "x.norm_axes::<Axes2<0, 2>>(), Tensor::from([5.0, 2.0_f64.sqrt()])";
            axes_keepdim norm_axes_keepdim(= 2.0): "x.norm_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[5.0], [2.0_f64.sqrt()]]])";
        }
    }

    forms! { norm_lanes(self), NormBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The p-norm",
            "The p-norms",
            "PyTorch's `norm"("p"),
            "`p` is any number: 1.0, 0.0, `f64::INFINITY`, `f64::NEG_INFINITY`; 2.0 is PyTorch's `'fro'`."
        ];
        of "[[3.0, 4.0], [0.0, 2.0]]" {
            whole norm_with(p: f64) if (NotEmpty::<S>::HOLDS):
                "x.norm_with(f64::INFINITY).item(), 4.0";
            axis norm_axis_with[const I: isize](p: f64) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.norm_axis_with::<-1>(f64::INFINITY), Tensor::from([4.0, 2.0])";
            keepdim norm_keepdim_with[const I: isize](p: f64) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.norm_keepdim_with::<-1>(f64::INFINITY), Tensor::from([[4.0], [2.0]])";
        }
        of "[[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]" {
            axes norm_axes_with(p: f64) if (NotEmptyAlongAxes::<S, A>::HOLDS):
                "x.norm_axes_with::<Axes2<0, 2>>(f64::INFINITY), Tensor::from([4.0, 1.0])";
            axes_keepdim norm_axes_keepdim_with(p: f64) if (NotEmptyAlongAxes::<S, A>::HOLDS):
                "x.norm_axes_keepdim_with::<Axes2<0, 2>>(f64::INFINITY), Tensor::from([[[4.0], [1.0]]])";
        }
    }

    fn norm_lanes<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
        p: f64,
    ) -> Unary<S, E, C, F, T, NormBackward<E>, K> {
        let (x, flow) = self.into_waiting();
        let x = lanes.gather(x);
        let y = norms::norms(x.as_slice(), lanes.along, p);
        let flow =
            Waiting::into_inner(flow).then_as::<K, _, _>(|| NormBackward { x, y: y.clone(), lanes, p });
        Tensor::from_parts(y, flow)
    }
}
