//! The runs of modules, as the graph sees them: the scopes of its boundaries.

use crate::element::Element;
use crate::graph::{
    Description, Flow, InputOf, Kind, Layer, Mode, ModuleOutline, Scope, Switch, run_outline,
};
use crate::module::{Forward, Module};
use crate::shape::{Broken, Law, Laws, Message, Shape};
use crate::tensor::{Computed, Input};
use std::marker::PhantomData;

impl<L: Module> Layer for L {
    const GIVES_SCORES: bool = L::PARTS.gives_scores;
}

/// A run of the module `L` on inputs that its types check.
pub struct Call2<L>(PhantomData<fn() -> L>);

impl<L: Module> Scope for Call2<L> {
    fn layer() -> Option<(&'static str, Option<usize>)> {
        Some((std::any::type_name::<L>(), L::NUM_PARAMETERS))
    }
    const RUN: Option<&'static ModuleOutline> =
        Some(&run_outline(L::PARTS, L::NUM_PARAMETERS, (L::TYPE_LAW, Laws::MET), false));
    type Kind<K: Kind> = K;
}

/// A run of the module `L` in mode `M`, on an input of shape `S`.
pub struct Call<L, S, E, I, M>(PhantomData<fn() -> (L, S, E, I, M)>);

impl<L, S, E, I, M> Scope for Call<L, S, E, I, M>
where
    L: Forward<S, E, I>,
    S: Shape,
    E: Element,
    I: Element,
    M: Mode,
{
    fn layer() -> Option<(&'static str, Option<usize>)> {
        Some((std::any::type_name::<L>(), L::NUM_PARAMETERS))
    }
    const RUN: Option<&'static ModuleOutline> =
        Some(&run_outline(L::PARTS, L::NUM_PARAMETERS, (L::TYPE_LAW, L::LAWS), M::TRAINING));
    type Kind<K: Kind> = K::Within<L>;
}

/// The requirement that the module `L`, if it trains in the mode `M`, can do so on an input of shape `S`.
pub type Trains<L, S, E, I, M> = <<M as Mode>::Training as Switch>::If<Fits<L, S, E, I>>;

/// The module `L` can train on an input of shape `S`.
pub struct Fits<L, S, E, I>(PhantomData<(L, S, E, I)>);

impl<L, S, E, I> Law for Fits<L, S, E, I>
where
    L: Forward<S, E, I>,
    S: Shape,
    E: Element,
    I: Element,
{
    const WRONG: Option<Message> = None;
    const BROKEN: Broken = L::LAWS.wrong_in_training();
}

/// Describes the forward pass of the module `L` in mode `M`, without running it.
pub(crate) fn describe<'m, L, M, S, E, I>(description: &mut Description)
where
    L: Forward<S, E, I> + 'm,
    M: Mode,
    S: Shape,
    E: Element,
    I: InputOf<E>,
{
    fn inside<L, X, Y: Computed>(_: impl FnOnce(L, X) -> Y) -> fn(&mut Description) {
        Y::Flow::describe
    }
    inside(|layer: &'m L, x: Input<S, M, I>| layer.forward::<M>(x))(description);
}
