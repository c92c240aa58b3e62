//! The shapes that recurrent layers and cells take, those that follow, and how a layer is printed.

use crate::shape::{Const, Dim, DimExpr, Expr, Law, Message, Product, Shape, Sum};
use std::fmt;
use std::marker::PhantomData;

/// A shape that a recurrent layer with inputs of width `I` runs over: `[B, T, I]`, or `[T, I]` without a batch. The
/// width is a literal, or an expression that is compared when the program is built.
pub trait Sequence<const I: usize>: Shape {
    /// The same sequence with the width `W`.
    type Output<W: Dim>: Shape;
    /// The states of `N` layers of `H` units: `[N, B, H]`, or `[N, H]`.
    type State<N: Dim, H: Dim>: Shape;
    /// Two of them: `[2, N, B, H]`, or `[2, N, H]`.
    type States<N: Dim, H: Dim>: Shape;
    #[doc(hidden)]
    const BATCH: usize;
    #[doc(hidden)]
    const TIME: usize;
}

macro_rules! impl_sequence {
    ($(($($batch:ident)?) $width:ty, $($x:ident)?);*) => { $(
        impl<$($batch: Dim,)? T: Dim, $($x: DimExpr,)? const I: usize> Sequence<I> for ($($batch,)? T, $width) {
            type Output<W: Dim> = ($($batch,)? T, W);
            type State<N: Dim, H: Dim> = (N, $($batch,)? H);
            type States<N: Dim, H: Dim> = (Const<2>, N, $($batch,)? H);
            const BATCH: usize = 1 $(* $batch::SIZE)?;
            const TIME: usize = T::SIZE;
        }
    )* };
}
impl_sequence!((B) Const<I>,; (B) Expr<X>, X; () Const<I>,; () Expr<X>, X);

/// A shape that one step of a cell with inputs of width `I` takes: `[B, I]`, or `[I]` without a batch.
pub trait StepInput<const I: usize>: Shape {
    /// The state of `H` units: `[B, H]`, or `[H]`.
    type State<H: Dim>: Shape;
    /// Two of them: `[2, B, H]`, or `[2, H]`.
    type States<H: Dim>: Shape;
    #[doc(hidden)]
    const BATCH: usize;
}

macro_rules! impl_step_input {
    ($(($($batch:ident)?) $width:ty, $($x:ident)?);*) => { $(
        impl<$($batch: Dim,)? $($x: DimExpr,)? const I: usize> StepInput<I> for ($($batch,)? $width,) {
            type State<H: Dim> = ($($batch,)? H,);
            type States<H: Dim> = (Const<2>, $($batch,)? H);
            const BATCH: usize = 1 $(* $batch::SIZE)?;
        }
    )* };
}
impl_step_input!((B) Const<I>,; (B) Expr<X>, X; () Const<I>,; () Expr<X>, X);

/// Whether a layer runs in both directions, as a type, with the shapes that follow.
#[derive(Debug)]
pub struct Directions<const BIDIRECTIONAL: bool>;

/// The shapes that follow from [`Directions`].
pub trait Direction {
    /// The width of the output of `H` units: `H`, or `H + H`.
    type Width<const H: usize>: Dim;
    /// The number of states of `L` layers: `L`, or `2 * L`.
    type Count<const L: usize>: Dim;
}

impl Direction for Directions<false> {
    type Width<const H: usize> = Const<H>;
    type Count<const L: usize> = Const<L>;
}

impl Direction for Directions<true> {
    type Width<const H: usize> = Expr<Sum<Const<H>, Const<H>>>;
    type Count<const L: usize> = Expr<Product<Const<2>, Const<L>>>;
}

/// The name of a layer in messages.
pub trait Named {
    const NAME: &'static str;
}

/// The width of the input `S` of the layer `L`, which takes inputs of width `I`. A computed one may not fit.
pub struct Width<L, S, const I: usize>(PhantomData<(L, S)>);

impl<L: Named, S: Shape, const I: usize> Law for Width<L, S, I> {
    const WRONG: Option<Message> = {
        // The last axis: a scalar cannot be the input of a layer.
        let found = S::SIZES[S::RANK - 1];
        if S::LOST || found == I {
            None
        } else {
            let message = Message::new()
                .text("the layer `")
                .text(L::NAME)
                .text("` takes inputs of width ")
                .number(I)
                .text(", but this one is ")
                .number(found)
                .text(" wide");
            Some(message)
        }
    };
}

/// The number of layers and units of the layer `L`: neither is 0.
pub(in crate::nn) struct Depth<L, const LAYERS: usize, const H: usize>(PhantomData<L>);

impl<L: Named, const LAYERS: usize, const H: usize> Law for Depth<L, LAYERS, H> {
    const WRONG: Option<Message> = if LAYERS > 0 && H > 0 {
        None
    } else {
        let message = Message::new()
            .text("`")
            .text(L::NAME)
            .text("` needs at least one layer and one unit, but this one has ")
            .number(LAYERS)
            .text(" layers of ")
            .number(H)
            .text(" units");
        Some(message)
    };
}

/// A layer as PyTorch prints it, such as `LSTM(3, 5, num_layers=2, batch_first=True)`.
pub(in crate::nn) fn printed(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    [input, units, layers]: [usize; 3],
    [bias, bidirectional]: [bool; 2],
    dropout: f64,
    projection: usize,
) -> fmt::Result {
    write!(f, "{name}({input}, {units}")?;
    if projection > 0 {
        write!(f, ", proj_size={projection}")?;
    }
    if layers != 1 {
        write!(f, ", num_layers={layers}")?;
    }
    if !bias {
        f.write_str(", bias=False")?;
    }
    f.write_str(", batch_first=True")?;
    if dropout != 0.0 {
        write!(f, ", dropout={dropout:?}")?;
    }
    if bidirectional {
        f.write_str(", bidirectional=True")?;
    }
    f.write_str(")")
}
