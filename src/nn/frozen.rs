//! Freezing, as a type.

pub use crate::kernel::frozen::Frozen;

use super::{Forward, Forward2, Init, Module, ModuleExt, Recurrent, RecurrentCell, Visitor, VisitorMut};
use crate::element::{Element, Float};
use crate::graph::{Context, Flow, InputOf, Mode, ModuleParts};
use crate::module::{Follower, Following};
use crate::ops::RecurrentOutput;
use crate::rng::Rng;
use crate::shape::{Laws, Shape, TypeLaw};
use crate::storage::Storage;
use crate::tensor::{Computed, Input, Shared, Tensor, Traced};

impl<L: Module> Frozen<L> {
    /// Freezes a module. Its gradients are dropped.
    pub fn new(module: L) -> Self {
        module.zero_grad();
        Frozen(module)
    }

    /// The module, which trains again.
    pub fn into_inner(self) -> L {
        self.0
    }

    /// The module, read-only. A pass through this reference is not frozen.
    pub fn inner(&self) -> &L {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl<L: Module> Module for Frozen<L> {
    const NUM_PARAMETERS: Option<usize> = L::NUM_PARAMETERS;
    const PARTS: ModuleParts = L::PARTS.around("Frozen");
    const TYPE_LAW: TypeLaw = L::TYPE_LAW;

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.frozen(&self.0);
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        visitor.frozen(&mut self.0);
    }
}

impl<L: Init> Init for Frozen<L> {
    const TYPE_HOLDS: () = L::TYPE_HOLDS;
    fn new(rng: &mut Rng) -> Self {
        let () = Self::TYPE_HOLDS;
        Frozen(L::new(rng))
    }
}

impl<S, E, I, L> Forward<S, E, I> for Frozen<L>
where
    S: Shape,
    E: Element,
    I: InputOf<E>,
    L: Forward<S, E, I>,
{
    type Output = L::Output;
    const LAWS: Laws = L::LAWS.without_training();
    const FOLLOWER: Option<Follower> = L::FOLLOWER;
    fn channel_numbers(&self) -> Option<[Storage<E>; 3]> {
        self.0.channel_numbers()
    }
    fn infer_with(&self, x: &[I], next: Following<'_, E>) -> Option<(Storage<E>, usize)> {
        self.0.infer_with(x, next)
    }
    #[track_caller]
    fn forward<M: Mode>(&self, x: Input<S, M, I>) -> impl Traced<Self::Output, M, E> {
        let (x, flow) = x.into_parts();
        let x = Tensor::from_parts(x, flow);
        let (y, flow) = self.0.forward::<M::Frozen>(x).into_tensor().into_parts();
        Tensor::from_parts(y, flow)
    }
}

#[diagnostic::do_not_recommend]
impl<S, R, E, I, J, L> Forward2<S, R, E, I, J> for Frozen<L>
where
    S: Shape,
    R: Shape,
    E: Element,
    I: InputOf<E>,
    J: InputOf<E>,
    L: Forward2<S, R, E, I, J>,
{
    type Output = L::Output;
    #[track_caller]
    fn forward2<M: Mode>(&self, x: Shared<S, M, I>, y: Shared<R, M, J>) -> impl Traced<Self::Output, M, E> {
        let ((x, of_x), (y, of_y)) = (x.into_parts(), y.into_parts());
        let (x, y) = (Tensor::from_parts(x, of_x), Tensor::from_parts(y, of_y));
        let (z, flow) = self.0.forward2::<M::FrozenShares>(x, y).into_tensor().into_parts();
        Tensor::from_parts(z, flow)
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Float, L: Recurrent<S, E>> Recurrent<S, E> for Frozen<L> {
    type State = L::State;
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
        R: Flow<Self::State, E>,
    {
        self.0.run_layers::<M::FrozenShares, T, F, R>(output, x, state, lengths)
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Float, L: RecurrentCell<S, E>> RecurrentCell<S, E> for Frozen<L> {
    type State = L::State;
    type Fits = L::Fits;
    fn run_step<C, F, R>(
        &self,
        x: (Storage<E>, F),
        state: (Option<Storage<E>>, R),
    ) -> (Storage<E>, impl Flow<Self::State, E>)
    where
        C: Context,
        F: Flow<S, E>,
        R: Flow<Self::State, E>,
    {
        self.0.run_step::<C::Frozen, F, R>(x, state)
    }
}
