//! Modules that run again in the backward pass.

use typegrad::gradcheck;
use typegrad::nn::Checkpointed;
use typegrad::prelude::*;

type Block = (Linear<4, 6, f64>, Relu, Linear<6, 4, f64>);

/// Value, gradient of the input and gradients of the parameters of a module in training.
fn trained(
    module: &impl Forward<Rank2<3, 4>, f64, Output = Rank2<3, 4>>,
    x: &Tensor<Rank2<3, 4>, f64>,
) -> (f64, Vec<f64>, Vec<Option<typegrad::nn::StateTensor>>) {
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
    let grad = |p: typegrad::nn::ParameterView| p.grad().expect("every parameter has a gradient");
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
    let rows = typegrad::nn::Summary::<Checkpointed<Block>, Rank2<3, 4>, f64>::new().rows();
    assert_eq!(rows.len(), 4);
    assert_eq!((rows[0].parameters, rows[0].multiply_adds), (Some(58), 144));
}

/// An embedding that gates a signal, with random and counting layers.
#[derive(Module, Clone)]
struct Gated {
    class: Embedding<5, 4, f64>,
    drop: Dropout,
    norm: BatchNorm1d<4, f64>,
    fc: Linear<4, 4, f64>,
}

impl Forward2<Rank2<3, 4>, Rank1<3>, f64, f64, i64> for Gated {
    type Output = Rank2<3, 4>;
    fn forward2<M: Mode>(
        &self,
        x: Shared<Rank2<3, 4>, M, f64>,
        class: Shared<Rank1<3>, M, i64>,
    ) -> impl Traced<Self::Output, M, f64> {
        let gate = self.drop.call(self.class.call(class));
        self.fc.call(self.norm.call(x.clone() * gate)) + x
    }
}

/// x and y, each used twice.
#[derive(Module, Clone)]
struct Product {
    fc: Linear<4, 4, f64>,
}

impl Forward2<Rank2<3, 4>, Rank2<3, 4>, f64> for Product {
    type Output = Rank2<3, 4>;
    fn forward2<M: Mode>(
        &self,
        x: Shared<Rank2<3, 4>, M, f64>,
        y: Shared<Rank2<3, 4>, M, f64>,
    ) -> impl Traced<Self::Output, M, f64> {
        (self.fc.call(x.clone() * y.clone()) + y).tanh() * x
    }
}

#[test]
fn two_inputs_have_the_gradients_of_the_module_inside() {
    let rng = &mut Rng::seed(2);
    let plain = Product::new(rng);
    let (x, y) = (Tensor::<Rank2<3, 4>, f64>::randn(rng), Tensor::<Rank2<3, 4>, f64>::randn(rng));
    let twice = Checkpointed::new(plain.clone());
    gradcheck((x.clone(), y.clone()), |(x, y)| twice.train2(x, y).powi(2).sum()).unwrap();
    gradcheck(y.clone(), |y| twice.eval2(x.clone(), y).powi(2).sum()).unwrap();
    twice.zero_grad();
    assert_eq!(twice.infer2(x.clone(), y.clone()), plain.infer2(x.clone(), y.clone()));
    let loss = plain.train2(x.clone(), y.clone()).powi(2).sum().backward();
    assert_eq!(twice.train2(x.clone(), y.clone()).powi(2).sum().backward(), loss);
    assert_eq!(twice.inner().fc.weight.grad(), plain.fc.weight.grad());

    twice.zero_grad();
    gradcheck((x, y), |(x, y)| Frozen::of(&twice).train2(x, y).powi(2).sum()).unwrap();
    assert!(twice.parameters().all(|p| p.grad().is_none()));
}

#[test]
fn an_input_of_indices_is_kept_too() {
    let rng = &mut Rng::seed(3);
    let plain = Gated::new(rng);
    let twice = Checkpointed::new(plain.clone());
    let (x, class) = (Param::new(Tensor::<Rank2<3, 4>, f64>::randn(rng)), Tensor::from([4, 0, 4]));
    for _ in 0..2 {
        let loss = plain.train2(x.track(), class.clone()).powi(2).sum().backward();
        let grad = x.grad();
        x.zero_grad();
        assert_eq!(twice.train2(x.track(), class.clone()).powi(2).sum().backward(), loss);
        assert_eq!(x.grad(), grad);
        x.zero_grad();
        assert!(twice.parameters().map(|p| p.grad()).eq(plain.parameters().map(|p| p.grad())));
        assert_eq!(twice.state_dict(), plain.state_dict());
        assert_eq!(twice.generator_state(), plain.generator_state());
    }
}
