//! The outline of a graph, a constant of its type: the operations, modules and parameters upstream of a tensor.
//!
//! [`check`](crate::nn::check) reads it at compile time. It costs nothing unless it is read.

use super::Flow;
use crate::shape::{Broken, Laws, TypeLaw};
use crate::tensor::Computed;

/// The graph of a tensor, or a piece of one, in the order of the forward pass.
#[derive(Clone, Copy, Debug)]
pub enum Outline {
    /// Nothing that matters.
    Nothing,
    /// A graph that is decided at run time.
    Unknown,
    /// A requirement on sizes that is not met.
    Broken(&'static str),
    /// A parameter, or several in one: the number of elements.
    Parameters(usize),
    /// The first, then the second.
    Then(&'static Outline, &'static Outline),
    /// A piece that is there so many times, each with parameters of its own.
    Times(usize, &'static Outline),
    /// A run of a module.
    Module(&'static ModuleOutline, &'static Outline),
}

impl Outline {
    pub(super) const fn law(broken: Broken) -> Self {
        match broken {
            Some(text) => Outline::Broken(text),
            None => Outline::Nothing,
        }
    }

    /// The number of elements of all parameters, each as often as it is used. `None` if the type does not say it.
    pub(crate) const fn parameters(&self) -> Option<usize> {
        match self {
            Outline::Nothing | Outline::Broken(_) => Some(0),
            Outline::Unknown => None,
            Outline::Parameters(count) => Some(*count),
            Outline::Then(first, second) => match (first.parameters(), second.parameters()) {
                (Some(a), Some(b)) => Some(a + b),
                _ => None,
            },
            Outline::Times(times, inside) => match inside.parameters() {
                Some(count) => Some(count * *times),
                None => None,
            },
            Outline::Module(_, inside) => inside.parameters(),
        }
    }
}

/// A run of a module, in an [`Outline`].
#[derive(Clone, Copy, Debug)]
pub struct ModuleOutline {
    /// The type of the module.
    pub(crate) parts: ModuleParts,
    /// The number of elements of its parameters, if the type says it.
    pub(crate) parameters: Option<usize>,
    /// Its own requirement on the sizes of this input that is not met.
    pub(crate) broken: Broken,
}

/// The parts of a module, a constant of its type, written by `#[derive(Module)]`.
#[derive(Clone, Copy, Debug)]
pub struct ModuleParts {
    /// The name of the type, without parameters and paths. Empty if it is not known.
    pub(crate) name: &'static str,
    /// Its fields, if they are known.
    pub(crate) fields: Option<&'static [Field]>,
    /// Whether `forward` calls them in order.
    pub(crate) in_order: bool,
    /// Whether it is a layer whose result is scores.
    pub(crate) gives_scores: bool,
    /// Whether the fields are those of the one module in it, whose `forward` it runs.
    pub(crate) wraps: bool,
}

impl ModuleParts {
    /// A module whose parts are not known.
    pub const UNKNOWN: ModuleParts =
        ModuleParts { name: "", fields: None, in_order: false, gives_scores: false, wraps: false };

    /// A struct.
    #[must_use]
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        ModuleParts { name, fields: Some(fields), ..ModuleParts::UNKNOWN }
    }

    /// A layer whose result is scores: a linear layer or a convolution, which has `#[__gives_scores]` beside its struct.
    #[must_use]
    pub const fn giving_scores(self) -> Self {
        ModuleParts { gives_scores: true, ..self }
    }

    /// A tuple of layers.
    #[must_use]
    pub const fn in_order(fields: &'static [Field]) -> Self {
        ModuleParts { name: "Sequential", fields: Some(fields), in_order: true, ..ModuleParts::UNKNOWN }
    }

    /// The parts of a wrapper, which runs the `forward` of a module with these parts.
    #[must_use]
    pub const fn around(self, name: &'static str) -> Self {
        ModuleParts { name, gives_scores: false, wraps: true, ..self }
    }

    /// A module whose fields do not matter: its type, of which the parameters are left out.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        let mut end = 0;
        while end < bytes.len() && (bytes[end].is_ascii_alphanumeric() || bytes[end] == b'_') {
            end += 1;
        }
        ModuleParts { name: name.split_at(end).0, ..ModuleParts::UNKNOWN }
    }
}

/// Whether two texts are equal, in a constant.
pub(crate) const fn same_text(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (mut same, mut i) = (a.len() == b.len(), 0);
    while same && i < a.len() {
        same = a[i] == b[i];
        i += 1;
    }
    same
}

/// A field that holds a module, in [`ModuleParts`].
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(crate) name: &'static str,
    /// The name of its type.
    pub(crate) module: &'static str,
    pub(crate) parameters: Option<usize>,
    /// Whether `forward` may leave it out.
    pub(crate) may_be_unused: bool,
}

impl Field {
    /// The field `name` that holds a module with these parts.
    #[must_use]
    pub const fn new(
        name: &'static str,
        parts: ModuleParts,
        parameters: Option<usize>,
        may_be_unused: bool,
    ) -> Self {
        Field { name, module: parts.name, parameters, may_be_unused }
    }
}

/// A function of the arguments `A` that computes a tensor: `layer.forward::<M>`, `layer.forward2::<M>`.
pub(crate) trait Computes<A> {
    type Result: Computed;
}
impl<L, X, Y: Computed, F: Fn(L, X) -> Y> Computes<(L, X)> for F {
    type Result = Y;
}
impl<L, X, R, Y: Computed, F: Fn(L, X, R) -> Y> Computes<(L, X, R)> for F {
    type Result = Y;
}

/// The outline of what a function computes.
pub(crate) const fn outline_of<A, F: Copy + Computes<A>>(_: F) -> &'static Outline {
    outline::<F::Result>()
}

const fn outline<Y: Computed>() -> &'static Outline {
    <Y::Flow as Flow<Y::Shape, Y::Element>>::OUTLINE
}

/// Whether a parameter is upstream of what a function computes.
pub(crate) const fn reaches_parameters<A, F: Copy + Computes<A>>(_: F) -> bool {
    reaches::<F::Result>()
}

const fn reaches<Y: Computed>() -> bool {
    <Y::Flow as Flow<Y::Shape, Y::Element>>::REACHES
}

/// The outline of a run of a module.
pub(crate) const fn run(
    parts: ModuleParts,
    parameters: Option<usize>,
    (law, laws): (TypeLaw, Laws),
    training: bool,
) -> ModuleOutline {
    ModuleOutline { parts, parameters, broken: laws.own(law, training) }
}
