//! [`Tensor`], and the types in signatures of functions of tensors: [`Input`] and [`Traced`] inside a module, [`Shared`] inside
//! `shared`, [`PaddedBatch`] for a batch whose last rows may be padding.

mod autograd;
pub(crate) mod buffer;
mod convert;
mod create;
mod fmt;
pub(crate) mod generator;
mod held;
mod iterators;
mod not_tensor;
mod not_tracked;
mod number;
mod padded;
pub(crate) mod param;
mod param_of_integers;
mod random;
pub(crate) mod renamed;
mod vec_of_tensors;

#[doc(hidden)]
pub use crate::element::NumberOfLoss;
pub(crate) use autograd::NextState;
pub use autograd::{
    Called, CalledWith, Computed, Input, Inside, KeepsGradient, Loss, Outside, Shared, Traced,
};
pub(crate) use convert::Makes;
pub use convert::{Array, WrongLength};
pub use create::eye;
pub(crate) use iterators::without_order;
#[doc(hidden)]
pub use number::WholeComparison;
pub use padded::{
    AfterRows, AsMany, Elements, GivesRows, KeepsRows, MaybePadded, OnlyRealRows, PaddedBatch, RowsOf,
};
#[doc(hidden)]
pub use param_of_integers::ParamOfIntegers;
#[doc(hidden)]
pub use vec_of_tensors::VecOfTensors;

use crate::graph::{Chain, Constant, Graph, Nil, RunsLayers, SharedInput, UseTwiceInsideShared, Waiting};
use crate::storage::Storage;
use std::marker::PhantomData;

/// A tensor of shape `S` with elements `E`, contiguous in row-major order.
///
/// `G` is its graph, by default that of a plain constant. Cloning a constant is cheap: the
/// memory is shared, and an operation may reuse the memory of an operand that nothing else holds.
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]); // the shape is known: Rank2<2, 2>
/// let y = x.clone() * x + 1.0;
/// assert_eq!(y, Tensor::from([[2.0, 5.0], [10.0, 17.0]]));
/// ```
#[must_use = "a tensor that is not used was computed for nothing"]
pub struct Tensor<S, E = f32, G = Constant> {
    pub(crate) data: Storage<E>,
    pub(crate) graph: G,
    pub(crate) shape: PhantomData<fn() -> S>,
}

impl<S, E> Tensor<S, E> {
    /// A constant with these elements. The caller knows that there are as many as the shape has.
    pub(crate) fn constant(data: Storage<E>) -> Self {
        Tensor { data, graph: Graph::new(()), shape: PhantomData }
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>> {
    pub(crate) fn from_parts(data: Storage<E>, flow: F) -> Self {
        Tensor { data, graph: Graph::new(flow), shape: PhantomData }
    }

    /// A tensor whose flow has waited for its elements.
    pub(crate) fn from_waiting(data: Storage<E>, flow: Waiting<F>) -> Self {
        Tensor::from_parts(data, Waiting::into_inner(flow))
    }

    pub(crate) fn into_parts(self) -> (Storage<E>, F) {
        (self.data, self.graph.flow)
    }

    /// The same tensor as one inside a module, where a layer is called with a tensor of context `D`.
    pub(crate) fn in_layer<D: RunsLayers>(self) -> Inside<S, E, D::Mode, F> {
        Tensor::from_parts(self.data, self.graph.flow)
    }

    /// The elements, and the flow while it waits for a kernel: a panic does not drop it. See [`Waiting`].
    pub(crate) fn into_waiting(self) -> (Storage<E>, Waiting<F>) {
        (self.data, Waiting::new(self.graph.flow))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>> {
    /// A tensor that shares the memory. Constants can be cloned, and tensors inside [`shared`](Tensor::shared).
    ///
    /// It is here, beside [`Clone`], because the bound of a method that is not a trait's is reported with its note.
    #[expect(clippy::should_implement_trait, reason = "it is implemented below")]
    pub fn clone(&self) -> Self
    where
        F: UseTwiceInsideShared,
    {
        Tensor::from_parts(self.data.clone(), self.graph.flow.clone())
    }
}

// One impl for each flow that can be cloned, and none with a bound: where a bound is missing, rustc advises a `clone`
// that does not compile either.
impl<S, E, C> Clone for Tensor<S, E, Graph<C, ()>> {
    fn clone(&self) -> Self {
        Tensor::clone(self)
    }
}

impl<S, E, C, T, D> Clone for Tensor<S, E, Graph<C, Chain<SharedInput<T, D>, Nil>>> {
    fn clone(&self) -> Self {
        Tensor::clone(self)
    }
}
