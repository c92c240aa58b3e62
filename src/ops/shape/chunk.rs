//! y₁, y₂, .. = equal parts of x along an axis; dL/dx is the sum of their gradients, each at its part.
//!
//! The parts are separate tensors, so x is used once for each: it is a constant, the input of a module, or
//! inside `shared`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, UseTwiceInsideShared};
use crate::ops::index::narrow::NarrowBackward;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, Expr, Law, Message, Part, Shape};
use crate::tensor::Tensor;
use std::array::from_fn;

/// The number of chunks and the size of the axis, compared when the program is built.
pub struct Chunks<D, const I: isize, const N: usize>(D);

impl<D: Dim, const I: isize, const N: usize> Law for Chunks<D, I, N> {
    const WRONG: Option<Message> = if N > 0 && D::SIZE % N == 0 {
        None
    } else {
        let message = Message::new()
            .text("chunk must divide the axis evenly: axis ")
            .signed(I)
            .text(" of the tensor has size ")
            .number(D::SIZE)
            .text(", which is not ")
            .number(N)
            .text(" equal chunks");
        Some(message)
    };
}

/// One chunk of `N` along the axis `I` of the shape `S`.
pub type ChunkShape<S, const I: isize, const N: usize> =
    <S as Axis<I>>::With<Expr<Part<<S as Axis<I>>::Dim, N>>>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// `N` equal parts along the axis `I`. PyTorch's `chunk(N, dim=I)`, which makes the last part shorter where
    /// the axis does not divide; here that is an error when the program is built.
    ///
    /// In: `S`. Out: an array of `S` with an `N`th at the axis `I`, an expression. A tracked tensor is split
    /// inside [`shared`](Tensor::shared).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let [a, b] = Tensor::from([1.0, 2.0, 3.0, 4.0]).chunk::<0, 2>();
    /// assert_eq!(a.with_shape(), Tensor::from([1.0, 2.0]));
    /// assert_eq!(b.with_shape(), Tensor::from([3.0, 4.0]));
    /// ```
    #[rustfmt::skip]
    pub fn chunk<const I: isize, const N: usize>( // `x.chunk::<0, 2>()`
        self,
    ) -> [Unary<S, E, C, F, ChunkShape<S, I, N>, NarrowBackward<Chunks<S::AxisDim, I, N>>>; N]
    where
        S: Axis<I>,
        F: UseTwiceInsideShared,
    {
        let () = Chunks::<S::Dim, I, N>::HOLDS;
        let len = <S::Dim as Dim>::SIZE / N;
        from_fn(|i| self.clone().part_by_law::<I, _, _>(i * len, len))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn parts_joined_again_are_the_whole() {
        let x = Tensor::<Rank3<2, 6, 3>, i64>::from_fn(|i| i as i64);
        assert_eq!(x.clone().chunk::<-2, 3>().cat::<1>().with_shape::<Rank3<2, 6, 3>>(), x);
    }

    #[test]
    fn gradients_agree_with_differences() {
        let x = Tensor::<Rank2<2, 4>, f64>::randn(&mut Rng::seed(9));
        gradcheck(x, |x| {
            let [a, b] = x.chunk::<1, 2>();
            (a.powi(2) * b).sum()
        })
        .unwrap();
    }
}
