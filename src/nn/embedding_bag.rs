//! Bags of embeddings.

use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::Mode;
use crate::ops::BagMode;
use crate::rng::Rng;
use crate::shape::{Axis, Const, InsertAxis, Rank2};
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The mean of the rows of a table for each bag of indices, or their sum or maximum. PyTorch's `nn.EmbeddingBag`.
///
/// In: indices `[*, L]`, of type `i64`, a bag of L for each result. Out: `[*, DIM]`. Shorter bags are padded with the
/// [`padding_idx`](Self::padding_idx), which is skipped. `weight` is `[NUM, DIM]` and is initialized from the standard
/// normal distribution.
///
/// ```
/// use typegrad::nn::BagMode;
/// use typegrad::prelude::*;
/// let bag = EmbeddingBag::<10, 4>::new(&mut Rng::seed(0)).mode(BagMode::Sum).padding_idx(0);
/// let y: Tensor<Rank2<2, 4>> = bag.infer(Tensor::from([[7, 3, 7], [5, 0, 0]]));
/// assert_eq!(y.select::<0>(1), bag.weight.value().clone().select::<0>(5));
/// ```
///
/// # Panics
/// The forward pass panics at an index that is negative or not below `NUM`.
#[derive(Clone, Module, Serialize, Deserialize)]
#[module(no_init)]
#[serde(bound(serialize = "E: Float + Serialize", deserialize = "E: Float + Deserialize<'de>"))]
pub struct EmbeddingBag<const NUM: usize, const DIM: usize, E = f32> {
    /// The table, `[NUM, DIM]`.
    pub weight: Param<Rank2<NUM, DIM>, E>,
    /// How the rows of a bag are reduced.
    #[module(skip)]
    mode: BagMode,
    /// The index of padding, which is skipped.
    #[module(skip)]
    padding_idx: Option<usize>,
}

impl<const NUM: usize, const DIM: usize, E: Float> EmbeddingBag<NUM, DIM, E> {
    /// Sets the mode. PyTorch's `mode`, the mean by default.
    #[must_use]
    pub fn mode(mut self, mode: BagMode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets the index of padding: it is skipped in its bag, and its row is zero and gets no gradient.
    ///
    /// # Panics
    /// If it is not below `NUM`.
    #[track_caller]
    #[must_use]
    pub fn padding_idx(mut self, index: usize) -> Self {
        assert!(index < NUM, "padding_idx must be within num_embeddings, which is {NUM}, but got {index}");
        self.weight.as_mut_slice()[index * DIM..][..DIM].fill(E::zero());
        self.padding_idx = Some(index);
        self
    }
}

impl<const NUM: usize, const DIM: usize, E: Float> Init for EmbeddingBag<NUM, DIM, E> {
    fn new(rng: &mut Rng) -> Self {
        EmbeddingBag { weight: Param::new(Tensor::randn(rng)), mode: BagMode::Mean, padding_idx: None }
    }
}

impl<const NUM: usize, const DIM: usize, E> fmt::Debug for EmbeddingBag<NUM, DIM, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = match self.mode {
            BagMode::Sum => "sum",
            BagMode::Mean => "mean",
            BagMode::Max => "max",
        };
        write!(f, "EmbeddingBag({NUM}, {DIM}, mode='{mode}'")?;
        if let Some(index) = self.padding_idx {
            write!(f, ", padding_idx={index}")?;
        }
        f.write_str(")")
    }
}

#[diagnostic::do_not_recommend]
impl<S, R, E, const NUM: usize, const DIM: usize> Forward<S, E, i64> for EmbeddingBag<NUM, DIM, E>
where
    S: Axis<-1, Removed = R>,
    R: InsertAxis<-1>,
    E: Float,
{
    type Output = R::Inserted<Const<DIM>>;
    #[track_caller]
    fn forward<M: Mode>(&self, x: Input<S, M, i64>) -> impl Traced<Self::Output, M, E> {
        self.weight.traced::<M>().embedding_bag(&x, self.mode, self.padding_idx)
    }
}
