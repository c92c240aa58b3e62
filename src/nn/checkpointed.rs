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
/// It adds no name: its state dict is that of the module inside.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    type Block = (Linear<4, 6, f64>, Relu, Linear<6, 4, f64>);

    /// Value, gradient of the input and gradients of the parameters of a module in training.
    fn trained(
        module: &impl Forward<Rank2<3, 4>, f64, Output = Rank2<3, 4>>,
        x: &Tensor<Rank2<3, 4>, f64>,
    ) -> (f64, Vec<f64>, Vec<Option<crate::nn::StateTensor>>) {
        let x = Param::new(x.clone());
        let loss = module.train(x.track()).powi(2).sum().backward();
        let grads = module.parameters().map(|p| p.grad()).collect();
        (loss, x.grad().expect("the input is tracked").to_vec(), grads)
    }

    #[test]
    fn values_and_gradients_are_those_of_the_module_inside() {
        let rng = &mut Rng::seed(1);
        let (block, x) = (Block::new(rng), Tensor::randn(rng));
        let plain = trained(&block, &x);
        block.zero_grad();
        assert_eq!(trained(&Checkpointed::new(block), &x), plain);
    }

    #[test]
    fn a_constant_input_trains_the_parameters() {
        let rng = &mut Rng::seed(1);
        let (block, x) = (Block::new(rng), Tensor::<Rank2<3, 4>, f64>::randn(rng));
        let twice = (Checkpointed::new(block.clone()), Checkpointed::new(block.clone()));
        let nested = Checkpointed::new((block.clone(), block.clone()));
        let once = (block.clone(), block.clone());
        let loss = once.train(x.clone()).sum().backward();
        assert_eq!(twice.train(x.clone()).sum().backward(), loss);
        assert_eq!(nested.train(x.clone()).sum().backward(), loss);
        let grad = |p: crate::nn::ParameterView| p.grad().expect("every parameter has a gradient");
        assert!(twice.parameters().map(grad).eq(once.parameters().map(grad)));
        assert!(nested.parameters().map(grad).eq(once.parameters().map(grad)));
        assert_eq!(twice.infer(x.clone()), once.infer(x));
    }

    /// Counts its runs in a buffer.
    #[derive(Module)]
    struct Counter {
        #[module(init = Tensor::zeros().into())]
        runs: Buffer<Rank0, i64>,
        fc: Linear<2, 2>,
    }

    impl Forward<Rank1<2>> for Counter {
        type Output = Rank1<2>;
        fn forward<M: Mode>(&self, x: Input<Rank1<2>, M>) -> impl Traced<Rank1<2>, M> {
            self.runs.set(self.runs.value() + 1);
            self.fc.call(x)
        }
    }

    #[test]
    fn the_second_run_does_not_change_buffers() {
        let counter = Checkpointed::new(Counter::new(&mut Rng::seed(0)));
        for run in 1..=3 {
            counter.train(Tensor::<Rank1<2>>::ones()).sum().backward();
            assert_eq!(counter.inner().runs.value().item(), run);
        }
    }

    #[test]
    fn both_runs_draw_the_same_numbers_and_statistics_are_updated_once() {
        type Random = (Linear<4, 6, f64>, Dropout, BatchNorm1d<6, f64>, Dropout, Linear<6, 4, f64>);
        let rng = &mut Rng::seed(1);
        let (plain, x) = (Random::new(rng), Tensor::randn(rng));
        let checkpointed = Checkpointed::new(plain.clone());
        for _ in 0..2 {
            assert_eq!(trained(&checkpointed, &x), trained(&plain, &x));
            assert_eq!(checkpointed.state_dict(), plain.state_dict());
            assert_eq!(checkpointed.generator_state(), plain.generator_state());
        }
        assert_eq!(plain.2.num_batches_tracked.value().item(), 2);
    }

    #[test]
    fn a_summary_shows_the_layers_inside() {
        let rows = crate::nn::Summary::<Checkpointed<Block>, Rank2<3, 4>, f64>::new().rows();
        assert_eq!(rows.len(), 4);
        assert_eq!((rows[0].parameters, rows[0].multiply_adds), (Some(58), 144));
    }
}
