//! Sequences of different lengths in one batch.

use super::layer::Recurrent;
use crate::element::Float;
use crate::graph::{Flow, Graph, Infer, Outer, RunsLayers, Train};
use crate::ops::RecurrentOutput;
use crate::shape::{Dim, Is, ShapeIs};
use crate::tensor::{Called, Outside, Tensor};

/// A run of a [`Recurrent`] layer over sequences of different lengths, `[B, T, I]`, of which each has its own number of steps.
/// PyTorch's `pack_padded_sequence` and `pad_packed_sequence`.
///
/// The output is 0 after the end of a sequence, the last state is
/// that at its end, and a bidirectional layer starts its reverse run there.
///
/// Elements after the end of a sequence must be finite, and have no other effect. Implemented for all
/// layers that take `[B, T, I]`.
///
/// ```
/// use typegrad::prelude::*;
/// let lstm = Lstm::<3, 5, 1, true>::new(&mut Rng::seed(0));
/// let x = Tensor::<Rank3<2, 8, 3>>::randn(&mut Rng::seed(1));
/// let (y, _) = lstm.infer_lengths(x.clone(), &[8, 3]);
/// // The second sequence alone, of 3 steps.
/// let alone = lstm.infer(x.narrow::<0, 1, 1>().narrow::<1, 0, 3>());
/// assert!(y.narrow::<0, 1, 1>().narrow::<1, 0, 3>().allclose(&alone));
/// ```
// The lists of what is captured leave out the lengths, so that a `forward` can compute them.
pub trait RecurrentLengths<B: Dim, T: Dim, I: Dim, E: Float>: Recurrent<(B, T, I), E> {
    /// Runs the layer inside a module, from zeros. Returns the output and, as a constant, the last state.
    ///
    /// In: `[B, T, I]` and a length for each sequence. Out: `Self::Output` and `Self::State`.
    ///
    /// # Panics
    /// If there are not `B` lengths, or one is more than `T`.
    #[track_caller]
    fn call_lengths<'m, C: RunsLayers, F, X>(
        &'m self,
        x: Tensor<X, E, Graph<C, F>>,
        lengths: &[usize],
    ) -> (
        Called<Self::Output, E, C, impl Flow<Self::Output, E> + use<'m, B, T, I, E, Self, C, F, X>>,
        Tensor<Self::State, E>,
    )
    where
        F: Flow<(B, T, I), E>,
        X: ShapeIs<(B, T, I)>,
    {
        check::<B, T>(lengths);
        let (y, last, flow) = self.run_layers::<C::Mode, Self::Output, _, _>(
            RecurrentOutput::Output,
            x.into_parts(),
            (None, ()),
            lengths.to_vec(),
        );
        (Is::of(Tensor::from_parts(y, flow)), Tensor::constant(last))
    }

    /// The last state of a run from zeros inside a module, that at the end of each sequence, through which the gradient flows:
    /// PyTorch's `h_n` of a packed sequence.
    ///
    /// In: `[B, T, I]` and a length for each sequence. Out: `Self::State`.
    ///
    /// # Panics
    /// If there are not `B` lengths, or one is more than `T`.
    #[track_caller]
    fn call_last_lengths<'m, C: RunsLayers, F, X>(
        &'m self,
        x: Tensor<X, E, Graph<C, F>>,
        lengths: &[usize],
    ) -> Called<Self::State, E, C, impl Flow<Self::State, E> + use<'m, B, T, I, E, Self, C, F, X>>
    where
        F: Flow<(B, T, I), E>,
        X: ShapeIs<(B, T, I)>,
    {
        check::<B, T>(lengths);
        let (_, last, flow) = self.run_layers::<C::Mode, Self::State, _, _>(
            RecurrentOutput::State,
            x.into_parts(),
            (None, ()),
            lengths.to_vec(),
        );
        Is::of(Tensor::from_parts(last, flow))
    }

    /// Runs the layer in training, from zeros. Returns the output and, as a constant, the last state.
    ///
    /// In: `[B, T, I]` and a length for each sequence. Out: `Self::Output` and `Self::State`.
    ///
    /// # Panics
    /// If there are not `B` lengths, or one is more than `T`.
    #[track_caller]
    fn train_lengths<'m, C: Outer, F, X>(
        &'m self,
        x: Tensor<X, E, Graph<C, F>>,
        lengths: &[usize],
    ) -> (
        Outside<Self::Output, E, impl Flow<Self::Output, E> + use<'m, B, T, I, E, Self, C, F, X>>,
        Tensor<Self::State, E>,
    )
    where
        F: Flow<(B, T, I), E>,
        X: ShapeIs<(B, T, I)>,
    {
        check::<B, T>(lengths);
        let (y, last, flow) = self.run_layers::<Train, Self::Output, _, _>(
            RecurrentOutput::Output,
            x.into_parts(),
            (None, ()),
            lengths.to_vec(),
        );
        (Tensor::from_parts(y, flow), Tensor::constant(last))
    }

    /// Runs the layer with nothing recorded, from zeros. Returns the output and the last state.
    ///
    /// In: `[B, T, I]` and a length for each sequence. Out: `Self::Output` and `Self::State`.
    ///
    /// # Panics
    /// If there are not `B` lengths, or one is more than `T`.
    #[track_caller]
    fn infer_lengths<C: Outer, F, X>(
        &self,
        x: Tensor<X, E, Graph<C, F>>,
        lengths: &[usize],
    ) -> (Tensor<Self::Output, E>, Tensor<Self::State, E>)
    where
        X: ShapeIs<(B, T, I)>,
    {
        check::<B, T>(lengths);
        let (y, last, _) = self.run_layers::<Infer, Self::Output, (), ()>(
            RecurrentOutput::Output,
            (x.data, ()),
            (None, ()),
            lengths.to_vec(),
        );
        (Tensor::constant(y), Tensor::constant(last))
    }
}

impl<B: Dim, T: Dim, I: Dim, E: Float, L: Recurrent<(B, T, I), E>> RecurrentLengths<B, T, I, E> for L {}

#[track_caller]
fn check<B: Dim, T: Dim>(lengths: &[usize]) {
    let (count, [batch, steps]) = (lengths.len(), [B::SIZE, T::SIZE]);
    assert!(count == batch, "{count} lengths for a batch of {batch} sequences");
    let long = lengths.iter().find(|length| **length > steps);
    assert!(long.is_none(), "the length {} is more than the {steps} steps", long.unwrap_or(&0));
}
