use typegrad::nn::*;
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
