//! The LSTM whose hidden state is a projection of the outputs of its units.

use super::layer::{self, Recurrent};
use super::params::{Collected, GateDim, RecurrentParams};
use super::shapes::{Depth, Direction, Directions, Named, Sequence, Width, printed};
use crate::element::Float;
use crate::graph::{Flow, Mode, ModuleParts};
use crate::kernel::recurrent::cell::Kind;
use crate::kernel::recurrent::recurrent::Sizes;
use crate::nn::bias::{Bias, Biased, WithoutBias};
use crate::nn::{Dropout, Forward, Init, Module, Name, Param, Visitor, VisitorMut};
use crate::ops::{Layers, RecurrentOutput};
use crate::rng::Rng;
use crate::shape::{Const, Dim, DimExpr, Expr, Law, Laws, Message, Rank2, Shape, Sum, TypeLaw};
use crate::storage::Storage;
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A long short-term memory whose h is a projection, of width `P`, of the outputs of its `H` units. PyTorch's `nn.LSTM` with
/// `proj_size=P` and `batch_first=True`.
///
/// With the gates of [`Lstm`](crate::nn::Lstm): c' = f c + i g, h' = Wr (o tanh c').
///
/// In: `[B, T, I]`, or `[T, I]` without a batch. Out: `[B, T, P]`; if `BIDIRECTIONAL`, `[B, T, P + P]`. Each of the `LAYERS` after
/// the first takes the output of the one before. P is less than H, as in PyTorch.
///
/// The parameters are PyTorch's: those of [`Lstm`](crate::nn::Lstm), where `weight_hh_l0` is `[4H, P]`, and `weight_hr_l0`,
/// `[P, H]`; all are initialized uniformly on ±1/√H. [`NoBias`](crate::nn::NoBias) leaves out the biases.
///
/// [`Recurrent`] has the methods that take a first state and return the last one: h and c side by side, `[LAYERS, B, P + H]`.
/// PyTorch's `h_n` is its `narrow::<-1, 0, P>()`, and `c_n` its `narrow::<-1, P, H>()`.
///
/// ```
/// use typegrad::prelude::*;
/// let rng = &mut Rng::seed(0);
/// let lstm = ProjectedLstm::<8, 16, 4>::new(rng);
/// let y: Tensor<Rank3<2, 10, 4>> = lstm.infer(Tensor::<Rank3<2, 10, 8>>::randn(rng));
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound(
    serialize = "E: Float + Serialize, B: Serialize",
    deserialize = "E: Float + Deserialize<'de>, B: Deserialize<'de>"
))]
pub struct ProjectedLstm<
    const I: usize,
    const H: usize,
    const P: usize,
    const LAYERS: usize = 1,
    const BIDIRECTIONAL: bool = false,
    E = f32,
    B = Param<(GateDim<4, H>,), E>,
> {
    /// The parameters of all layers.
    pub layers: RecurrentParams<4, I, H, LAYERS, BIDIRECTIONAL, E, B, P, Param<Rank2<P, H>, E>>,
    /// Dropout between the layers.
    pub dropout: Dropout,
}

/// A projection to fewer numbers than there are units.
struct Fewer<const P: usize, const H: usize>;

impl<const P: usize, const H: usize> Law for Fewer<P, H> {
    const WRONG: Option<Message> = if P > 0 && P < H {
        None
    } else {
        let message = Message::new()
            .text("ProjectedLstm: proj_size must be positive and smaller than hidden_size, got ")
            .number(P)
            .text(" of ")
            .number(H);
        Some(message)
    };
}

/// The width of a state: h and c.
type StateWidth<const P: usize, const H: usize> = Expr<Sum<Const<P>, Const<H>>>;

/// An impl for the layer, with further parameters and the trait.
macro_rules! projected {
    ($(#[$attr:meta])? [$($dims:tt)*] [$($of:tt)*] $body:tt) => {
        $(#[$attr])?
        impl<
            $($dims)*
            const I: usize,
            const H: usize,
            const P: usize,
            const LAYERS: usize,
            const BIDIRECTIONAL: bool,
            E,
            B,
        > $($of)* ProjectedLstm<I, H, P, LAYERS, BIDIRECTIONAL, E, B>
        where
            Directions<BIDIRECTIONAL>: Direction,
            E: Float,
            B: Bias<(GateDim<4, H>,), E> + 'static,
        $body
    };
}

projected!([] [Init for] {
    const TYPE_HOLDS: () = {
        let () = Depth::<Self, LAYERS, H>::HOLDS;
        let () = Fewer::<P, H>::HOLDS;
    };
    fn new(rng: &mut Rng) -> Self {
        let () = Depth::<Self, LAYERS, H>::HOLDS;
        let () = Fewer::<P, H>::HOLDS;
        ProjectedLstm { layers: RecurrentParams::new(rng), dropout: Dropout::new(rng).p(0.0) }
    }
});

projected!(#[diagnostic::do_not_recommend] [] [Module for] {
    const NUM_PARAMETERS: Option<usize> =
        RecurrentParams::<4, I, H, LAYERS, BIDIRECTIONAL, E, B, P, Param<Rank2<P, H>, E>>::NUM_PARAMETERS;
    const PARTS: ModuleParts = ModuleParts::named("ProjectedLstm");
    const TYPE_LAW: TypeLaw = TypeLaw::own(<(Depth<Self, LAYERS, H>, Fewer<P, H>)>::BROKEN);

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
});

projected!(#[diagnostic::do_not_recommend] [] [Biased for] {
    type WithoutBias = ProjectedLstm<I, H, P, LAYERS, BIDIRECTIONAL, E, WithoutBias>;
});

projected!([] [Named for] {
    const NAME: &'static str = "ProjectedLstm";
});

projected!([] [fmt::Debug for] {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bias, p) = (B::PRESENT, self.dropout.p);
        printed(f, "LSTM", [I, H, LAYERS], [bias, BIDIRECTIONAL], p, P)
    }
});

projected!([] [crate::ops::Recurrence for] {
    const PARAMETERS: Option<usize> = <Self as Module>::NUM_PARAMETERS;
    const WEIGHTS: usize = {
        let directions = if BIDIRECTIONAL { 2 } else { 1 };
        let deeper = LAYERS.saturating_sub(1) * (4 * H * (directions + 1) * P + P * H);
        directions * (4 * H * (I + P) + P * H + deeper)
    };
    type Fits<S: crate::shape::Shape> = Width<Self, S, I>;
});

projected!([] [] {
    /// In training, elements of the output of each layer but the last become 0 with the probability `p`, and the others are
    /// divided by 1 - `p`. 0 by default. PyTorch's option `dropout`.
    ///
    /// # Panics
    /// If `p` is not between 0 and 1.
    #[track_caller]
    #[must_use]
    pub fn dropout(mut self, p: f64) -> Self {
        self.dropout = self.dropout.p(p);
        self
    }

    /// The sizes of a run over a sequence of shape `S`.
    fn sizes<S: Sequence<I>>() -> Sizes {
        let sizes = Sizes::layers(Kind::Lstm, [S::BATCH, S::TIME], [I, H, LAYERS], BIDIRECTIONAL);
        Sizes { projected: P, ..sizes }
    }
});

macro_rules! sequences {
    ($([$($dims:tt)*] [$($dim:ident,)*] $input:ty;)*) => { $(
        projected!(#[diagnostic::do_not_recommend] [$($dims)*] [Forward<$input, E> for] {
            type Output = <$input as Sequence<I>>::Output<<Directions<BIDIRECTIONAL> as Direction>::Width<P>>;
            const LAWS: Laws = Laws::always(Width::<Self, $input, I>::BROKEN);

            fn forward<M: Mode>(&self, x: Input<$input, M, E>) -> impl Traced<Self::Output, M, E> {
                layer::output::<M, $input, E, Self>(self, x)
            }
        });

        projected!(#[diagnostic::do_not_recommend] [$($dims)*] [Recurrent<$input, E> for] {
            type State =
                <$input as Sequence<I>>::State<<Directions<BIDIRECTIONAL> as Direction>::Count<LAYERS>, StateWidth<P, H>>;

            fn run_layers<M, T, F, R>(
                &self,
                output: RecurrentOutput,
                x: (Storage<E>, F),
                state: (Option<Storage<E>>, R),
                lengths: Vec<usize>,
            ) -> (
                Storage<E>,
                Storage<E>,
                impl Flow<T, E>,
            )
            where
                M: Mode,
                T: Shape,
                F: Flow<$input, E>,
                R: Flow<Self::State, E>,
            {
                let sizes = Self::sizes::<$input>();
                let Collected { weights, leaves } = self.layers.collected();
                let masks = layer::masks::<M, E>(&self.dropout, sizes);
                let layers = Layers { sizes, weights, leaves, masks, lengths };
                crate::ops::recurrent::<Self, $input, T, Self::State, E, F, R, M::Params>(layers, output, x, state)
            }
        });
    )* };
}
sequences! {
    [N: Dim, L: Dim,] [N, L,] (N, L, Const<I>);
    [N: Dim, L: Dim, X: DimExpr,] [N, L, X,] (N, L, Expr<X>);
    [L: Dim,] [L,] (L, Const<I>);
    [L: Dim, X: DimExpr,] [L, X,] (L, Expr<X>);
}

impl<const I: usize, const H: usize, const P: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, T, B, E>
    crate::nn::WithElements<E> for ProjectedLstm<I, H, P, LAYERS, BIDIRECTIONAL, T, B>
where
    T: Float + crate::nn::WithElements<E, Converted = E>,
    B: crate::nn::WithElements<E>,
    E: Float,
{
    type Converted = ProjectedLstm<I, H, P, LAYERS, BIDIRECTIONAL, E, B::Converted>;
    fn with_elements(&self) -> Self::Converted {
        ProjectedLstm { layers: self.layers.with_elements(), dropout: self.dropout.clone() }
    }
}
