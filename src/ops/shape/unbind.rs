//! y₁, y₂, .. = the elements of an axis of x; dL/dx is the sum of their gradients, each at its index.
//!
//! The parts are separate tensors, so x is used once for each: it is a constant, the input of a module, or
//! inside `shared`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, UseTwiceInsideShared};
use crate::ops::index::narrow::NarrowBackward;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Literal, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The elements of the axis `I`, one by one. PyTorch's `unbind(dim=I)`.
    ///
    /// In: `S`, with `N` at the axis `I`. Out: an array of `N` tensors, of `S` without that axis. A tracked tensor
    /// is split inside [`shared`](Tensor::shared).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let [a, b] = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).unbind::<0>();
    /// assert_eq!(a + b, Tensor::from([5.0, 7.0, 9.0]));
    /// ```
    // rustc shows the next line where an axis is missing.
    #[rustfmt::skip]
    pub fn unbind<const I: isize>(self) // `x.unbind::<0>()`
        -> <S::AxisDim as Literal>::Array<Unary<S, E, C, F, S::RemovedAxis, NarrowBackward>>
    where
        S: Axis<I, Dim: Literal>,
        F: UseTwiceInsideShared,
    {
        <S::Dim as Literal>::array(|i| self.clone().part::<I, _>(i, 1))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn parts_joined_again_are_the_whole() {
        let x = Tensor::<Rank3<2, 6, 3>, i64>::from_fn(|i| i as i64);
        assert_eq!(x.clone().unbind::<0>().stack::<0>(), x);
        assert_eq!(x.clone().unbind::<1>().stack::<1>(), x);
        assert_eq!(x.clone().unbind::<-1>().stack::<-1>(), x);
    }

    #[test]
    fn gradients_agree_with_differences() {
        let x = Tensor::<Rank2<2, 4>, f64>::randn(&mut Rng::seed(9));
        gradcheck(x, |x| {
            let [a, b] = x.unbind::<0>();
            (a.powi(3) * b).sum()
        })
        .unwrap();
    }
}
