//! Lesson 6 of 17: trains a convolutional network on the digits 0 to 4, freezes all but its last layer, and learns 5 to 9
//! from a few of them.
//!
//! Topics: `Frozen`, which changes neither parameters nor buffers, such as the running statistics of batch
//! normalization; parameter groups with their own options; parts of a data set.
//!
//! `cargo run --release --example fine_tuning`
//!
//! Expected: less than a second; the last line is `5 to 9, 645 parameters and 256 examples: accuracy 0.967` or near it.

#[path = "digits/data.rs"]
mod data;

use typegrad::data::{Batch, DataLoader, Dataset};
use typegrad::optim::Group;
use typegrad::prelude::*;

const BATCH: usize = 32;
/// The examples of 5 to 9 that are learned from; the others are for testing.
const FEW: usize = 8 * BATCH;

type Block<const I: usize, const O: usize> = (Conv2d<I, O, 3, 1, 1>, BatchNorm2d<O>, Relu, MaxPool2d<2>);
type Backbone = (Unflatten<Rank3<1, 8, 8>>, Block<1, 16>, Block<16, 32>, Flatten);
type Head = Linear<128, 5>;
/// The pixels of a digit and its label.
type Digit = (Tensor<Rank1<64>>, Tensor<Rank0, i64>);

/// One epoch on batches of 32 digits in another order.
fn epoch<N, D>(net: &mut N, adam: &mut Adam, digits: &DataLoader<D, BATCH>, rng: &mut Rng)
where
    N: Module + Forward<Rank2<BATCH, 64>, Output = Rank2<BATCH, 5>>,
    D: Dataset<Example = Digit>,
{
    for Batch { data: (images, labels), .. } in digits.epoch(rng) {
        net.zero_grad();
        net.train(images).cross_entropy(&labels).backward();
        net.clip_grad_norm(1.0);
        adam.step(net);
    }
}

/// The share of the digits that are read correctly.
fn accuracy<N, D>(net: &N, digits: &DataLoader<D, BATCH>) -> f64
where
    N: Forward<Rank2<BATCH, 64>, Output = Rank2<BATCH, 5>>,
    D: Dataset<Example = Digit>,
{
    let mut right = 0;
    for Batch { data: (images, labels), .. } in digits.in_order() {
        right += net.infer(images).argmax_axis::<-1>().eq(&labels).count_nonzero().item();
    }
    right as f64 / digits.dataset().len() as f64
}

/// PyTorch's usual groups: weights decay, biases and what norms multiply with do not.
fn adam() -> Adam {
    Adam::new(3e-3).weight_decay(1e-4).group(Group::of_rank(1).weight_decay(0.0))
}

fn main() -> Result<(), data::Error> {
    let rng = &mut Rng::seed(0);
    let digits = data::load()?;
    let (small, mut large): (Vec<_>, Vec<_>) =
        (0..digits.len()).partition(|&i| digits.targets().as_slice()[i] < 5);
    let small = digits.clone().subset(small).batches();
    let from_five =
        |indices| digits.clone().subset(indices).map(|(pixels, label)| (pixels, label - 5)).batches();

    let mut net = <(Backbone, Head)>::new(rng);
    let mut optimizer = adam();
    for _ in 0..10 {
        epoch(&mut net, &mut optimizer, &small, rng);
    }
    println!("0 to 4, all {} parameters: accuracy {:.3}", net.num_parameters(), accuracy(&net, &small));

    let (backbone, _) = net;
    let mut net = (Frozen::new(backbone), Head::new(rng));
    let before = net.0.state_dict();
    let mut optimizer = adam();
    rng.shuffle(&mut large);
    let (test, few) = (from_five(large.split_off(FEW)), from_five(large));
    println!("5 to 9, a new head: accuracy {:.3}", accuracy(&net, &test));
    for _ in 0..60 {
        epoch(&mut net, &mut optimizer, &few, rng);
    }
    let trained: usize = net.parameters().filter(|p| p.requires_grad()).map(|p| p.numel()).sum();
    println!("5 to 9, {trained} parameters and {FEW} examples: accuracy {:.3}", accuracy(&net, &test));
    assert_eq!(net.0.state_dict(), before, "what is frozen did not change");
    Ok(())
}
