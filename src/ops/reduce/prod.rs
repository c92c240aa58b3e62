//! y = Π x, and dL/dxᵢ = dL/dy Π xⱼ over all j but i. Nothing is divided by xᵢ, which may be 0.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of a product.
pub struct ProdBackward<E> {
    x: Storage<E>,
    lanes: ReduceOver,
}

impl<S: Shape, T: Shape, E: Numeric> Pullback<S, T, E> for ProdBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(E::product_along_back(self.x, grad.as_slice(), self.lanes.along))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    forms! { prod_lanes(self), ProdBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        ["The product", "The products", "PyTorch's `prod"(), "The product of no elements is 1."];
        of "[[3.0, 4.0], [0.0, 2.0]]" {
            whole prod(): // along an axis: `x.prod_axis::<0>()`
                "x.prod().item(), 0.0";
            axis prod_axis[const I: isize](): "x.prod_axis::<-1>(), Tensor::from([12.0, 0.0])";
            keepdim prod_keepdim[const I: isize](): "x.prod_keepdim::<-1>(), Tensor::from([[12.0], [0.0]])";
        }
    }

    fn prod_lanes<T: Shape, K: Kind>(self, lanes: ReduceOver) -> Unary<S, E, C, F, T, ProdBackward<E>, K> {
        let (x, flow) = self.into_waiting();
        let y = E::product_along(x.as_slice(), lanes.along);
        Tensor::from_parts(y, Waiting::into_inner(flow).then_as::<K, _, _>(|| ProdBackward { x, lanes }))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn gradients_beside_zeros_and_nan() {
        let x = Param::new(Tensor::from([[2.0, 3.0, 0.0], [0.0, 0.0, 3.0]]));
        x.track().prod_axis::<1>().sum().backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([[0.0, 0.0, 6.0], [0.0, 0.0, 0.0]]));
        let x = Param::new(Tensor::from([f64::NAN, 0.0]));
        assert!(x.track().prod().backward().is_nan());
        let dx = x.grad().unwrap().to_vec();
        assert!(dx[0] == 0.0 && dx[1].is_nan());
    }

    /// PyTorch divides, which is NaN at an infinity, and does not look at the others where there are two zeros.
    #[test]
    fn the_gradient_is_the_product_of_the_others_beside_infinity() {
        let x = Param::new(Tensor::from([f64::INFINITY, 2.0, -0.5]));
        x.track().prod().backward();
        assert_eq!(x.grad().unwrap().to_vec(), [-1.0, f64::NEG_INFINITY, f64::INFINITY]);
        let x = Param::new(Tensor::from([0.0, f64::NAN, 0.0]));
        x.track().prod().backward();
        let dx = x.grad().unwrap().to_vec();
        assert!(dx[0].is_nan() && dx[1] == 0.0 && dx[2].is_nan());
    }

    #[test]
    fn products_of_integers_and_of_no_elements() {
        assert_eq!(Tensor::from([[2, 3], [4, 5]]).prod_axis::<0>(), Tensor::from([8, 15]));
        assert_eq!(Tensor::<Rank2<2, 0>>::zeros().prod_axis::<1>(), Tensor::ones());
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.prod()).unwrap();
        gradcheck(x.clone(), |x| x.prod_axis::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.prod_axis::<1>().sum()).unwrap();
        gradcheck(x, |x| x.prod_keepdim::<-1>().sum()).unwrap();
        gradcheck(Tensor::from([2.0, 0.0, 3.0]), |x| x.prod()).unwrap();
        gradcheck(Tensor::from([2.0, 0.0, 0.0]), |x| x.prod()).unwrap();
    }
}
