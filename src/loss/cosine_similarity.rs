//! cos(a, b) = a·b / (|a| |b|); [`cosine`](crate::kernel::loss::cosine) has the gradients.

use super::SameShapeOperand;
use super::local_gradients::{backward, pair_of_lanes};
use super::results::{OfTwo, SizesOfTwo};
use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::loss::cosine::Cosine;
use crate::kernel::loss::{RealRows, Reduce, Reduction};
use crate::options;
use crate::shape::{Axis, Law, Shape};
use crate::tensor::Tensor;

backward!(CosineSimilarityBackward of cosine_similarity);

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The cosine of the angle between the vectors along the axis `I`: a·b / (|a| |b|), where a norm is at least 1e-8.
    /// PyTorch's `torch.nn.functional.cosine_similarity(dim=I)`, without its broadcast.
    ///
    /// In: two tensors of shape `S`, of which the second is a constant, a tracked tensor or a `&Param`. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (a, b) = (Tensor::from([[3.0, 0.0], [1.0, 0.0]]), Tensor::from([[2.0, 0.0], [0.0, 5.0]]));
    /// assert_eq!(a.cosine_similarity::<-1, _>(b), Tensor::from([1.0, 0.0]));
    /// ```
    pub fn cosine_similarity<const I: isize, R>(
        self,
        other: R,
    ) -> OfTwo<S::Removed, Self, R, CosineSimilarityBackward<E>>
    where
        S: Axis<I>,
        R: SameShapeOperand<C, S, E>,
    {
        let () = SizesOfTwo::<Self, R>::HOLDS;
        self.cosine_similarity_with(other, 1e-8)
    }

    /// The [`cosine_similarity`](Tensor::cosine_similarity) where a norm is at least `eps`. PyTorch's
    /// `torch.nn.functional.cosine_similarity(dim=I, eps=eps)`.
    ///
    /// # Panics
    /// If `eps` is negative or NaN.
    #[track_caller]
    pub fn cosine_similarity_with<const I: isize, R>(
        self,
        other: R,
        eps: f64,
    ) -> OfTwo<S::Removed, Self, R, CosineSimilarityBackward<E>>
    where
        S: Axis<I>,
        R: SameShapeOperand<C, S, E>,
    {
        let () = SizesOfTwo::<Self, R>::HOLDS;
        let along = AxisLayout::of::<S, I>();
        let eps = E::from_f64(options::not_negative("eps", eps));
        let each = Reduce::new(Reduction::None, RealRows::ALL);
        let loss = Cosine::Least { eps };
        pair_of_lanes(self, other, along, each, CosineSimilarityBackward, |job| E::cosines(loss, job))
    }
}
