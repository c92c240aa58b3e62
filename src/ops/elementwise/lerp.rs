//! y = a + w (b - a), and dL/da = (1 - w) dL/dy, dL/db = w dL/dy, dL/dw = (b - a) dL/dy; summed over the axes along
//! which an operand was repeated.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled};
use crate::kernel::axis::axis::{AxisLayout, repeat};
use crate::kernel::elementwise::float_zip::{FloatZip, FloatZipGrad};
use crate::kernel::elementwise::function::{BinaryFunction, BinaryGradient};
use crate::kernel::elementwise::number::NumberZip;
use crate::kernel::elementwise::pointwise::{Value, fold};
use crate::kernel::shape::concat::concat;
use crate::ops::support::packed::{Packed, PackedRepeatedBackward};
use crate::ops::support::results::{ContextOf, ElementOf, FlowOf, Joined3, ShapeOf};
use crate::ops::support::rhs::Pointwise;
use crate::shape::{Broken, Law, Meet, Shape, Unstretched, first};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of `lerp`, from its result to a row of its two ends.
pub struct LerpBackward<E, A, B> {
    a: Storage<E>,
    b: Value<E>,
    weight: Value<E>,
    shapes: PhantomData<fn() -> (A, B)>,
}

impl<A, B, W, T, E> Pullback2<Packed<A, B>, W, T, E> for LerpBackward<E, A, B>
where
    A: Shape,
    B: Shape,
    W: Shape,
    T: Shape,
    E: Float,
{
    const BROKEN: Broken = first(Meet::<A, B>::BROKEN, Meet::<T, W>::BROKEN);
    const REPEATS: bool = true;
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<Packed<A, B>, W, E> {
        let grad = grad.data;
        let weight = needs_grad.1.then(|| {
            let dw = FloatZipGrad::TimesDifference.zip_grad(grad.clone(), &Value::Many(self.a), &self.b);
            Tensor::constant(fold(dw, W::NUMEL))
        });
        let ends = needs_grad.0.then(|| {
            let b = fold(NumberZip::Mul.zip_value(grad.clone(), self.weight.clone()), B::NUMEL);
            let a = fold(FloatZip::TimesComplement.zip_value(grad, self.weight), A::NUMEL);
            Tensor::constant(concat(&[a, b], 1))
        });
        (ends, weight)
    }
}

/// The point between a tensor `X` and `R` at `W`: what [`lerp`](Tensor::lerp) returns.
pub type Lerped<X, R, W> = Joined3<
    ShapeOf<X>,
    ElementOf<X>,
    ContextOf<X>,
    FlowOf<X>,
    R,
    W,
    LerpBackward<ElementOf<X>, ShapeOf<X>, <R as Pointwise<ContextOf<X>, ShapeOf<X>, ElementOf<X>>>::Shape>,
>;

/// The points between the ends, of which there are `len`, in the memory of the weights.
fn points<E: Float>(len: usize, a: &Storage<E>, b: &Value<E>, weight: Value<E>) -> Storage<E> {
    let weight = match weight {
        Value::Scalar(weight) => return FloatZip::Lerp(weight).zip_value(a.clone(), b.clone()),
        weight => {
            let weight = weight.into_storage();
            let inner = weight.len();
            if inner == len {
                weight
            } else {
                repeat(&weight, AxisLayout { outer: 1, size: len / inner.max(1), inner })
            }
        }
    };
    FloatZipGrad::Lerp.zip_grad(weight, &Value::Many(a.clone()), b)
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The point between this tensor and `end` at `weight`, where 0 is here and 1 is there. PyTorch's `lerp`.
    ///
    /// In: `S`; a tensor that broadcasts with it, or a number; and a weight that is a number, or a tensor of
    /// the shape of the result or without leading axes of it. Out: the longer of the first two shapes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (a, b) = (Tensor::from([1.0, 2.0]), Tensor::from([3.0, 10.0]));
    /// assert_eq!(a.clone().lerp(b.clone(), 0.5), Tensor::from([2.0, 6.0]));
    /// assert_eq!(a.lerp(b, Tensor::from([0.0, 0.25])), Tensor::from([1.0, 4.0]));
    /// ```
    pub fn lerp<R, W>(self, end: R, weight: W) -> Lerped<Self, R, W>
    where
        R: Pointwise<C, S, E>,
        W: Pointwise<C, R::Output, E, Output: Unstretched<R::Output>>,
    {
        let () = R::FITS;
        let () = W::FITS;
        let (a, flow) = self.into_parts();
        let (b, end) = end.into_pointwise();
        let (weight, weights) = weight.into_pointwise();
        let flow = flow.join(end, || PackedRepeatedBackward);
        let flow = flow.join(weights, || LerpBackward {
            a: a.clone(),
            b: b.clone(),
            weight: weight.clone(),
            shapes: PhantomData,
        });
        Tensor::from_parts(points(R::Output::NUMEL, &a, &b, weight), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::ops::support::testing::check;
    use crate::prelude::*;

    #[test]
    fn values_and_gradients_are_those_of_pytorch() {
        check(|a, b| a.lerp(b, 0.25), [[1.0, 3.0, 1.5, 0.75, 0.25]]);
        check(|a, b| a.lerp(b, 0.75), [[2.0, 5.0, 4.25, 0.25, 0.75]]);
        check(|a, b| a.lerp(b, 2.0), [[3.0, -1.0, -5.0, -1.0, 2.0]]);
        // Exact at the far end, where a + (b - a) is 0.
        check(|a, b| a.lerp(b, 1.0), [[1.0, 1e-30, 1e-30, 0.0, 1.0], [1.0, 1e30, 1e30, 0.0, 1.0]]);
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_every_operand() {
        let rng = &mut Rng::seed(3);
        let a = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let b = Tensor::<Rank1<3>, f64>::randn(rng);
        let w = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        gradcheck((a.clone(), b.clone(), w.clone()), |(a, b, w)| a.lerp(b, w).powi(2).sum()).unwrap();
        gradcheck((a.clone(), w, b), |(a, w, b)| w.lerp(a, b).powi(2).sum()).unwrap();
        gradcheck(a, |a| a.lerp(2.0, 0.3).powi(2).sum()).unwrap();
    }

    #[test]
    fn a_parameter_gets_its_gradient_as_each_operand() {
        let [a, b, w] = [1.0, 3.0, 0.25].map(|x| Param::new(Tensor::from([x, x])));
        let y = a.track().lerp(&b, &w);
        assert_eq!(y, Tensor::from([1.5, 1.5]));
        y.sum().backward();
        assert_eq!(a.grad().unwrap(), Tensor::from([0.75, 0.75]));
        assert_eq!(b.grad().unwrap(), Tensor::from([0.25, 0.25]));
        assert_eq!(w.grad().unwrap(), Tensor::from([2.0, 2.0]));
        let x = Tensor::from([1.0, 1.0]);
        x.lerp(Tensor::from([2.0, 4.0]), &w).sum().backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([3.0, 5.0]));
    }
}
