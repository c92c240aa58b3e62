//! y = a × b for vectors of 3 elements along an axis, and dL/da = b × dL/dy, dL/db = dL/dy × a.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{Axis, Shape, SizeThree};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `cross`.
pub struct CrossBackward<E> {
    a: Storage<E>,
    b: Storage<E>,
    inner: usize,
}

impl<A: Shape, B: Shape, T: Shape, E: Numeric> Pullback2<A, B, T, E> for CrossBackward<E> {
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let g = grad.as_slice();
        let a = needs_grad.0.then(|| Tensor::constant(E::cross_products(self.b.as_slice(), g, self.inner)));
        let b = needs_grad.1.then(|| Tensor::constant(E::cross_products(g, self.a.as_slice(), self.inner)));
        (a, b)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The cross products of vectors along the axis `I`, which has size 3. PyTorch's `torch.cross(a, b, dim=I)`.
    ///
    /// In: `S` twice. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([1, 0, 0]).cross::<0, _>(Tensor::from([0, 1, 0]));
    /// assert_eq!(y, Tensor::from([0, 0, 1]));
    /// ```
    #[rustfmt::skip]
    pub fn cross<const I: isize, R>(self, rhs: R) -> Joined<S, E, C, F, R, S, CrossBackward<E>> // `a.cross::<-1, _>(b)`
    where
        S: Axis<I, AxisDim: SizeThree>,
        R: Operand<C, E, Shape = S>,
    {
        let AxisLayout { inner, .. } = AxisLayout::of::<S, I>();
        let (a, flow) = self.into_waiting();
        let (b, rhs) = rhs.into_operand();
        let y = E::cross_products(a.as_slice(), b.as_slice(), inner);
        Tensor::from_parts(y, Waiting::into_inner(flow).join(rhs, || CrossBackward { a, b, inner }))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        fn randn<S: Shape>(seed: u64) -> Tensor<S, f64> {
            Tensor::randn(&mut Rng::seed(seed))
        }
        let (a, b) = (randn::<Rank2<3, 2>>(1), randn::<Rank2<3, 2>>(2));
        gradcheck((a, b), |(a, b)| a.cross::<0, _>(b).powi(2).sum()).unwrap();
        let (a, b) = (randn::<Rank3<2, 3, 2>>(1), randn::<Rank3<2, 3, 2>>(2));
        gradcheck((a, b), |(a, b)| a.cross::<1, _>(b).powi(3).sum()).unwrap();
        let (a, b) = (randn::<Rank2<2, 3>>(1), randn::<Rank2<2, 3>>(2));
        gradcheck((a, b), |(a, b)| a.cross::<-1, _>(b).powi(2).sum()).unwrap();
    }
}
