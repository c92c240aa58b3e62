//! Trains a network on the digits 0 to 4, freezes all but its last layer, and learns 5 to 9 from a few of them.
//!
//! `cargo run --release --example fine_tuning`

#[path = "digits/data.rs"]
mod data;

use data::{Batch, Digit};
use typegrad::optim::Group;
use typegrad::prelude::*;

const BATCH: usize = 32;
/// The examples of 5 to 9 that are learned from; the others are for testing.
const FEW: usize = 8 * BATCH;

type Backbone = (Linear<64, 64>, Relu, Linear<64, 64>, Relu);
type Head = Linear<64, 5>;

/// One epoch on batches of 32 digits in another order. Returns the mean loss.
fn epoch<N>(net: &mut N, adam: &mut Adam, digits: &mut [Digit], rng: &mut Rng) -> f32
where
    N: Module + Forward<Rank2<BATCH, 64>, Output = Rank2<BATCH, 5>>,
{
    rng.shuffle(digits);
    let (batches, _) = digits.as_chunks::<BATCH>();
    let mut sum = 0.0;
    for batch in batches {
        let Batch { images, labels } = Digit::batch(batch);
        net.zero_grad();
        sum += net.train(images).cross_entropy(&labels).backward();
        net.clip_grad_norm(1.0);
        adam.step(net);
    }
    sum / batches.len() as f32
}

/// The share of the digits that are read correctly.
fn accuracy(net: &impl Forward<Rank2<1, 64>, Output = Rank2<1, 5>>, digits: &[Digit]) -> f64 {
    let read = |digit: &Digit| {
        let Batch { images, labels } = Digit::batch(&[*digit]);
        net.infer(images).argmax_axis::<-1>() == labels
    };
    digits.iter().filter(|digit| read(digit)).count() as f64 / digits.len() as f64
}

/// PyTorch's usual groups: weights decay, biases do not.
fn adam() -> Adam {
    Adam::new(3e-3).weight_decay(1e-4).group(Group::named("bias").weight_decay(0.0))
}

fn main() -> Result<(), data::Error> {
    let rng = &mut Rng::seed(0);
    let (mut small, mut large): (Vec<_>, Vec<_>) =
        data::load()?.into_iter().partition(|digit| digit.label < 5);
    large.iter_mut().for_each(|digit| digit.label -= 5);

    let mut net = <(Backbone, Head)>::new(rng);
    let mut optimizer = adam();
    for _ in 0..10 {
        epoch(&mut net, &mut optimizer, &mut small, rng);
    }
    println!("0 to 4, all {} parameters: accuracy {:.3}", net.num_parameters(), accuracy(&net, &small));

    let (backbone, _) = net;
    let mut net = (Frozen::new(backbone), Head::new(rng));
    let before = net.0.state_dict();
    let mut optimizer = adam();
    rng.shuffle(&mut large);
    let (few, test) = large.split_at_mut(FEW);
    println!("5 to 9, a new head: accuracy {:.3}", accuracy(&net, test));
    for _ in 0..60 {
        epoch(&mut net, &mut optimizer, few, rng);
    }
    let trained: usize = net.parameters().filter(|p| p.requires_grad()).map(|p| p.numel()).sum();
    println!("5 to 9, {trained} parameters and {FEW} examples: accuracy {:.3}", accuracy(&net, test));
    assert_eq!(net.0.state_dict(), before, "what is frozen did not change");
    Ok(())
}
