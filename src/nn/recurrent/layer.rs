//! Shared by recurrent layers: the state they carry, and how they are built from parameters.

use crate::element::Float;
use crate::few::Few;
use crate::graph::{
    CompatibleWith, Context, Eval, Flow, Graph, Infer, Mode, Outer, PlainConstant, RunsLayers, Train,
};
use crate::kernel::random::dropout::mask;
use crate::kernel::recurrent::recurrent::{Masks, Sizes};
use crate::module::ShapeIs;
use crate::nn::{Dropout, Forward};
use crate::ops::RecurrentOutput;
use crate::shape::{Is, Shape};
use crate::storage::Storage;
use crate::tensor::{Called, CalledWith, Input, Outside, Tensor, Traced};

/// A layer that carries a state from step to step, and from one run to the next: [`Rnn`](crate::nn::Rnn),
/// [`Lstm`](crate::nn::Lstm), [`Gru`](crate::nn::Gru).
///
/// [`call`](Forward::call) and [`train`](Forward::train) start from zeros and return the output. The methods here
/// also take the first state and return the last one, as PyTorch's `lstm(x, (h, c))`:
///
/// - A state is one tensor. That of `Rnn` and `Gru` is PyTorch's `h_n`, `[LAYERS, B, H]`; that of `Lstm` is `h_n` and
///   `c_n`, stacked: `[2, LAYERS, B, H]`. A bidirectional layer has two for each layer.
/// - The last state is a plain constant: no gradient flows from one run to the one before. That is truncated
///   backpropagation through time, and PyTorch's `state.detach()`. A gradient does flow to the first state, if it is
///   tracked.
///
/// ```
/// use typegrad::prelude::*;
/// let rng = &mut Rng::seed(0);
/// let lstm = Lstm::<3, 5>::new(rng);
/// let x = Tensor::<Rank3<2, 8, 3>>::randn(rng);
/// let all = lstm.infer(x.clone());
///
/// // The same in two pieces.
/// let (front, back) = (x.clone().narrow::<1, 0, 6>(), x.narrow::<1, 6, 2>());
/// let (_, state) = lstm.infer_from(front, Tensor::<Rank4<2, 1, 2, 5>>::zeros());
/// let (y, _) = lstm.infer_from(back, state);
/// let end = all.narrow::<1, 6, 2>();
/// assert!((y - end).abs().amax().item() < 1e-6);
/// ```
#[diagnostic::on_unimplemented(
    message = "the layer `{Self}` cannot take an input of shape `{S}` with elements `{E}`",
    label = "does not fit an input of shape `{S}` with elements `{E}`",
    note = "the first number of the layer is the size of its input; `x.unsqueeze::<0>()` adds a batch, `x.to::<E>()` gives the layer's elements"
)]
pub trait Recurrent<S: Shape, E: Float = f32>: Forward<S, E> {
    /// The shape of its state.
    type State: Shape;

    /// The run, from a first state or from zeros: the output, the last state, and the flow of the one that `output` names. The
    /// lengths are those of the sequences, or none, if each has all steps.
    #[doc(hidden)]
    fn run_layers<M, T, F, R>(
        &self,
        output: RecurrentOutput,
        x: (Storage<E>, F),
        state: (Option<Storage<E>>, R),
        lengths: Vec<usize>,
    ) -> (Storage<E>, Storage<E>, impl Flow<T, E>)
    where
        M: Mode,
        T: Shape,
        F: Flow<S, E>,
        R: Flow<Self::State, E>;

    /// [`run_layers`](Self::run_layers) for the output: it, in the context `K`, and the last state.
    #[doc(hidden)]
    fn run_to_output<M, K, F, R>(
        &self,
        x: (Storage<E>, F),
        state: (Option<Storage<E>>, R),
        lengths: Vec<usize>,
    ) -> (Tensor<Self::Output, E, Graph<K, impl Flow<Self::Output, E>>>, Tensor<Self::State, E>)
    where
        M: Mode,
        F: Flow<S, E>,
        R: Flow<Self::State, E>,
    {
        let output = RecurrentOutput::Output;
        let (y, last, flow) = self.run_layers::<M, Self::Output, _, _>(output, x, state, lengths);
        (Tensor::from_parts(y, flow), Tensor::constant(last))
    }

    /// Runs the layer inside a module, from a given state. Returns the output and the last state.
    ///
    /// In: `S` and `Self::State`, which may be a constant. Out: `Self::Output` and `Self::State`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    ///
    /// /// A network that continues where it stopped.
    /// #[derive(Module)]
    /// struct Stateful {
    ///     gru: Gru<3, 4>,
    ///     #[module(init = Buffer::non_persistent(Tensor::zeros()))]
    ///     state: Buffer<Rank3<1, 2, 4>>,
    /// }
    ///
    /// impl<const T: usize> Forward<Rank3<2, T, 3>> for Stateful {
    ///     type Output = Rank3<2, T, 4>;
    ///     fn forward<M: Mode>(&self, x: Input<Rank3<2, T, 3>, M>) -> impl Traced<Self::Output, M> {
    ///         let (y, state) = self.gru.call_from(x, self.state.value());
    ///         self.state.set(state);
    ///         y
    ///     }
    /// }
    /// ```
    #[rustfmt::skip]
    fn call_from<C: RunsLayers, F, X, K: Context + CompatibleWith<C>, R>( // the state: `Tensor::zeros()`, `[h, c].stack::<0>()`, `state.with_shape()`
        &self,
        x: Tensor<X, E, Graph<C, F>>,
        state: Tensor<Self::State, E, Graph<K, R>>,
    ) -> (CalledWith<Self::Output, E, C, K, impl Flow<Self::Output, E>>, Tensor<Self::State, E>)
    where
        F: Flow<S, E>,
        X: ShapeIs<S>,
        R: Flow<Self::State, E>,
    {
        let () = Self::FITS;
        let (state, first) = state.into_parts();
        let (y, last) =
            self.run_to_output::<C::Mode, _, _, _>(x.into_parts(), (Some(state), first), Vec::new());
        (Is::of(Is::of(y)), last)
    }

    /// The last state of a run from zeros inside a module, through which the gradient flows: the result of an
    /// encoder. PyTorch's `h_n`, followed by `c_n`.
    ///
    /// In: `S`. Out: `Self::State`.
    fn call_last<C: RunsLayers, F, X>(
        &self,
        x: Tensor<X, E, Graph<C, F>>,
    ) -> Called<Self::State, E, C, impl Flow<Self::State, E>>
    where
        F: Flow<S, E>,
        X: ShapeIs<S>,
    {
        let () = Self::FITS;
        let (_, last, flow) = self.run_layers::<C::Mode, Self::State, _, _>(
            RecurrentOutput::State,
            x.into_parts(),
            (None, ()),
            Vec::new(),
        );
        Is::of(Tensor::from_parts(last, flow))
    }

    /// [`train`](Forward::train) from a given state. Returns the output and the last state.
    #[rustfmt::skip]
    fn train_from<C: Outer, F, X, D: Outer, R>( // the state: `Tensor::zeros()`, `[h, c].stack::<0>()`, `state.with_shape()`
        &self,
        x: Tensor<X, E, Graph<C, F>>,
        state: Tensor<Self::State, E, Graph<D, R>>,
    ) -> (Outside<Self::Output, E, impl Flow<Self::Output, E>>, Tensor<Self::State, E>)
    where
        F: Flow<S, E>,
        X: ShapeIs<S>,
        R: Flow<Self::State, E>,
    {
        let () = Self::FITS;
        let (state, first) = state.into_parts();
        self.run_to_output::<Train, _, _, _>(x.into_parts(), (Some(state), first), Vec::new())
    }

    /// [`eval`](Forward::eval) from a given state. Returns the output and the last state.
    #[rustfmt::skip]
    fn eval_from<C: Outer, F, X, D: Outer, R>( // the state: `Tensor::zeros()`, `[h, c].stack::<0>()`, `state.with_shape()`
        &self,
        x: Tensor<X, E, Graph<C, F>>,
        state: Tensor<Self::State, E, Graph<D, R>>,
    ) -> (Outside<Self::Output, E, impl Flow<Self::Output, E>>, Tensor<Self::State, E>)
    where
        F: Flow<S, E>,
        X: ShapeIs<S>,
        R: Flow<Self::State, E>,
    {
        let () = Self::FITS;
        let (state, first) = state.into_parts();
        self.run_to_output::<Eval, _, _, _>(x.into_parts(), (Some(state), first), Vec::new())
    }

    /// [`infer`](Forward::infer) from a given state: nothing is recorded. Returns the output and the last state.
    #[rustfmt::skip]
    fn infer_from<C: Outer, F, X, D: Outer, R>( // the state: `Tensor::zeros()`, `[h, c].stack::<0>()`, `state.with_shape()`
        &self,
        x: Tensor<X, E, Graph<C, F>>,
        state: Tensor<Self::State, E, Graph<D, R>>,
    ) -> (Tensor<Self::Output, E>, Tensor<Self::State, E>)
    where
        X: ShapeIs<S>,
    {
        let () = Self::FITS;
        let (y, last) = self.run_to_output::<Infer, PlainConstant, (), ()>(
            (x.data, ()),
            (Some(state.data), ()),
            Vec::new(),
        );
        (Tensor::constant(y.data), last)
    }
}

/// Dropout between the layers: after each but the last. PyTorch's option `dropout`.
pub(in crate::nn) fn masks<M: Mode, E: Float>(dropout: &Dropout, sizes: Sizes) -> Masks<E> {
    let p = dropout.p;
    let count = if M::TRAINING && p > 0.0 { sizes.layers.saturating_sub(1) } else { 0 };
    let mut bits = Few::new();
    if count > 0 {
        dropout.generator.draw(|rng| (0..count).for_each(|_| bits.push(mask(sizes.output(), p, rng))));
    }
    Masks { bits, scale: E::from_f64(if p < 1.0 { 1.0 / (1.0 - p) } else { 0.0 }) }
}

/// The forward pass of a layer, from zeros.
pub(in crate::nn) fn output<M, S, E, L>(layer: &L, x: Input<S, M, E>) -> impl Traced<L::Output, M, E>
where
    M: Mode,
    S: Shape,
    E: Float,
    L: Recurrent<S, E>,
{
    layer.run_to_output::<M, _, _, _>(x.into_parts(), (None, ()), Vec::new()).0
}

/// A recurrent layer: the struct, its options, and its forward pass. `$states` is what its state is in
/// [`Sequence`](super::Sequence), and `$kind` what it computes in a step.
macro_rules! recurrent_layer {
    (
        $(#[$doc:meta])*
        $name:ident, $torch:literal, $num_gates:literal, $states:ident, |$this:ident| $kind:expr, $exists:expr
        $(, $(#[$option_doc:meta])* $option:ident: $option_type:ty)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(bound(
            serialize = "E: Float + Serialize, B: Serialize",
            deserialize = "E: Float + Deserialize<'de>, B: Deserialize<'de>"
        ))]
        pub struct $name<
            const I: usize,
            const H: usize,
            const LAYERS: usize = 1,
            const BIDIRECTIONAL: bool = false,
            E = f32,
            B = Param<(GateDim<$num_gates, H>,), E>,
        > {
            /// The parameters of all layers.
            pub layers: RecurrentParams<$num_gates, I, H, LAYERS, BIDIRECTIONAL, E, B>,
            /// Dropout between the layers.
            pub dropout: Dropout,
            $($(#[$option_doc])* pub $option: $option_type,)?
        }

        impl<const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E, B>
            $name<I, H, LAYERS, BIDIRECTIONAL, E, B>
        {
            /// In training, elements of the output of each layer but the last become 0 with the probability `p`, and
            /// the others are divided by 1 - `p`. 0 by default. PyTorch's option `dropout`.
            ///
            /// # Panics
            /// If `p` is not between 0 and 1.
            #[track_caller]
            #[must_use]
            pub fn dropout(mut self, p: f64) -> Self {
                self.dropout = self.dropout.p(p);
                self
            }

            $($(#[$option_doc])*
            #[must_use]
            pub fn $option(mut self, $option: $option_type) -> Self {
                self.$option = $option;
                self
            })?
        }

        impl<const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E, B> Init
            for $name<I, H, LAYERS, BIDIRECTIONAL, E, B>
        where
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E>,
        {
            const TYPE_HOLDS: () = $exists;
            fn new(rng: &mut Rng) -> Self {
                let () = $exists;
                let layers = RecurrentParams::new(rng);
                $name { layers, dropout: Dropout::new(rng).p(0.0), $($option: Default::default())? }
            }
        }

        #[diagnostic::do_not_recommend]
        impl<const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E, B> Module
            for $name<I, H, LAYERS, BIDIRECTIONAL, E, B>
        where
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E>,
        {
            const NUM_PARAMETERS: Option<usize> =
                RecurrentParams::<$num_gates, I, H, LAYERS, BIDIRECTIONAL, E, B>::NUM_PARAMETERS;
            const PARTS: ModuleParts = ModuleParts::named(stringify!($name));
            const TYPE_LAW: crate::shape::TypeLaw = crate::shape::TypeLaw::own(Depth::<Self, LAYERS, H>::BROKEN);

            // The parameters have no name in front of their own, as in PyTorch.
            fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
                self.layers.visit(visitor);
                visitor.enter(Name::Field("generator"));
                self.dropout.generator.visit(visitor);
                visitor.leave();
            }
            fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
                self.layers.visit_mut(visitor);
            }
        }

        #[diagnostic::do_not_recommend]
        impl<const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E, B> Biased
            for $name<I, H, LAYERS, BIDIRECTIONAL, E, B>
        {
            type WithoutBias = $name<I, H, LAYERS, BIDIRECTIONAL, E, WithoutBias>;
        }

        impl<const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E, B> fmt::Debug
            for $name<I, H, LAYERS, BIDIRECTIONAL, E, B>
        where
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E>,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                crate::nn::recurrent::shapes::printed(f, $torch, [I, H, LAYERS], [B::PRESENT, BIDIRECTIONAL], self.dropout.p, 0)
            }
        }

        impl<const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E, B> Named
            for $name<I, H, LAYERS, BIDIRECTIONAL, E, B>
        {
            const NAME: &'static str = stringify!($name);
        }

        impl<const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E, B>
            crate::ops::Recurrence for $name<I, H, LAYERS, BIDIRECTIONAL, E, B>
        where
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E> + 'static,
        {
            const PARAMETERS: Option<usize> = <Self as Module>::NUM_PARAMETERS;
            const WEIGHTS: usize = crate::ops::weights($num_gates, [I, H, LAYERS], BIDIRECTIONAL);
            type Fits<S: crate::shape::Shape> = Width<Self, S, I>;
        }

        impl<const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E, B>
            $name<I, H, LAYERS, BIDIRECTIONAL, E, B>
        where
            Directions<BIDIRECTIONAL>: Direction,
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E> + 'static,
        {
            /// The run over a sequence of shape `S`, whose state has the shape `Q`.
            fn run_sequence<S, Q, M, T, F, R>(
                &self,
                output: RecurrentOutput,
                x: (Storage<E>, F),
                state: (Option<Storage<E>>, R),
                lengths: Vec<usize>,
            ) -> (Storage<E>, Storage<E>, impl Flow<T, E>)
            where
                S: Sequence<I>,
                Q: crate::shape::Shape,
                M: Mode,
                T: crate::shape::Shape,
                F: Flow<S, E>,
                R: Flow<Q, E>,
            {
                let $this = self;
                let sizes = Sizes::layers($kind, [S::BATCH, S::TIME], [I, H, LAYERS], BIDIRECTIONAL);
                let Collected { weights, leaves } = self.layers.collected();
                let layers = Layers { sizes, weights, leaves, masks: layer::masks::<M, E>(&self.dropout, sizes), lengths };
                crate::ops::recurrent::<Self, S, T, Q, E, F, R, M::Params>(layers, output, x, state)
            }
        }

        // `Forward` for `[B, T, I]` is written out next to the layer: it is the impl that errors name.
        recurrent_layer!(@recurrent $name, $num_gates, $states, [N: Dim, L: Dim,], [N, L,], (N, L, Const<I>));
        recurrent_layer!(@forward $name, $num_gates, $states, [N: Dim, L: Dim, X: DimExpr,], [N, L, X,], (N, L, Expr<X>));
        recurrent_layer!(@forward $name, $num_gates, $states, [L: Dim,], [L,], (L, Const<I>));
        recurrent_layer!(@forward $name, $num_gates, $states, [L: Dim, X: DimExpr,], [L, X,], (L, Expr<X>));
    };
    // One impl for each shape: with one trait for all of them, a wrong width is reported again wherever the result is used.
    (@forward $name:ident, $num_gates:literal, $states:ident, [$($dims:tt)*], [$($dim:ident,)*], $input:ty) => {
        #[diagnostic::do_not_recommend]
        impl<$($dims)* const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E, B>
            Forward<$input, E> for $name<I, H, LAYERS, BIDIRECTIONAL, E, B>
        where
            Directions<BIDIRECTIONAL>: Direction,
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E> + 'static,
        {
            type Output = <$input as Sequence<I>>::Output<<Directions<BIDIRECTIONAL> as Direction>::Width<H>>;
            const LAWS: Laws = Laws::always(Width::<Self, $input, I>::BROKEN);

            fn forward<M: Mode>(&self, x: Input<$input, M, E>) -> impl Traced<Self::Output, M, E> {
                layer::output::<M, $input, E, Self>(self, x)
            }
        }

        recurrent_layer!(@recurrent $name, $num_gates, $states, [$($dims)*], [$($dim,)*], $input);
    };
    (@recurrent $name:ident, $num_gates:literal, $states:ident, [$($dims:tt)*], [$($dim:ident,)*], $input:ty) => {
        #[diagnostic::do_not_recommend]
        impl<$($dims)* const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, E, B>
            Recurrent<$input, E> for $name<I, H, LAYERS, BIDIRECTIONAL, E, B>
        where
            Directions<BIDIRECTIONAL>: Direction,
            E: Float,
            B: Bias<(GateDim<$num_gates, H>,), E> + 'static,
        {
            type State =
                <$input as Sequence<I>>::$states<<Directions<BIDIRECTIONAL> as Direction>::Count<LAYERS>, Const<H>>;

            fn run_layers<M, T, F, R>(
                &self,
                output: RecurrentOutput,
                x: (Storage<E>, F),
                state: (Option<Storage<E>>, R),
                lengths: Vec<usize>,
            ) -> (Storage<E>, Storage<E>, impl Flow<T, E>)
            where
                M: Mode,
                T: crate::shape::Shape,
                F: Flow<$input, E>,
                R: Flow<Self::State, E>,
            {
                self.run_sequence::<$input, Self::State, M, T, F, R>(output, x, state, lengths)
            }
        }
    };
}
pub(in crate::nn) use recurrent_layer;
