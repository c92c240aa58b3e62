//! Describes the modules and operations of a graph from its type, without a value.

use super::outline::{self, ModuleOutline};
use super::{Flow, InputOf, Kind, Mode, Switch};
use crate::element::Element;
use crate::module::{Forward, Module};
use crate::shape::{Broken, Law, Laws, Message, Shape};
use crate::tensor::{Computed, Input};
use std::marker::PhantomData;

/// The scope of a boundary: a module, or `()` for `shared`.
pub trait Scope {
    /// The name of the type, and the number of its parameters if the type says it. `None` if it is not a module.
    #[doc(hidden)]
    fn layer() -> Option<(&'static str, Option<usize>)>;
    /// The run of the module.
    #[doc(hidden)]
    const RUN: Option<&'static ModuleOutline>;
    /// The kind of the result, if the last operation has the kind `K`.
    #[doc(hidden)]
    type Kind<K: Kind>: Kind;
}

impl Scope for () {
    fn layer() -> Option<(&'static str, Option<usize>)> {
        None
    }
    const RUN: Option<&'static ModuleOutline> = None;
    type Kind<K: Kind> = K;
}

/// A run of the module `L` on inputs that its types check.
pub struct Call2<L>(PhantomData<fn() -> L>);

impl<L: Module> Scope for Call2<L> {
    fn layer() -> Option<(&'static str, Option<usize>)> {
        Some((std::any::type_name::<L>(), L::NUM_PARAMETERS))
    }
    const RUN: Option<&'static ModuleOutline> =
        Some(&outline::run(L::PARTS, L::NUM_PARAMETERS, (L::TYPE_LAW, Laws::MET), false));
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
        Some(&outline::run(L::PARTS, L::NUM_PARAMETERS, (L::TYPE_LAW, L::LAWS), M::TRAINING));
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

/// A module in a [`Description`].
#[derive(Debug)]
pub(crate) struct DescribedModule {
    /// The name of its type, with paths.
    pub(crate) layer: &'static str,
    /// Its nesting depth.
    pub(crate) depth: usize,
    pub(crate) output: &'static [usize],
    /// The number of repetitions in a row.
    pub(crate) times: usize,
    /// The parameters of one of them.
    pub(crate) parameters: Option<usize>,
    /// The multiply-adds of all of them.
    pub(crate) multiply_adds: usize,
}

/// The modules of a graph, in the order in which they run.
#[derive(Debug)]
pub struct Description {
    pub(crate) rows: Vec<DescribedModule>,
    /// The modules that are currently open.
    open: Vec<usize>,
    /// The number of repetitions of the part that is being described.
    times: usize,
}

impl Description {
    pub(crate) fn new() -> Self {
        Description { rows: vec![], open: vec![], times: 1 }
    }

    /// Adds multiply-adds to every module that is currently open.
    pub(crate) fn multiply_adds(&mut self, number: usize) {
        for &place in &self.open {
            self.rows[place].multiply_adds += number * self.times;
        }
    }

    /// Describes the forward pass of the module `L` in mode `M`, without running it.
    pub(crate) fn of<'m, L, M, S, E, I>(&mut self)
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
        inside(|layer: &'m L, x: Input<S, M, I>| layer.forward::<M>(x))(self);
    }

    /// Describes the inside of a boundary around a module of type `L`.
    pub(crate) fn scope<L: Scope>(&mut self, output: &'static [usize], inside: fn(&mut Description)) {
        let Some((layer, parameters)) = L::layer() else { return inside(self) };
        // No module holds one of its own type: a layer that takes a computed size runs itself with the literal one.
        if self.open.last().is_some_and(|&outer| self.rows[outer].layer == layer) {
            return inside(self);
        }
        self.open.push(self.rows.len());
        let (depth, times) = (self.open.len() - 1, self.times);
        self.rows.push(DescribedModule { layer, depth, output, times, parameters, multiply_adds: 0 });
        inside(self);
        self.open.pop();
    }

    /// Records `more` further repetitions of the module described last.
    pub(crate) fn again(&mut self, more: usize) {
        let depth = self.open.len();
        let Some(place) = self.rows.iter().rposition(|row| row.depth == depth) else { return };
        let added = self.rows[place].multiply_adds * more;
        for &place in &self.open {
            self.rows[place].multiply_adds += added;
        }
        for row in &mut self.rows[place..] {
            row.times *= more + 1;
            row.multiply_adds *= more + 1;
        }
    }

    /// Describes a part that is repeated `times` times.
    pub(crate) fn times(&mut self, times: usize, inside: fn(&mut Description)) {
        let outside = self.times;
        self.times *= times;
        inside(self);
        self.times = outside;
    }
}
