//! Freezing, as a type.

pub use crate::kernel::frozen::Frozen;

use super::{Forward, Init, Module, ModuleExt, Visitor, VisitorMut};
use crate::element::Element;
use crate::graph::{InputOf, Mode, ModuleParts};
use crate::module::{Follower, Following};
use crate::rng::Rng;
use crate::shape::{Laws, Shape, TypeLaw};
use crate::storage::Storage;
use crate::tensor::{Computed, Input, Tensor, Traced};

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
