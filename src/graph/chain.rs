//! A tracked graph: a base, and the operations since, in a [binary counter](super::digits).

use super::boundary::{Bound, GradSlot, Repeat, Step, Waiting};
use super::describe::{Description, Scope};
use super::digits::{Digits, Nil};
use super::flow::{Flow, Pullback, Pullback2, PullbackCast, PullbackN};
use super::kind::{Anything, Kind};
use super::later::Later;
use super::merge::{Casting, Merging};
use super::outline::Outline;
use super::progress::Progress;
use super::segment::{Left, Right, Segment, UnarySegment};
use super::{InputOf, Mode, On, Switch};
use crate::element::Element;
use crate::module::{Call, Forward};
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::{Computed, Tensor};

/// The start of a tracked graph, where its gradient ends: a parameter, the input of a boundary, or other graphs.
pub trait Base<E: Element> {
    /// The shape of the gradient it takes.
    type Shape: Shape;
    /// Whether a parameter is here or upstream.
    const REACHES: bool;
    /// Whether it is a box, or holds one that [`advance`](Self::advance) can wait for.
    const HAS_BOXES: bool = false;
    /// The kind of its elements.
    type Kind: Kind;
    /// The operations, modules and parameters in it and upstream.
    const OUTLINE: &'static Outline;
    /// The name that `grad_fn` shows.
    #[doc(hidden)]
    fn name() -> Option<&'static str>;
    /// Describes the modules and operations here and upstream, as far as the type knows them.
    #[doc(hidden)]
    fn describe(_: &mut Description) {}
    /// Whether the gradient will be used.
    #[doc(hidden)]
    fn needs_grad(&self) -> bool;
    /// Takes the gradient.
    #[doc(hidden)]
    fn accept<'r>(self, grad: Tensor<Self::Shape, E>, later: &mut Later<'r>)
    where
        Self: 'r;
    /// The same, which stops at a boundary with boxes inside.
    #[doc(hidden)]
    fn advance<'r>(self, grad: Tensor<Self::Shape, E>, later: &mut Later<'r>) -> Progress<'r, ()>
    where
        Self: Sized + 'r,
    {
        self.accept(grad, later);
        Progress::Done(())
    }
    /// Drops it as far as boxes.
    #[doc(hidden)]
    fn dismantle<'r>(self, _: &mut Later<'r>)
    where
        Self: Sized + 'r,
    {
    }
}

/// A tracked graph: the base `P`, and the operations since, as the digits `D` of a binary counter.
#[derive(Clone)]
pub struct Chain<P, D> {
    base: P,
    digits: D,
}

impl<P> Chain<P, Nil> {
    pub(crate) fn new(base: P) -> Self {
        Chain { base, digits: Nil }
    }
}

impl<P, D> Chain<P, D> {
    fn push<S, T, U, E, X>(self, segment: X) -> Chain<P, D::Push<U, X>>
    where
        S: Shape,
        T: Shape,
        U: Shape,
        E: Element,
        D: Digits<S, T, E>,
        X: Segment<T, U, E>,
    {
        Chain { base: self.base, digits: self.digits.push(segment) }
    }
}

#[diagnostic::do_not_recommend]
impl<S, E, P, D> Flow<S, E> for Chain<P, D>
where
    S: Shape,
    E: Element,
    P: Base<E>,
    D: Digits<P::Shape, S, E>,
{
    const TRACKED: bool = true;
    const REACHES: bool = P::REACHES || D::HAS_SIDE_INPUT;
    const HAS_BOXES: bool = P::HAS_BOXES || D::HAS_BOXES;
    type Kind = <D::Kind as Kind>::After<P::Kind>;
    const OUTLINE: &'static Outline = &Outline::Then(P::OUTLINE, D::OUTLINE);

    type Then<T: Shape, B: Pullback<S, T, E>, K: Kind> = Chain<P, D::Push<T, UnarySegment<B, K>>>;
    fn then<T: Shape, B: Pullback<S, T, E>>(self, make: impl FnOnce() -> B) -> Self::Then<T, B, Anything> {
        let before = Waiting::new(self);
        let operation = make();
        Waiting::into_inner(before).push(UnarySegment::new(operation))
    }
    fn then_as<K: Kind, T: Shape, B: Pullback<S, T, E>>(
        self,
        make: impl FnOnce() -> B,
    ) -> Self::Then<T, B, K> {
        let before = Waiting::new(self);
        let operation = make();
        Waiting::into_inner(before).push(UnarySegment::new(operation))
    }

    type Join<T: Shape, S2: Shape, R: Flow<S2, E>, B: Pullback2<S, S2, T, E>> =
        Chain<P, D::Push<T, Left<B, R, S2>>>;
    fn join<T: Shape, S2: Shape, R: Flow<S2, E>, B: Pullback2<S, S2, T, E>>(
        self,
        rhs: R,
        make: impl FnOnce() -> B,
    ) -> Self::Join<T, S2, R, B> {
        let before = Waiting::new(self);
        let operation = make();
        Waiting::into_inner(before).push(Left::new(operation, rhs))
    }

    type JoinConstLeft<T: Shape, S0: Shape, B: Pullback2<S0, S, T, E>> = Chain<P, D::Push<T, Right<B, S0>>>;
    fn join_const_left<T: Shape, S0: Shape, B: Pullback2<S0, S, T, E>>(
        self,
        make: impl FnOnce() -> B,
    ) -> Self::JoinConstLeft<T, S0, B> {
        let before = Waiting::new(self);
        let operation = make();
        Waiting::into_inner(before).push(Right::new(operation))
    }

    type Merge<T: Shape, const N: usize, B: PullbackN<S, T, E, N>> = Chain<Merging<S, T, Self, B, N>, Nil>;
    fn merge<T: Shape, const N: usize, B: PullbackN<S, T, E, N>>(
        flows: [Self; N],
        make: impl FnOnce() -> B,
    ) -> Self::Merge<T, N, B> {
        Chain::new(Merging::new(flows, make()))
    }

    type Cast<T: Shape, E2: Element, B: PullbackCast<S, E, T, E2>> = Chain<Casting<S, E, T, Self, B>, Nil>;
    fn cast<T: Shape, E2: Element, B: PullbackCast<S, E, T, E2>>(
        self,
        make: impl FnOnce() -> B,
    ) -> Self::Cast<T, E2, B> {
        Chain::new(Casting::new(self, make()))
    }

    type StartAt<T: Shape, B: Base<E, Shape = T>> = Chain<B, Nil>;
    fn start_at<T: Shape, B: Base<E, Shape = T>>(make: impl FnOnce() -> B) -> Self::StartAt<T, B> {
        Chain::new(make())
    }

    type BoundaryOf<T: Shape, H: Flow<T, E>, L: Scope> = Chain<P, D::Push<T, Bound<H, E, L>>>;
    fn boundary_of<T: Shape, H: Flow<T, E>, L: Scope>(
        self,
        inner: H,
        input: GradSlot<E>,
    ) -> Self::BoundaryOf<T, H, L> {
        self.push(Bound::new(inner, input))
    }

    type Bounded<S0: Shape, Q: Flow<S0, E>, L: Scope> = Q::BoundaryOf<S, Self, L>;
    fn bounded<S0: Shape, Q: Flow<S0, E>, L: Scope>(
        self,
        outer: Q,
        input: GradSlot<E>,
    ) -> Self::Bounded<S0, Q, L> {
        outer.boundary_of(self, input)
    }

    #[inline(never)]
    #[track_caller]
    fn call_module<M: Mode, L: Forward<S, E2, E>, E2: Element>(
        self,
        input: Storage<E>,
        module: &L,
    ) -> (Storage<E2>, impl Flow<L::Output, E2>)
    where
        E: InputOf<E2>,
    {
        let outer = Waiting::new(self);
        let slot = GradSlot::new(Flow::<S, E>::needs_grad(&*outer));
        let x = Tensor::from_parts(input, <On as Switch>::share(&slot));
        let (y, inner) = module.forward::<M::OnTracked>(x).into_tensor().into_parts();
        let outer = Waiting::into_inner(outer);
        (y, E::after_boundary::<_, _, _, _, Call<L, S, E2, E, M>>(inner, outer, slot))
    }

    fn repeat<M: Mode, L: Forward<S, E, E, Output = S>, const N: usize>(
        self,
        input: Storage<E>,
        modules: [Option<&L>; N],
    ) -> (Storage<E>, impl Flow<S, E>)
    where
        E: InputOf<E>,
    {
        let mut value = input;
        let steps = modules.map(|module| {
            module.map(|module| {
                let slot = GradSlot::new(true);
                // Moved, not cloned: a value with one owner can be reused by the operation that consumes it.
                let x = std::mem::replace(&mut value, Storage::empty());
                let x = Tensor::from_parts(x, <On as Switch>::share(&slot));
                let (y, inner) = module.forward::<M::OnTracked>(x).into_tensor().into_parts();
                value = y;
                Step::new(inner, slot)
            })
        });
        (value, self.push(Repeat(steps)))
    }

    fn name() -> Option<&'static str> {
        D::name().or(P::name())
    }

    fn describe(description: &mut Description) {
        P::describe(description);
        D::describe(description);
    }

    fn needs_grad(&self) -> bool {
        D::HAS_SIDE_INPUT || self.base.needs_grad()
    }

    fn backward_to_boxes<'r>(self, grad: Tensor<S, E>, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        let (base, digits) = (Waiting::new(self.base), Waiting::new(self.digits));
        let needs_grad = base.needs_grad();
        let grad = Waiting::into_inner(digits).pull(grad, needs_grad, later);
        let base = Waiting::into_inner(base);
        if let Some(grad) = grad {
            base.accept(grad, later);
        }
    }

    fn advance<'r>(self, grad: Tensor<S, E>, later: &mut Later<'r>) -> Progress<'r, ()>
    where
        Self: 'r,
    {
        if !<Self as Flow<S, E>>::HAS_BOXES {
            self.backward_to_boxes(grad, later);
            return Progress::Done(());
        }
        let (base, digits) = (Waiting::new(self.base), Waiting::new(self.digits));
        let needs_grad = base.needs_grad();
        let run = Waiting::into_inner(digits).advance(grad, needs_grad, later);
        run.then(later, move |grad, later| match (grad, Waiting::into_inner(base)) {
            (Some(grad), base) => base.advance(grad, later),
            _ => Progress::Done(()),
        })
    }

    fn dismantle<'r>(self, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.digits.dismantle(later);
        self.base.dismantle(later);
    }
}
