//! Embeddings.

use super::{Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::Mode;
use crate::rng::Rng;
use crate::shape::{Const, InsertAxis, Rank2};
use crate::tensor::{Input, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A vector of `DIM` numbers for each index below `NUM`: the rows of a table that is trained. PyTorch's `nn.Embedding`.
///
/// In: indices `[*]`, of type `i64`. Out: `[*, DIM]`. `weight` is `[NUM, DIM]` and is initialized from the standard
/// normal distribution.
///
/// ```
/// use typegrad::prelude::*;
/// let embed = Embedding::<10, 4>::new(&mut Rng::seed(0));
/// let y: Tensor<Rank3<1, 3, 4>> = embed.infer(Tensor::from([[7, 0, 7]]));
/// ```
///
/// An output layer that is tied to it is a product with the same table. Its gradient is the sum of both:
///
/// ```
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Tied {
///     embed: Embedding<10, 4>,
/// }
///
/// impl<const T: usize> Forward<Rank1<T>, f32, i64> for Tied {
///     type Output = Rank2<T, 10>;
///     fn forward<M: Mode>(&self, x: Input<Rank1<T>, M, i64>) -> impl Traced<Self::Output, M> {
///         let x = self.embed.call(x).tanh();
///         x.linear(&self.embed.weight)
///     }
/// }
/// # let _ = Tied::new(&mut Rng::seed(0)).infer(Tensor::from([1, 2]));
/// ```
///
/// # Panics
/// The forward pass panics at an index that is negative or not below `NUM`, and names its position.
#[derive(Clone, Module, Serialize, Deserialize)]
#[serde(bound(serialize = "E: Float + Serialize", deserialize = "E: Float + Deserialize<'de>"))]
pub struct Embedding<const NUM: usize, const DIM: usize, E = f32> {
    /// The table, `[NUM, DIM]`.
    pub weight: Param<Rank2<NUM, DIM>, E>,
    /// The index whose row has no gradient.
    #[module(skip)]
    padding_idx: Option<usize>,
}

impl<const NUM: usize, const DIM: usize, E: Float> Embedding<NUM, DIM, E> {
    /// Sets the index of padding: its row is zero, and has no gradient.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let embed = Embedding::<3, 2>::new(&mut Rng::seed(0)).padding_idx(1);
    /// assert_eq!(embed.infer(Tensor::from([1])), Tensor::zeros());
    /// embed.train(Tensor::from([1, 2, 2])).sum().backward();
    /// assert_eq!(embed.weight.grad().unwrap(), Tensor::from([[0.0, 0.0], [0.0, 0.0], [2.0, 2.0]]));
    /// ```
    ///
    /// # Panics
    /// If it is not below `NUM`.
    #[track_caller]
    #[must_use]
    pub fn padding_idx(mut self, index: usize) -> Self {
        assert!(index < NUM, "Padding_idx must be within num_embeddings, which is {NUM}, but got {index}");
        self.weight.as_mut_slice()[index * DIM..][..DIM].fill(E::zero());
        self.padding_idx = Some(index);
        self
    }
}

impl<const NUM: usize, const DIM: usize, E: Float> Init for Embedding<NUM, DIM, E> {
    fn new(rng: &mut Rng) -> Self {
        Embedding { weight: Param::new(Tensor::randn(rng)), padding_idx: None }
    }
}

impl<const NUM: usize, const DIM: usize, E> fmt::Debug for Embedding<NUM, DIM, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Embedding({NUM}, {DIM}")?;
        if let Some(index) = self.padding_idx {
            write!(f, ", padding_idx={index}")?;
        }
        f.write_str(")")
    }
}

// The impl that errors name: see `Linear`.
impl<S, E, const NUM: usize, const DIM: usize> Forward<S, E, i64> for Embedding<NUM, DIM, E>
where
    S: InsertAxis<-1>,
    E: Float,
{
    type Output = S::Inserted<Const<DIM>>;
    #[track_caller]
    fn forward<M: Mode>(&self, x: Input<S, M, i64>) -> impl Traced<Self::Output, M, E> {
        self.weight.traced::<M>().embedding::<S>(x.data, self.padding_idx)
    }
}
