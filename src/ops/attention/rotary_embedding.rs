//! Rotary positions: (y₂ᵢ, y₂ᵢ₊₁) is the pair (x₂ᵢ, x₂ᵢ₊₁) turned by the angle t base^(-2i/D) at position t, and dL/dx is dL/dy
//! turned back.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::attention::rotary::{Turn, rotate};
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Unary;
use crate::options;
use crate::shape::{Law, Matrices, Message, Shape};
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of `rotary_embedding`.
pub struct RotaryEmbeddingBackward {
    turn: Turn,
}

impl<S: Shape, E: Float> Pullback<S, S, E> for RotaryEmbeddingBackward {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(rotate(grad.data, &self.turn, true))
    }
}

/// The last axis has pairs.
pub struct Pairs<S>(PhantomData<fn() -> S>);

impl<S: Shape> Law for Pairs<S> {
    const WRONG: Option<Message> = match S::SIZES {
        [.., size] if !size.is_multiple_of(2) => {
            let message = Message::new()
                .text("rotary_embedding turns pairs, so that the last axis must have an even size: ");
            Some(message.text("the tensor has the shape ").sizes(S::SIZES))
        }
        _ => None,
    };
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// Rotary position embedding (RoPE) of queries or keys: each pair of features is turned by an angle in proportion to the
    /// position, so that a score depends on the distance of a query and a key. torchtune's `RotaryPositionalEmbeddings`,
    /// where `base` is 10000.
    ///
    /// In: `[.., T, D]` with an even D. Out: the same shape. The positions are `start`, `start` + 1, .. along the axis T, so
    /// that the keys of a cache, which stay as they are, are followed by those of a later token.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let q = Tensor::<Rank3<2, 5, 8>>::ones();
    /// let y = q.clone().rotary_embedding(0, 10000.0);
    /// // The position 0 stays as it is, and position 3 alone is that of the row.
    /// assert_eq!(y.clone().select::<1>(0), q.clone().select::<1>(0));
    /// let third = q.narrow::<1, 3, 1>().rotary_embedding(3, 10000.0);
    /// assert_eq!(third, y.narrow::<1, 3, 1>());
    /// ```
    ///
    /// # Panics
    /// If `base` is not positive.
    #[track_caller]
    pub fn rotary_embedding(
        self,
        start: usize,
        base: f64,
    ) -> Unary<S, E, C, F, S, Lawful<RotaryEmbeddingBackward, Pairs<S>>>
    where
        S: Matrices,
    {
        let () = Pairs::<S>::HOLDS;
        options::positive("base", base);
        let turn = Turn { start, base, sizes: S::MATRIX };
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| Lawful::new(RotaryEmbeddingBackward { turn })));
        Tensor::from_waiting(rotate(x, &turn, false), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank4<2, 1, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.rotary_embedding(5, 100.0).powi(3).sum()).unwrap();
        let w = Tensor::<Rank4<2, 1, 3, 4>, f64>::randn(&mut Rng::seed(2));
        gradcheck((x, w), |(x, w)| (x.rotary_embedding(0, 10.0) * w).sum()).unwrap();
    }

    /// The purpose of the embedding: the score of a query and a key depends on their distance alone.
    #[test]
    fn scores_depend_on_the_distance() {
        let rng = &mut Rng::seed(3);
        let (q, k) = (Tensor::<Rank2<1, 8>, f64>::randn(rng), Tensor::<Rank2<1, 8>, f64>::randn(rng));
        let score = |i, j| {
            let (q, k) = (q.clone().rotary_embedding(i, 1e4), k.clone().rotary_embedding(j, 1e4));
            (q * k).sum().item()
        };
        assert!((score(7, 3) - score(104, 100)).abs() < 1e-12);
        assert!((score(7, 3) - score(7, 4)).abs() > 1e-3);
    }
}
