//! Fine-tuning: a backbone with convolutions and batch norms is frozen, and a head is trained.

use typegrad::nn::StateData;
use typegrad::prelude::*;

const CLASSES: usize = 3;

#[derive(Module, Clone)]
struct Backbone {
    conv1: Conv2d<1, 4, 3, 1, 1>,
    norm1: BatchNorm2d<4>,
    dropout: Dropout,
    conv2: Conv2d<4, 6, 3, 2, 1>,
    norm2: BatchNorm2d<6>,
    pool: AdaptiveAvgPool2d<1, 1>,
}

impl<const B: usize> Forward<Rank4<B, 1, 8, 8>> for Backbone {
    type Output = Rank2<B, 6>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 8, 8>, M>) -> impl Traced<Self::Output, M> {
        let x = self.conv1.call(x);
        let x = self.norm1.call(x).relu();
        let x = self.dropout.call(x);
        let x = self.conv2.call(x);
        let x = self.norm2.call(x).relu();
        self.pool.call(x).flatten_axes::<1, -1>().with_shape()
    }
}

type Head = Linear<6, CLASSES>;

/// Every element of the parameters and buffers, as bits, with its name.
fn bits(module: &impl Module) -> Vec<(String, Vec<u64>)> {
    let bits = |data: &StateData| match data {
        StateData::F32(x) => x.iter().map(|x| x.to_bits().into()).collect(),
        StateData::F64(x) => x.iter().map(|x| x.to_bits()).collect(),
        StateData::I64(x) => x.iter().map(|&x| x as u64).collect(),
        StateData::Bool(x) => x.iter().map(|&x| x.into()).collect(),
    };
    let dict = module.state_dict();
    dict.iter().map(|(name, tensor)| (name.to_owned(), bits(tensor.data()))).collect()
}

/// Ten steps on random images, whose mean is not that of what was seen before.
fn train<N>(net: &mut N, rng: &mut Rng, mean: f32) -> f64
where
    N: Module + Forward<Rank4<5, 1, 8, 8>, Output = Rank2<5, CLASSES>>,
{
    let mut adam = AdamW::new(0.05).weight_decay(0.1);
    let labels = Tensor::from([0, 1, 2, 1, 0]);
    let images = Tensor::<Rank4<5, 1, 8, 8>>::randn(rng) + mean;
    let mut loss = 0.0;
    for _ in 0..10 {
        net.zero_grad();
        loss = net.train(images.clone()).cross_entropy(&labels).backward();
        net.clip_grad_norm(1.0);
        adam.step(net);
    }
    loss.into()
}

#[test]
fn a_head_is_trained_and_its_backbone_is_unchanged() {
    let rng = &mut Rng::seed(3);
    let mut net = (Backbone::new(rng), Head::new(rng));
    train(&mut net, rng, 0.0);
    let (backbone, _) = net;
    let tracked = backbone.norm1.num_batches_tracked.value().item();
    assert_eq!(tracked, 10);

    let mut net = (Frozen::new(backbone), Head::new(rng));
    let (before, head) = (bits(&net.0), bits(&net.1));
    let names: Vec<_> = before.iter().map(|(name, _)| name.as_str()).collect();
    for part in ["conv1.weight", "norm2.bias", "norm1.running_var", "norm2.num_batches_tracked"] {
        assert!(names.contains(&part), "{part}: {names:?}");
    }
    let generators = net.generator_state();
    train(&mut net, rng, 4.0);
    assert_eq!(bits(&net.0), before);
    assert_eq!(net.generator_state(), generators, "what is frozen draws nothing");
    assert!(bits(&net.1).iter().zip(&head).all(|(now, before)| now != before), "the whole head is trained");

    // Thawed, everything moves: nothing above holds for another reason.
    let mut net = (net.0.into_inner(), net.1);
    train(&mut net, rng, 4.0);
    assert!(bits(&net.0).iter().zip(&before).all(|(now, before)| now != before));
    assert_eq!(net.0.norm1.num_batches_tracked.value().item(), tracked + 10);
}

/// A batch norm that is frozen computes with its running statistics, as it does in evaluation, also during training.
#[test]
fn a_frozen_batch_norm_trains_like_one_in_evaluation() {
    let rng = &mut Rng::seed(4);
    let (norm, head) = (BatchNorm1d::<3>::new(rng), Linear::<3, 2>::new(rng));
    let x = Tensor::<Rank2<7, 3>>::randn(rng) * 2.0 + 1.0;
    norm.train(x.clone()).sum().backward();
    let first = Linear::<3, 3>::new(rng);
    let thawed = (first.clone(), norm.clone(), head.clone());
    let frozen = (first, Frozen::new(norm), head);
    let a = thawed.eval(x.clone()).powi(2).sum().backward();
    let b = frozen.train(x).powi(2).sum().backward();
    assert_eq!(a, b);
    assert_eq!(thawed.0.weight.grad(), frozen.0.weight.grad());
    assert_eq!(thawed.2.weight.grad(), frozen.2.weight.grad());
    assert!(frozen.0.weight.grad().is_some() && thawed.1.weight.grad().is_some());
    assert!(frozen.1.inner().weight.grad().is_none());
}
