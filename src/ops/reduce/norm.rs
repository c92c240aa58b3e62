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

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    const NAN: f64 = f64::NAN;
    const INF: f64 = f64::INFINITY;

    fn norm<const N: usize>(x: [f64; N], p: f64) -> (f64, Vec<f64>) {
        let x = Param::new(Tensor::<Rank1<N>, f64>::try_from(&x[..]).unwrap());
        let y = x.track().norm_with(p).backward();
        (y, x.grad().unwrap().to_vec())
    }

    fn same(got: (f64, Vec<f64>), want: (f64, &[f64])) {
        let equal = |a: f64, b: f64| (a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-14;
        assert!(equal(got.0, want.0), "{got:?} {want:?}");
        assert!(got.1.iter().zip(want.1).all(|(a, b)| equal(*a, *b)), "{got:?} {want:?}");
    }

    // Values of PyTorch 2.
    #[test]
    fn the_values_and_gradients_are_those_of_pytorch() {
        same(norm([3., -4.], 0.5), (13.928203230275509, &[2.154700538379252, -1.8660254037844386]));
        same(norm([3., -4.], 1.), (7., &[1., -1.]));
        same(norm([3., -4.], 1.5), (5.584250376480029, &[0.7329564758289748, -0.8463452372482761]));
        same(norm([3., -4.], 2.), (5., &[0.6, -0.8]));
        same(
            norm([2., -2., 1.], 3.),
            (2.571281590658235, &[0.6050074330960554, -0.6050074330960554, 0.15125185827401386]),
        );
        same(norm([3., -4.], -1.), (1.7142857142857144, &[0.326530612244898, -0.18367346938775514]));
        same(
            norm([2., -2., 1.], -2.),
            (0.816496580927726, &[0.06804138174397717, -0.06804138174397717, 0.5443310539518174]),
        );
        same(norm([2., -2., 1.], INF), (2., &[0.5, -0.5, 0.]));
        same(norm([3., -4.], -INF), (3., &[1., 0.]));
        same(norm([0., 2., -1.], 0.), (2., &[0., 0., 0.]));
    }

    #[test]
    fn the_gradient_at_zero_is_zero() {
        for p in [0., 0.5, 1., 1.5, 2., 3., -1., -2., INF, -INF] {
            assert_eq!(norm([0., 0.], p), (0., vec![0., 0.]), "{p}");
        }
        for p in [0.5, 1., 1.5, 2., 3., INF] {
            same(norm([0., 2.], p), (2., &[0., 1.]));
        }
        for p in [-1., -2., -INF] {
            same(norm([0., 2.], p), (0., &[0., 0.]));
        }
    }

    #[test]
    fn nan_propagates_as_in_pytorch() {
        for p in [0.5, 1.5, 2., 3., -1., -2.] {
            same(norm([NAN, 1.], p), (NAN, &[NAN, NAN]));
        }
        same(norm([NAN, 1.], 1.), (NAN, &[0., 1.]));
        same(norm([NAN, 1.], INF), (NAN, &[0., 0.]));
        same(norm([NAN, 1.], -INF), (NAN, &[0., 0.]));
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::from_fn(|i| (i as f64 * 0.7 + 0.4).sin() * 2.0 + 0.1);
        gradcheck(x.clone(), |x| x.norm()).unwrap();
        gradcheck(x.clone(), |x| x.norm_axis::<0>().powi(2).sum()).unwrap();
        for p in [0.5, 1., 1.5, 2., 3., -1., -2., INF, -INF] {
            gradcheck(x.clone(), |x| x.norm_axis_with::<1>(p).sum()).unwrap();
            gradcheck(x.clone(), |x| x.norm_axes_with::<Axes2<0, -1>>(p).powi(2).sum()).unwrap();
        }
        gradcheck(x.clone(), |x| x.norm_keepdim::<-1>().sum()).unwrap();
        gradcheck(x, |x| x.norm_axes_keepdim::<Axes2<0, 2>>().sum()).unwrap();
    }

    #[test]
    fn the_norm_of_no_elements_is_zero() {
        assert_eq!(Tensor::<Rank2<2, 0>>::ones().norm_axis::<1>(), Tensor::from([0.0, 0.0]));
    }
}
