//! Residual connections.

use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::{Mode, ModuleParts};
use crate::rng::Rng;
use crate::shape::{Broadcast, Law, Laws, Meet, SameRank, Shape, TypeLaw};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};

/// x + f(x), where f is the layer `L`.
///
/// In: a shape that `L` keeps. Out: the same shape, where a size that `L` computes is compared with that of the input when
/// the program is built. It has no name of its own: state dicts are those of the layer.
///
/// ```
/// use typegrad::prelude::*;
/// type Block = Residual<(LayerNorm<8>, Linear<8, 32>, Relu, Linear<32, 8>)>;
/// let blocks = <[Block; 6]>::new(&mut Rng::seed(0));
/// let y: Tensor<Rank2<3, 8>> = blocks.infer(Tensor::<Rank2<3, 8>>::ones());
/// ```
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Residual<L>(
    /// The layer.
    pub L,
);

#[diagnostic::do_not_recommend]
impl<L: Module> Module for Residual<L> {
    const NUM_PARAMETERS: Option<usize> = L::NUM_PARAMETERS;
    const PARTS: ModuleParts = ModuleParts::named("Residual");
    const TYPE_LAW: TypeLaw = TypeLaw::MET.with_parts(&[L::TYPE_LAW]);

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        self.0.visit(visitor);
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        self.0.visit_mut(visitor);
    }
}

impl<L: Init> Init for Residual<L> {
    const TYPE_HOLDS: () = L::TYPE_HOLDS;
    fn new(rng: &mut Rng) -> Self {
        let () = Self::TYPE_HOLDS;
        Residual(L::new(rng))
    }
}

/// The shape of an input, which is added to one of the shape `T`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a `Residual` adds its input, of shape `{Self}`, to what its layer gives, of shape `{T}`, and they must be equal",
    label = "the layer gives the shape `{T}`",
    note = "write a last layer with the size of the input, or a layer for the input, too: `self.skip.call(x.clone()) + self.block.call(x)`"
)]
pub trait AddedTo<T: Shape>: Broadcast<T> + SameRank<T> {}

#[diagnostic::do_not_recommend]
impl<S: Broadcast<T> + SameRank<T>, T: Shape> AddedTo<T> for S {}

impl<S, E, L> Forward<S, E> for Residual<L>
where
    S: Shape + AddedTo<L::Output>,
    E: Float,
    L: Forward<S, E>,
{
    type Output = <S as Broadcast<L::Output>>::Broadcasted;
    const LAWS: Laws = L::LAWS.and(Laws::always(Meet::<S, L::Output>::BROKEN));
    #[track_caller]
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Output, M, E> {
        x.clone() + self.0.call_fitting(x)
    }
}
