//! The graph is a type.
//!
//! A tensor carries a [`Graph<C, F>`]: the [`Context`] it is computed in, and the [`Flow`] of its gradient, which
//! is the backward pass of everything upstream as one type. A backward closure is a struct that holds what its operation
//! saved. Nothing is recorded on a tape or allocated on the heap. A gradient that nothing needs is not computed, by type.
//!
//! * A tracked tensor is consumed by the operation that uses it; inside [`shared`](crate::Tensor::shared) it
//!   can be used many times. A gradient can be neither lost nor counted twice, and a graph
//!   can be run backward only once.
//! * A parameter is borrowed by the graphs it is in. Changing it while one of them lives is a borrow error.
//! * A module is a boundary: inside, its input can be used many times; outside, it is one operation.

#[cfg(test)]
mod base_tests;
mod boundary;
mod boxed;
mod bundle;
mod chain;
mod context;
mod describe;
mod digits;
mod flow;
mod kind;
mod later;
mod leaf;
mod merge;
mod mode;
mod module;
mod outline;
mod progress;
mod scan;
mod segment;
mod step_sums;
#[cfg(test)]
mod tests;
mod untracked;

pub(crate) use boundary::Waiting;
pub use boxed::Boxed;
pub(crate) use bundle::Leaves;
pub use context::{
    CompatibleWith, Context, HasItem, InsideForward, Outer, OutsideForward, PlainConstant, Records,
    RunsLayers,
};
pub(crate) use describe::DescribedModule;
pub use flow::{Flow, Pullback, Pullback2, PullbackN, Pulled};
pub(crate) use kind::{KeepsAxis, refused_by};
pub(crate) use leaf::accumulate;
pub use mode::{Eval, Infer, Mode, Off, On, Run, Sample, Switch, Train};
pub use module::InputOf;
pub(crate) use outline::{outline_of, reaches_parameters, run as run_outline, same_text};
pub(crate) use scan::ScanStep;

/// The types that graphs consist of. Programs do not name them.
#[doc(hidden)]
pub use self::{
    boundary::{GradSlot, SharedInput},
    bundle::{Bundle, Bundled},
    chain::{Base, Chain},
    describe::{Description, Scope},
    digits::{Digits, Nil, One, Pair, Zero},
    flow::PullbackCast,
    kind::{
        Anything, AsBefore, ChecksInput, Kind, Layer, LogSoftmaxAlong, Meaning, OfLogSoftmax, OfModule,
        OfReduction, OfSigmoid, OfSoftmax, PerElement,
    },
    later::Later,
    leaf::{Gradient, Leaf},
    mode::CheckMode,
    outline::{Field, ModuleOutline, ModuleParts, Outline},
    progress::{Progress, Pulling, Rest},
    scan::Scan,
    segment::{Left, Right, Segment, UnarySegment},
};
use std::marker::PhantomData;

/// `Graph`, under the name that rustc prints where a tensor is used twice: that error has no other place for an explanation.
mod named {
    use std::marker::PhantomData;

    /// The graph of a tensor: the context `C` it is computed in, and the flow `F` of its gradient.
    pub struct OnceOrShared<C, F> {
        pub(crate) flow: F,
        pub(super) context: PhantomData<fn() -> C>,
    }
}
// rustc takes the first name where it shortens a type, and the one that comes first in the alphabet elsewhere.
#[doc(hidden)]
pub use named::OnceOrShared;
#[doc(inline)]
pub use named::OnceOrShared as Graph;

/// The graph of a plain constant: empty.
pub type Constant = Graph<PlainConstant, ()>;

impl<C, F> Graph<C, F> {
    pub(crate) fn new(flow: F) -> Self {
        Graph { flow, context: PhantomData }
    }
}

/// The flow of a tensor that can be cloned: a constant, or the input of a boundary.
///
/// A tracked tensor is used once. rustc reports a second use with the bound that is missing for a clone, so the name of
/// this trait is the advice.
#[diagnostic::on_unimplemented(
    message = "a tracked tensor is used once, so that no gradient is lost or counted twice",
    label = "this tensor cannot be cloned",
    note = "to use it twice, write `x.shared(|x| x.clone() * x)`: inside the closure it can be cloned",
    note = "or use `x.value()` for one of the two, if no gradient is to flow through it; an operand is `x` itself, not `&x`"
)]
pub trait UseTwiceInsideShared: Clone {}
#[diagnostic::do_not_recommend]
impl UseTwiceInsideShared for () {}
#[diagnostic::do_not_recommend]
impl<S, E> UseTwiceInsideShared for Chain<SharedInput<S, E>, Nil> {}
