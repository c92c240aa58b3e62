//! The flow of a gradient: what the type of a graph can do.

use super::boundary::GradSlot;
use super::describe::{Description, Scope};
use super::later::Later;
use super::progress::Progress;
use crate::element::Element;
use crate::graph::{Anything, Base, InputOf, Kind, Mode, Outline};
use crate::module::Forward;
use crate::shape::{Broken, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of an operation with one tracked operand: from the gradient of its output, of shape `T`,
/// to that of its input, of shape `S`. The value that implements it holds what the operation saved.
///
/// [`apply`](Tensor::apply) attaches one of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the backward pass of an operation from a tensor of shape `{S}` to one of shape `{T}`",
    label = "not a `Pullback` from shape `{S}` to shape `{T}` with elements `{E}`",
    note = "implement `Pullback<S, T, E>`, whose `pull` takes the gradient of the output `T` and returns that of the input `S`"
)]
pub trait Pullback<S: Shape, T: Shape, E: Element> {
    /// The multiply-adds of the forward pass, for a [`Summary`](crate::nn::Summary).
    const MULTIPLY_ADDS: usize = 0;
    /// The violated requirement on the sizes, if any.
    const BROKEN: Broken = None;
    /// The gradient of the input.
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E>;
}

/// The gradients of two operands, each computed only if it is needed.
pub type Pulled<A, B, E> = (Option<Tensor<A, E>>, Option<Tensor<B, E>>);

/// The backward pass of an operation with two operands, of shapes `A` and `B`.
///
/// [`apply2`](Tensor::apply2) attaches one of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the backward pass of an operation from tensors of shapes `{A}` and `{B}` to one of shape `{T}`",
    label = "not a `Pullback2` from shapes `{A}` and `{B}` to shape `{T}` with elements `{E}`",
    note = "implement `Pullback2<A, B, T, E>`, whose `pull` returns the gradients of both operands"
)]
pub trait Pullback2<A: Shape, B: Shape, T: Shape, E: Element> {
    /// The multiply-adds of the forward pass, for a [`Summary`](crate::nn::Summary).
    const MULTIPLY_ADDS: usize = 0;
    /// The violated requirement on the sizes, if any.
    const BROKEN: Broken = None;
    /// Whether the right operand is repeated along axes that it lacks.
    #[doc(hidden)]
    const REPEATS: bool = false;
    /// The gradients of the operands, `Some` exactly where `needs_grad` says so.
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E>;
}

/// The backward pass of an operation with `N` operands of one shape.
///
/// [`apply_n`](Tensor::apply_n) attaches one of your own.
pub trait PullbackN<S: Shape, T: Shape, E: Element, const N: usize> {
    /// The gradients of the operands, in order.
    fn pull(self, grad: Tensor<T, E>) -> [Tensor<S, E>; N];
}

/// The backward pass of an operation whose input has other elements than its output.
pub trait PullbackCast<S: Shape, D: Element, T: Shape, E: Element> {
    /// The gradient of the input.
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, D>;
}

/// The backward pass from a tensor of shape `S` to the parameters upstream.
///
/// There are two implementers. `()` is untracked: operations on it save nothing, and it has size 0.
/// [`Chain`](super::Chain) is a parameter, or another [`Base`](super::Base), and the operations since.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the graph of a tensor",
    label = "not a graph",
    note = "a loss is a `Loss<impl Flow>`, another tensor with a graph an `Outside<S, E, impl Flow<S, E>>`"
)]
pub trait Flow<S: Shape = (), E: Element = f32>: Sized {
    /// Whether the type holds anything that a gradient can flow through.
    const TRACKED: bool;
    /// Whether a parameter is upstream, as far as the type knows.
    const REACHES: bool;
    /// Whether a box is in it.
    #[doc(hidden)]
    const HAS_BOXES: bool = false;
    /// The kind of result of the last operation.
    #[doc(hidden)]
    type Kind: Kind;
    /// The operations, modules and parameters upstream.
    #[doc(hidden)]
    const OUTLINE: &'static Outline;

    /// The flow of a constant, if that is of this type.
    #[doc(hidden)]
    fn empty() -> Option<Self> {
        None
    }

    /// The flow after an operation with one operand, which makes `K` of the elements. `make` runs only where a gradient will
    /// flow.
    #[doc(hidden)]
    type Then<T: Shape, B: Pullback<S, T, E>, K: Kind>: Flow<T, E>;
    #[doc(hidden)]
    fn then<T: Shape, B: Pullback<S, T, E>>(self, make: impl FnOnce() -> B) -> Self::Then<T, B, Anything>;
    #[doc(hidden)]
    fn then_as<K: Kind, T: Shape, B: Pullback<S, T, E>>(
        self,
        make: impl FnOnce() -> B,
    ) -> Self::Then<T, B, K>;

    /// The flow after an operation whose right operand has the flow `R`.
    #[doc(hidden)]
    type Join<T: Shape, S2: Shape, R: Flow<S2, E>, B: Pullback2<S, S2, T, E>>: Flow<T, E>;
    #[doc(hidden)]
    fn join<T: Shape, S2: Shape, R: Flow<S2, E>, B: Pullback2<S, S2, T, E>>(
        self,
        rhs: R,
        make: impl FnOnce() -> B,
    ) -> Self::Join<T, S2, R, B>;

    /// The flow where `self` is the right operand of an untracked left one.
    #[doc(hidden)]
    type JoinConstLeft<T: Shape, S0: Shape, B: Pullback2<S0, S, T, E>>: Flow<T, E>;
    #[doc(hidden)]
    fn join_const_left<T: Shape, S0: Shape, B: Pullback2<S0, S, T, E>>(
        self,
        make: impl FnOnce() -> B,
    ) -> Self::JoinConstLeft<T, S0, B>;

    /// The flow after an operation on `N` operands that all have this flow.
    #[doc(hidden)]
    type Merge<T: Shape, const N: usize, B: PullbackN<S, T, E, N>>: Flow<T, E>;
    #[doc(hidden)]
    fn merge<T: Shape, const N: usize, B: PullbackN<S, T, E, N>>(
        flows: [Self; N],
        make: impl FnOnce() -> B,
    ) -> Self::Merge<T, N, B>;

    /// The flow after a change of the element type to `E2`.
    #[doc(hidden)]
    type Cast<T: Shape, E2: Element, B: PullbackCast<S, E, T, E2>>: Flow<T, E2>;
    #[doc(hidden)]
    fn cast<T: Shape, E2: Element, B: PullbackCast<S, E, T, E2>>(
        self,
        make: impl FnOnce() -> B,
    ) -> Self::Cast<T, E2, B>;

    /// The flow that starts with `B`, which holds graphs of this type: none if they are untracked.
    #[doc(hidden)]
    type StartAt<T: Shape, B: Base<E, Shape = T>>: Flow<T, E>;
    #[doc(hidden)]
    fn start_at<T: Shape, B: Base<E, Shape = T>>(make: impl FnOnce() -> B) -> Self::StartAt<T, B>;

    /// The flow after a boundary around `H`, where `self` is the flow of its input. See [`Bounded`](Self::Bounded).
    #[doc(hidden)]
    type BoundaryOf<T: Shape, H: Flow<T, E>, L: Scope>: Flow<T, E>;
    #[doc(hidden)]
    fn boundary_of<T: Shape, H: Flow<T, E>, L: Scope>(
        self,
        inner: H,
        input: GradSlot<E>,
    ) -> Self::BoundaryOf<T, H, L>;

    /// The flow after a boundary around `self`, whose input has the flow `P`: untracked if `self` is. `L` is the module
    /// of the boundary, or `()`.
    #[doc(hidden)]
    type Bounded<S0: Shape, P: Flow<S0, E>, L: Scope>: Flow<S, E>;
    #[doc(hidden)]
    fn bounded<S0: Shape, P: Flow<S0, E>, L: Scope>(
        self,
        outer: P,
        input: GradSlot<E>,
    ) -> Self::Bounded<S0, P, L>;

    /// Runs a module on a value of this flow: the boundary of [`call`](crate::nn::Forward::call). A panic in a layer of this crate
    /// names the line that calls it.
    #[doc(hidden)]
    #[track_caller]
    fn call_module<M: Mode, L: Forward<S, E2, E>, E2: Element>(
        self,
        input: Storage<E>,
        module: &L,
    ) -> (Storage<E2>, impl Flow<L::Output, E2>)
    where
        E: InputOf<E2>;

    /// Runs modules of one type in sequence.
    #[doc(hidden)]
    fn repeat<M: Mode, L: Forward<S, E, E, Output = S>, const N: usize>(
        self,
        input: Storage<E>,
        modules: [Option<&L>; N],
    ) -> (Storage<E>, impl Flow<S, E>)
    where
        E: InputOf<E>;

    /// The name of the last operation, as PyTorch's `grad_fn`.
    #[doc(hidden)]
    fn name() -> Option<&'static str>;

    /// Describes the modules and operations upstream, as far as the type knows them.
    #[doc(hidden)]
    fn describe(description: &mut Description);

    /// Whether a gradient is needed here: known from the type, except inside [`shared`](Tensor::shared).
    #[doc(hidden)]
    fn needs_grad(&self) -> bool;

    /// Sends a gradient upstream.
    #[doc(hidden)]
    fn backward(self, grad: Tensor<S, E>) {
        let mut later = Later::new();
        self.backward_to_boxes(grad, &mut later);
        later.run();
    }
    /// Sends a gradient upstream as far as boxes.
    #[doc(hidden)]
    fn backward_to_boxes<'r>(self, grad: Tensor<S, E>, later: &mut Later<'r>)
    where
        Self: 'r;
    /// The same, which stops at a boundary with boxes inside.
    #[doc(hidden)]
    fn advance<'r>(self, grad: Tensor<S, E>, later: &mut Later<'r>) -> Progress<'r, ()>
    where
        Self: 'r,
    {
        self.backward_to_boxes(grad, later);
        Progress::Done(())
    }
    /// Drops it as far as boxes.
    #[doc(hidden)]
    fn dismantle<'r>(self, _: &mut Later<'r>)
    where
        Self: 'r,
    {
    }
}
