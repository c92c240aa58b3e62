//! Freezing, as a type.

use super::{Forward, Init, Module, ModuleExt, Visitor, VisitorMut};
use crate::element::Element;
use crate::graph::{InputOf, Mode};
use crate::rng::Rng;
use crate::shape::Shape;
use crate::tensor::{Computed, Input, Tensor, Traced};

/// A module that does not train. PyTorch's `requires_grad_(False)` and `eval()` on a part of a network.
///
/// - Its parameters record nothing: no gradient is computed or stored for them, and on a constant input nothing is
///   saved at all. The gradient still flows through it to its input.
/// - Its layers run as in evaluation: dropout drops nothing, and running statistics stay as they are. (In PyTorch a
///   forgotten `eval()` lets a frozen batch norm drift.)
/// - An optimizer, [`zero_grad`](super::ModuleExt::zero_grad) and clipping pass it over.
/// - It adds no name: its state dict is that of the module inside.
///
/// ```
/// use typegrad::nn::Frozen;
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Tuned {
///     backbone: Frozen<Linear<8, 4>>,
///     head: Linear<4, 2>,
/// }
///
/// impl<const B: usize> Forward<Rank2<B, 8>> for Tuned {
///     type Output = Rank2<B, 2>;
///     fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
///         let x = self.backbone.call(x).relu();
///         self.head.call(x)
///     }
/// }
///
/// let rng = &mut Rng::seed(0);
/// let pretrained = Linear::new(rng);
/// let mut net = Tuned { backbone: Frozen::new(pretrained.clone()), head: Linear::new(rng) };
/// let mut sgd = Sgd::new(0.1);
/// net.train(Tensor::<Rank2<3, 8>>::ones()).powi(2).sum().backward();
/// sgd.step(&mut net);
/// assert_eq!(net.backbone.into_inner().weight.value(), pretrained.weight.value());
/// ```
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Frozen<L>(L);

impl<L: Module> Frozen<L> {
    /// Freezes a module. The gradients it has are forgotten.
    pub fn new(mut module: L) -> Self {
        module.zero_grad();
        Frozen(module)
    }

    /// The module, which trains again.
    pub fn into_inner(self) -> L {
        self.0
    }

    /// The module, for looking at it. What is run through this reference is not frozen.
    pub fn inner(&self) -> &L {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl<L: Module> Module for Frozen<L> {
    const NUM_PARAMETERS: Option<usize> = L::NUM_PARAMETERS;

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.frozen(&self.0);
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        visitor.frozen(&mut self.0);
    }
}

impl<L: Init> Init for Frozen<L> {
    fn new(rng: &mut Rng) -> Self {
        Frozen(L::new(rng))
    }
}

#[diagnostic::do_not_recommend]
impl<S, E, I, L> Forward<S, E, I> for Frozen<L>
where
    S: Shape,
    E: Element,
    I: InputOf<E>,
    L: Forward<S, E, I>,
{
    type Output = L::Output;
    fn forward<M: Mode>(&self, x: Input<S, M, I>) -> impl Traced<Self::Output, M, E> {
        let (x, flow) = x.into_parts();
        let x = Tensor::from_parts(x, flow);
        let (y, flow) = self.0.forward::<M::Frozen>(x).into_tensor().into_parts();
        Tensor::from_parts(y, flow)
    }
}
