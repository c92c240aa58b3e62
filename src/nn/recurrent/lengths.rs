//! Sequences of different lengths in one batch.

use super::layer::Recurrent;
use crate::element::Float;
use crate::graph::{CompatibleWith, Context, Flow, Graph, Infer, Outer, PlainConstant, RunsLayers, Train};
use crate::module::ShapeIs;
use crate::nn::Forward;
use crate::ops::RecurrentOutput;
use crate::shape::{Dim, Is, Shape};
use crate::tensor::{Called, CalledWith, Outside, Tensor};

/// A run of a [`Recurrent`] layer over sequences of different lengths, `[B, T, I]`, of which each has its own number of steps.
/// PyTorch's `pack_padded_sequence` and `pad_packed_sequence`.
///
/// The output is 0 after the end of a sequence, the last state is
/// that at its end, and a bidirectional layer starts its reverse run there.
///
/// Elements after the end of a sequence must be finite, and have no other effect. A sequence of no steps, which PyTorch refuses,
/// has the output 0 and keeps its first state. Implemented for all layers that take `[B, T, I]`.
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
#[diagnostic::on_unimplemented(
    message = "the layer `{Self}` cannot take sequences of shape `({B}, {T}, {I})` with elements `{E}`",
    label = "does not fit sequences of shape `({B}, {T}, {I})` with elements `{E}`",
    note = "the first number of the layer is the size of its input; `x.unsqueeze::<0>()` adds a batch, `x.to::<E>()` gives the layer's elements"
)]
pub trait RecurrentLengths<B: Dim, T: Dim, I: Dim, E: Float>:
    Recurrent<(B, T, I), E, State = Self::Last> + Forward<(B, T, I), E, Output = Self::Outputs>
{
    /// `Self::Output`; a type of this trait, so that sequences that do not fit are one error.
    type Outputs: Shape;
    /// `Self::State`.
    type Last: Shape;

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
        Called<Self::Outputs, E, C, impl Flow<Self::Outputs, E> + use<'m, B, T, I, E, Self, C, F, X>>,
        Tensor<Self::Last, E>,
    )
    where
        F: Flow<(B, T, I), E>,
        X: ShapeIs<(B, T, I)>,
    {
        check::<B, T>(lengths);
        let (y, last) = self.run_to_output::<C::Mode, _, _, _>(x.into_parts(), (None, ()), lengths.to_vec());
        (Is::of(y), last)
    }

    /// Runs the layer inside a module, from a given state. Returns the output and, as a constant, the last state. PyTorch's
    /// `lstm(pack_padded_sequence(x, lengths), (h0, c0))`.
    ///
    /// In: `[B, T, I]`, `Self::State` and a length for each sequence. Out: `Self::Output` and `Self::State`.
    ///
    /// # Panics
    /// If there are not `B` lengths, or one is more than `T`.
    #[track_caller]
    fn call_from_lengths<'m, C: RunsLayers, F, X, K: Context + CompatibleWith<C>, R>(
        &'m self,
        x: Tensor<X, E, Graph<C, F>>,
        state: Tensor<Self::Last, E, Graph<K, R>>,
        lengths: &[usize],
    ) -> (
        CalledWith<
            Self::Outputs,
            E,
            C,
            K,
            impl Flow<Self::Outputs, E> + use<'m, B, T, I, E, Self, C, F, X, K, R>,
        >,
        Tensor<Self::Last, E>,
    )
    where
        F: Flow<(B, T, I), E>,
        X: ShapeIs<(B, T, I)>,
        R: Flow<Self::Last, E>,
    {
        check::<B, T>(lengths);
        let (state, first) = state.into_parts();
        let (y, last) =
            self.run_to_output::<C::Mode, _, _, _>(x.into_parts(), (Some(state), first), lengths.to_vec());
        (Is::of(Is::of(y)), last)
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
    ) -> Called<Self::Last, E, C, impl Flow<Self::Last, E> + use<'m, B, T, I, E, Self, C, F, X>>
    where
        F: Flow<(B, T, I), E>,
        X: ShapeIs<(B, T, I)>,
    {
        check::<B, T>(lengths);
        let (_, last, flow) = self.run_layers::<C::Mode, Self::Last, _, _>(
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
        Outside<Self::Outputs, E, impl Flow<Self::Outputs, E> + use<'m, B, T, I, E, Self, C, F, X>>,
        Tensor<Self::Last, E>,
    )
    where
        F: Flow<(B, T, I), E>,
        X: ShapeIs<(B, T, I)>,
    {
        check::<B, T>(lengths);
        self.run_to_output::<Train, _, _, _>(x.into_parts(), (None, ()), lengths.to_vec())
    }

    /// Runs the layer in training, from a given state. Returns the output and, as a constant, the last state.
    ///
    /// In: `[B, T, I]`, `Self::State` and a length for each sequence. Out: `Self::Output` and `Self::State`.
    ///
    /// # Panics
    /// If there are not `B` lengths, or one is more than `T`.
    #[track_caller]
    fn train_from_lengths<'m, C: Outer, F, X, D: Outer, R>(
        &'m self,
        x: Tensor<X, E, Graph<C, F>>,
        state: Tensor<Self::Last, E, Graph<D, R>>,
        lengths: &[usize],
    ) -> (
        Outside<Self::Outputs, E, impl Flow<Self::Outputs, E> + use<'m, B, T, I, E, Self, C, F, X, D, R>>,
        Tensor<Self::Last, E>,
    )
    where
        F: Flow<(B, T, I), E>,
        X: ShapeIs<(B, T, I)>,
        R: Flow<Self::Last, E>,
    {
        check::<B, T>(lengths);
        let (state, first) = state.into_parts();
        self.run_to_output::<Train, _, _, _>(x.into_parts(), (Some(state), first), lengths.to_vec())
    }

    /// Runs the layer with nothing recorded, from a given state. Returns the output and the last state.
    ///
    /// In: `[B, T, I]`, `Self::State` and a length for each sequence. Out: `Self::Output` and `Self::State`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let gru = Gru::<3, 5>::new(&mut Rng::seed(0));
    /// let x = Tensor::<Rank3<2, 8, 3>>::randn(&mut Rng::seed(1));
    /// let (_, whole) = gru.infer_lengths(x.clone(), &[8, 5]);
    ///
    /// // In two pieces: the second sequence ends in the second one.
    /// let (front, back) = (x.clone().narrow::<1, 0, 4>(), x.narrow::<1, 4, 4>());
    /// let (_, state) = gru.infer_lengths(front, &[4, 4]);
    /// let (_, state) = gru.infer_from_lengths(back, state, &[4, 1]);
    /// assert!(state.allclose(&whole));
    /// ```
    ///
    /// # Panics
    /// If there are not `B` lengths, or one is more than `T`.
    #[track_caller]
    fn infer_from_lengths<C: Outer, F, X, D: Outer, R>(
        &self,
        x: Tensor<X, E, Graph<C, F>>,
        state: Tensor<Self::Last, E, Graph<D, R>>,
        lengths: &[usize],
    ) -> (Tensor<Self::Outputs, E>, Tensor<Self::Last, E>)
    where
        X: ShapeIs<(B, T, I)>,
    {
        check::<B, T>(lengths);
        let (y, last) = self.run_to_output::<Infer, PlainConstant, (), ()>(
            (x.data, ()),
            (Some(state.data), ()),
            lengths.to_vec(),
        );
        (Tensor::constant(y.data), last)
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
    ) -> (Tensor<Self::Outputs, E>, Tensor<Self::Last, E>)
    where
        X: ShapeIs<(B, T, I)>,
    {
        check::<B, T>(lengths);
        let (y, last) =
            self.run_to_output::<Infer, PlainConstant, (), ()>((x.data, ()), (None, ()), lengths.to_vec());
        (Tensor::constant(y.data), last)
    }
}

#[diagnostic::do_not_recommend]
impl<B: Dim, T: Dim, I: Dim, E: Float, L: Recurrent<(B, T, I), E>> RecurrentLengths<B, T, I, E> for L {
    type Outputs = L::Output;
    type Last = L::State;
}

#[track_caller]
fn check<B: Dim, T: Dim>(lengths: &[usize]) {
    let (count, [batch, steps]) = (lengths.len(), [B::SIZE, T::SIZE]);
    assert!(count == batch, "{count} lengths for a batch of {batch} sequences");
    if let Some(sequence) = lengths.iter().position(|length| *length > steps) {
        let length = lengths[sequence];
        panic!("the length {length} of sequence {sequence} is more than the {steps} steps");
    }
}
