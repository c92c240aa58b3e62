//! No graph: the flow of constants.

use super::boundary::GradSlot;
use super::describe::{Description, Scope};
use super::flow::{Flow, Pullback, Pullback2, PullbackCast, PullbackN};
use super::kind::{Anything, Kind};
use super::later::Later;
use super::outline::Outline;
use super::{Base, InputOf, Mode};
use crate::element::Element;
use crate::module::Forward;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::{Computed, Tensor};

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element> Flow<S, E> for () {
    const TRACKED: bool = false;
    const REACHES: bool = false;
    type Kind = Anything;
    const OUTLINE: &'static Outline = &Outline::Nothing;

    fn empty() -> Option<Self> {
        Some(())
    }

    type Then<T: Shape, B: Pullback<S, T, E>, K: Kind> = ();
    fn then<T: Shape, B: Pullback<S, T, E>>(self, _: impl FnOnce() -> B) {}
    fn then_as<K: Kind, T: Shape, B: Pullback<S, T, E>>(self, _: impl FnOnce() -> B) {}

    type Join<T: Shape, S2: Shape, R: Flow<S2, E>, B: Pullback2<S, S2, T, E>> = R::JoinConstLeft<T, S, B>;
    fn join<T: Shape, S2: Shape, R: Flow<S2, E>, B: Pullback2<S, S2, T, E>>(
        self,
        rhs: R,
        make: impl FnOnce() -> B,
    ) -> R::JoinConstLeft<T, S, B> {
        rhs.join_const_left(make)
    }

    type JoinConstLeft<T: Shape, S0: Shape, B: Pullback2<S0, S, T, E>> = ();
    fn join_const_left<T: Shape, S0: Shape, B: Pullback2<S0, S, T, E>>(self, _: impl FnOnce() -> B) {}

    type Merge<T: Shape, const N: usize, B: PullbackN<S, T, E, N>> = ();
    fn merge<T: Shape, const N: usize, B: PullbackN<S, T, E, N>>(_: [Self; N], _: impl FnOnce() -> B) {}

    type Cast<T: Shape, E2: Element, B: PullbackCast<S, E, T, E2>> = ();
    fn cast<T: Shape, E2: Element, B: PullbackCast<S, E, T, E2>>(self, _: impl FnOnce() -> B) {}

    type StartAt<T: Shape, B: Base<E, Shape = T>> = ();
    fn start_at<T: Shape, B: Base<E, Shape = T>>(_: impl FnOnce() -> B) {}

    type BoundaryOf<T: Shape, H: Flow<T, E>, L: Scope> =
        super::Chain<super::boundary::Start<H, T, L>, super::Nil>;
    fn boundary_of<T: Shape, H: Flow<T, E>, L: Scope>(
        self,
        inner: H,
        _: GradSlot<E>,
    ) -> Self::BoundaryOf<T, H, L> {
        super::Chain::new(super::boundary::Start::new(inner))
    }

    type Bounded<S0: Shape, P: Flow<S0, E>, L: Scope> = ();
    fn bounded<S0: Shape, P: Flow<S0, E>, L: Scope>(self, _: P, _: GradSlot<E>) {}

    // A module on a constant has no boundary: its graph is that of its parameters.
    #[track_caller]
    fn call_module<M: Mode, L: Forward<S, E2, E>, E2: Element>(
        self,
        input: Storage<E>,
        module: &L,
    ) -> (Storage<E2>, impl Flow<L::Output, E2>)
    where
        E: InputOf<E2>,
    {
        module.forward::<M::OnConstant>(Tensor::from_parts(input, ())).into_tensor().into_parts()
    }

    fn repeat<M: Mode, L: Forward<S, E, E, Output = S>, const N: usize>(
        self,
        mut value: Storage<E>,
        modules: [Option<&L>; N],
    ) -> (Storage<E>, impl Flow<S, E>)
    where
        E: InputOf<E>,
    {
        for module in modules.into_iter().flatten() {
            // The result is a constant too, or else `repeat` of `Chain` would run.
            value = Flow::<S, E>::call_module::<M, L, E>((), value, module).0;
        }
        (value, ())
    }

    fn name() -> Option<&'static str> {
        None
    }

    fn describe(_: &mut Description) {}

    fn needs_grad(&self) -> bool {
        false
    }

    fn backward_to_boxes<'r>(self, _: Tensor<S, E>, _: &mut Later<'r>)
    where
        Self: 'r,
    {
    }
}
