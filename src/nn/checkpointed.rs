//! Less memory for more time: a module whose graph is computed again in the backward pass.

use super::recompute::Recompute;
use super::{Forward, Init, Module, Snapshot, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::{Flow, GradSlot, Mode, ModuleParts, Switch};
use crate::rng::Rng;
use crate::shape::{Laws, Shape, TypeLaw};
use crate::storage::Storage;
use crate::tensor::{Computed, Input, Tensor, Traced};
use std::marker::PhantomData;

/// A module that saves only its input, and runs again in the backward pass. PyTorch's
/// `torch.utils.checkpoint.checkpoint`.
///
/// A block of a deep network saves the intermediate tensors of every operation; inside `Checkpointed` it saves one tensor,
/// at the cost of a second forward pass. Values and gradients are bit-identical. Both runs of a random layer draw the same
/// numbers, and running statistics are updated once. (In PyTorch a batch norm in a checkpoint updates them twice.)
///
/// It adds no name: its state dict is that of the module inside. It runs modules of one input, and of two
/// ([`Forward2`](super::Forward2)); a layer that takes a state, lengths or a mask is called by such a module.
///
/// ```
/// use typegrad::nn::Checkpointed;
/// use typegrad::prelude::*;
/// let rng = &mut Rng::seed(0);
/// let plain = <[(Linear<8, 8>, Relu); 4]>::new(rng);
/// let deep = plain.clone().map(Checkpointed::new);
///
/// let x = Tensor::<Rank2<5, 8>>::ones();
/// plain.train(x.clone()).sum().backward();
/// deep.train(x).sum().backward();
/// let grads = |p: typegrad::nn::ParameterView| p.grad();
/// assert!(plain.parameters().map(grads).eq(deep.parameters().map(grads)));
/// ```
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Checkpointed<L>(L);

impl<L> Checkpointed<L> {
    /// A module that is run again in the backward pass.
    pub fn new(module: L) -> Self {
        Checkpointed(module)
    }

    /// The module, which runs twice.
    pub fn into_inner(self) -> L {
        self.0
    }

    /// The module.
    pub fn inner(&self) -> &L {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl<L: Module> Module for Checkpointed<L> {
    const NUM_PARAMETERS: Option<usize> = L::NUM_PARAMETERS;
    const PARTS: ModuleParts = L::PARTS.around("Checkpointed");
    const TYPE_LAW: TypeLaw = L::TYPE_LAW;

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        self.0.visit(visitor);
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        self.0.visit_mut(visitor);
    }
}

impl<L: Init> Init for Checkpointed<L> {
    const TYPE_HOLDS: () = L::TYPE_HOLDS;
    fn new(rng: &mut Rng) -> Self {
        let () = Self::TYPE_HOLDS;
        Checkpointed(L::new(rng))
    }
}

impl<S, E, L> Forward<S, E> for Checkpointed<L>
where
    S: Shape,
    E: Float,
    L: Forward<S, E>,
{
    type Output = L::Output;
    const LAWS: Laws = L::LAWS;
    #[track_caller]
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Output, M, E> {
        let (x, outer) = x.into_parts();
        let recorded = M::Shares::ON;
        let before = if recorded { Snapshot::of(&self.0) } else { Snapshot::default() };
        let kept = if recorded { x.clone() } else { Storage::empty() };
        let x = Tensor::from_parts(x, ());
        let (y, _) = self.0.forward::<M::Unrecorded>(x).into_tensor().into_parts();
        let input = GradSlot::new(Flow::<S, E>::needs_grad(&outer));
        // Tracked where anything is recorded, which is where `Shared` is.
        let flow = <M::Shares as Switch>::SharedFlow::<L::Output, E>::start_at(|| Recompute::<L, M, S, E> {
            module: &self.0,
            x: kept,
            input: input.another(),
            before,
            types: PhantomData,
        });
        Tensor::from_parts(y, flow.bounded::<S, _, ()>(outer, input))
    }
}
