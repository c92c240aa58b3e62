//! Cells: one step of a recurrent layer.

use super::params::{Collected, GateDim, uniform};
use super::rnn::Nonlinearity;
use super::shapes::{Depth, Named, StepInput, Width};
use crate::element::Float;
use crate::few::Few;
use crate::graph::{CompatibleWith, Context, Flow, Graph, Infer, InsideForward, Outer, Switch};
use crate::kernel::recurrent::cell::Kind;
use crate::kernel::recurrent::recurrent::{Masks, Sizes};
use crate::module::ShapeIs;
use crate::nn::bias::{Bias, Biased, WithoutBias};
use crate::nn::{Init, Module, Param};
use crate::ops::{Layers, Recurrence, RecurrentOutput, recurrent, weights};
use crate::rng::Rng;
use crate::shape::{Const, Dim, DimExpr, Expr, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One step of a recurrent layer: [`RnnCell`](crate::nn::RnnCell), [`LstmCell`](crate::nn::LstmCell),
/// [`GruCell`](crate::nn::GruCell). For control loops, and for recurrences that [`scan`](Tensor::scan) builds.
///
/// A state is one tensor. That of `RnnCell` and `GruCell` is `[B, H]`; that of `LstmCell` is h and c, stacked:
/// `[2, B, H]`. Without a batch, `[H]` and `[2, H]`.
///
/// ```
/// use typegrad::prelude::*;
/// let rng = &mut Rng::seed(0);
/// let cell = LstmCell::<3, 5>::new(rng);
/// let mut state = Tensor::<Rank2<2, 5>>::zeros();
/// for _ in 0..4 {
///     state = cell.infer_step(Tensor::<Rank1<3>>::randn(rng), state);
/// }
/// let h: Tensor<Rank1<5>> = state.select_at::<0, 0>();
/// ```
#[diagnostic::on_unimplemented(
    message = "the cell `{Self}` cannot take an input of shape `{S}` with elements `{E}`",
    label = "does not fit an input of shape `{S}` with elements `{E}`",
    note = "the input comes before the state, and has the size that is the cell's first number; `x.unsqueeze::<0>()` adds a batch, \
            `x.to::<E>()` gives the elements of the cell"
)]
pub trait RecurrentCell<S: Shape, E: Float = f32>: Module + Sized {
    /// The shape of its state.
    type State: Shape;

    /// The law of the width of its input. Each step asserts it, so that the error names the user's line.
    #[doc(hidden)]
    type Fits: Law;

    /// A step in the context `C`.
    #[doc(hidden)]
    fn run_step<C, F, R>(
        &self,
        x: (Storage<E>, F),
        state: (Option<Storage<E>>, R),
    ) -> (Storage<E>, impl Flow<Self::State, E>)
    where
        C: Context,
        F: Flow<S, E>,
        R: Flow<Self::State, E>;

    /// The state after a step. The gradient flows to the input and to the state before.
    ///
    /// In: `S` and `Self::State`. Out: `Self::State`.
    ///
    /// In a loop inside `forward` each state is boxed, so that all have one type: `h = self.cell.step(x, h).boxed()`, and the
    /// first one is `Tensor::zeros().within::<M>().boxed()`. `h.value()` has no graph: it is for the state that the next
    /// training step starts from. Within a step it would cut backpropagation through time.
    ///
    /// A boxed state is used once. Where it is also an output, or the input of a second cell, the loop is a [`scan`](Tensor::scan).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let cell = GruCell::<3, 5>::new(rng);
    /// let xs = Tensor::<Rank3<7, 2, 3>>::randn(rng); // time first: `scan` runs along the first axis
    /// let states = xs.scan(Tensor::<Rank2<2, 5>>::zeros(), |h, x| cell.step(x, h));
    /// states.powi(2).mean().backward();
    /// assert!(cell.weight_hh.grad().is_some());
    /// ```
    // rustc shows the next line where the state does not fit, and that of the flow where one is assigned to a constant.
    #[rustfmt::skip]
    fn step<C: Context, F, X, D: Context + CompatibleWith<C::WithParam>, R>( // LSTM: `(h, c).stack::<0>()`; scan: over axis 0
        &self,
        x: Tensor<X, E, Graph<C, F>>,
        state: Tensor<Self::State, E, Graph<D, R>>,
    ) -> Tensor<Self::State, E, Graph<C::WithParam,
        impl Flow<Self::State, E>>> // `.boxed()`, from `zeros().within::<M>().boxed()`; between training steps `h.value()`
    where
        F: Flow<S, E>,
        X: ShapeIs<S>,
        R: Flow<Self::State, E>,
    {
        let () = Self::Fits::HOLDS;
        let (state, first) = state.into_parts();
        let (y, flow) = self.run_step::<C, _, _>(x.into_parts(), (Some(state), first));
        Tensor::from_parts(y, flow)
    }

    /// The state after a step, with nothing recorded: a plain tensor in, a plain tensor out.
    fn infer_step<C: Outer, F, X, D: Outer, R>(
        &self,
        x: Tensor<X, E, Graph<C, F>>,
        state: Tensor<Self::State, E, Graph<D, R>>,
    ) -> Tensor<Self::State, E>
    where
        X: ShapeIs<S>,
    {
        let () = Self::Fits::HOLDS;
        let (y, _) = self.run_step::<InsideForward<Infer>, (), ()>((x.data, ()), (Some(state.data), ()));
        Tensor::constant(y)
    }
}

macro_rules! cell {
    (
        $(#[$doc:meta])*
        $name:ident, $torch:literal, $num_gates:literal, $states:ident, |$this:ident| $kind:expr
        $(, $(#[$option_doc:meta])* $option:ident: $option_type:ty)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Module, Serialize, Deserialize)]
        #[serde(bound(
            serialize = "E: Float + Serialize, B: Serialize",
            deserialize = "E: Float + Deserialize<'de>, B: Deserialize<'de>"
        ))]
        #[module(no_init)]
        #[__law(Depth<Self, 1, H>)]
        pub struct $name<const I: usize, const H: usize, E: Float = f32, B = Param<(GateDim<$num_gates, H>,), E>> {
            /// From the input to the gates, `[gates * H, I]`.
            pub weight_ih: Param<(GateDim<$num_gates, H>, Const<I>), E>,
            /// From the state before to the gates, `[gates * H, H]`.
            pub weight_hh: Param<(GateDim<$num_gates, H>, Const<H>), E>,
            /// The bias of the input, `[gates * H]`, if there is one.
            pub bias_ih: B,
            /// The bias of the state, `[gates * H]`, if there is one.
            pub bias_hh: B,
            $($(#[$option_doc])*
            #[module(skip)]
            pub $option: $option_type,)?
        }

        $(impl<const I: usize, const H: usize, E: Float, B> $name<I, H, E, B> {
            $(#[$option_doc])*
            #[must_use]
            pub fn $option(mut self, $option: $option_type) -> Self {
                self.$option = $option;
                self
            }
        })?

        impl<const I: usize, const H: usize, E, B> Init for $name<I, H, E, B>
        where
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E>,
        {
            const TYPE_HOLDS: () = Depth::<Self, 1, H>::HOLDS;
            fn new(rng: &mut Rng) -> Self {
                let () = Depth::<Self, 1, H>::HOLDS;
                $name {
                    weight_ih: Param::new(uniform(H, rng)),
                    weight_hh: Param::new(uniform(H, rng)),
                    bias_ih: B::begin(|| uniform(H, rng)),
                    bias_hh: B::begin(|| uniform(H, rng)),
                    $($option: Default::default(),)?
                }
            }
        }

        #[diagnostic::do_not_recommend]
        impl<const I: usize, const H: usize, E: Float, B> Biased for $name<I, H, E, B> {
            type WithoutBias = $name<I, H, E, WithoutBias>;
        }

        impl<const I: usize, const H: usize, E, B> fmt::Debug for $name<I, H, E, B>
        where
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E>,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({I}, {H}", $torch)?;
                if !B::PRESENT {
                    f.write_str(", bias=False")?;
                }
                $(if self.$option == Nonlinearity::Relu {
                    f.write_str(concat!(", ", stringify!($option), "=relu"))?;
                })?
                f.write_str(")")
            }
        }

        impl<const I: usize, const H: usize, E: Float, B> Named for $name<I, H, E, B> {
            const NAME: &'static str = stringify!($name);
        }

        impl<const I: usize, const H: usize, E, B> Recurrence for $name<I, H, E, B>
        where
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E> + 'static,
        {
            const PARAMETERS: Option<usize> = <Self as Module>::NUM_PARAMETERS;
            const WEIGHTS: usize = weights($num_gates, [I, H, 1], false);
            type Fits<S: Shape> = Width<Self, S, I>;
        }

        impl<const I: usize, const H: usize, E, B> $name<I, H, E, B>
        where
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E> + 'static,
        {
            /// A step from an input of shape `S` and a state of shape `Q`.
            fn run_one<S, Q, P, F, R>(
                &self,
                x: (Storage<E>, F),
                state: (Option<Storage<E>>, R),
            ) -> (Storage<E>, impl Flow<Q, E>)
            where
                S: StepInput<I>,
                Q: Shape,
                P: Switch,
                F: Flow<S, E>,
                R: Flow<Q, E>,
            {
                let $this = self;
                let sizes =
                    Sizes::layers($kind, [S::BATCH, 1], [I, H, 1], false);
                let mut collected = Collected::new();
                collected.push(&self.weight_ih, &self.weight_hh, (self.bias_ih.param(), self.bias_hh.param()));
                let Collected { weights, leaves } = collected;
                let layers = Layers { sizes, weights, leaves, masks: Masks { bits: Few::new(), scale: E::one() }, lengths: Vec::new() };
                let (_, last, flow) =
                    recurrent::<Self, S, Q, Q, E, F, R, P>(layers, RecurrentOutput::State, x, state);
                (last, flow)
            }
        }

        cell!(@step $name, $num_gates, $states, [N: Dim,], [N,], (N, Const<I>));
        cell!(@step $name, $num_gates, $states, [N: Dim, X: DimExpr,], [N, X,], (N, Expr<X>));
        cell!(@step $name, $num_gates, $states, [], [], (Const<I>,));
        cell!(@step $name, $num_gates, $states, [X: DimExpr,], [X,], (Expr<X>,));
    };
    // One impl for each shape: with one trait for all of them, a wrong width is reported again wherever the result is used.
    (@step $name:ident, $num_gates:literal, $states:ident, [$($dims:tt)*], [$($dim:ident,)*], $input:ty) => {
        #[diagnostic::do_not_recommend]
        impl<$($dims)* const I: usize, const H: usize, E, B> RecurrentCell<$input, E> for $name<I, H, E, B>
        where
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E> + 'static,
        {
            type State = <$input as StepInput<I>>::$states<Const<H>>;
            type Fits = Width<Self, $input, I>;

            fn run_step<C, F, R>(
                &self,
                x: (Storage<E>, F),
                state: (Option<Storage<E>>, R),
            ) -> (Storage<E>, impl Flow<Self::State, E>)
            where
                C: Context,
                F: Flow<$input, E>,
                R: Flow<Self::State, E>,
            {
                self.run_one::<$input, Self::State, C::Params, F, R>(x, state)
            }
        }
    };
}

cell! {
    /// One step of an [`Rnn`](crate::nn::Rnn): h' = tanh(W x + b + U h + b'). PyTorch's `nn.RNNCell`.
    ///
    /// In: `[B, I]` and the state `[B, H]`, or `[I]` and `[H]`. Out: the next state. `weight_ih` is `[H, I]`, `weight_hh`
    /// is `[H, H]`, `bias_ih` and `bias_hh` are `[H]`; all are initialized uniformly on ±1/√H. [`RecurrentCell`] has its methods.
    RnnCell, "RNNCell", 1, State, |this| this.nonlinearity.kind(),
    /// The activation, tanh by default. PyTorch's option `nonlinearity`.
    nonlinearity: Nonlinearity
}

cell! {
    /// One step of an [`Lstm`](crate::nn::Lstm). PyTorch's `nn.LSTMCell`.
    ///
    /// In: `[B, I]` and the state `[2, B, H]`, which is h and c, or `[I]` and `[2, H]`. Out: the next state. `weight_ih` is
    /// `[4H, I]`, `weight_hh` is `[4H, H]`, `bias_ih` and `bias_hh` are `[4H]`; all are initialized uniformly on ±1/√H. [`RecurrentCell`]
    /// has its methods.
    LstmCell, "LSTMCell", 4, States, |_this| Kind::Lstm
}

cell! {
    /// One step of a [`Gru`](crate::nn::Gru). PyTorch's `nn.GRUCell`.
    ///
    /// In: `[B, I]` and the state `[B, H]`, or `[I]` and `[H]`. Out: the next state. `weight_ih` is `[3H, I]`, `weight_hh`
    /// is `[3H, H]`, `bias_ih` and `bias_hh` are `[3H]`; all are initialized uniformly on ±1/√H. [`RecurrentCell`] has its methods.
    GruCell, "GRUCell", 3, State, |_this| Kind::Gru
}
