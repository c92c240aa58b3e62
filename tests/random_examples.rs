//! Examples that are changed at random: what the numbers depend on.

use std::collections::BTreeSet;
use typegrad::data::{Dataset, TensorDataset};
use typegrad::prelude::*;

fn draws<D: Dataset<Example = f64>>(data: &D, seed: u64) -> Vec<f64> {
    (0..data.len()).map(|index| data.get_in_epoch(index, seed)).collect()
}

#[test]
fn every_example_of_every_epoch_draws_other_numbers() {
    let data = vec![0.0; 100].map_random(|x: f64, rng| x + rng.uniform());
    let mut all: Vec<_> = (0..50).flat_map(|seed| draws(&data, seed)).map(f64::to_bits).collect();
    all.extend((0..50).flat_map(|seed| draws(&data, u64::MAX - seed)).map(f64::to_bits));
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    assert_eq!(draws(&data, 7), draws(&data, 7));
    assert_eq!((0..100).map(|i| data.get(i)).collect::<Vec<_>>(), draws(&data, 0));
    // A mean of 5000 draws is near 1/2: five standard errors.
    let mean = (0..50).flat_map(|seed| draws(&data, seed)).sum::<f64>() / 5000.0;
    assert!((mean - 0.5).abs() < 5.0 * (1.0 / 12.0_f64 / 5000.0).sqrt(), "{mean}");
}

#[test]
fn nested_datasets_draw_different_numbers() {
    let twice = vec![0.0; 9]
        .map_random(|_: f64, rng| rng.uniform())
        .map_random(|x: f64, rng| f64::from(x == rng.uniform()));
    assert_eq!(draws(&twice, 3), [0.0; 9]);
}

/// An example does not depend on the others, or on the thread that makes the batch.
#[test]
fn the_draws_follow_the_example_and_the_epoch_only() {
    let x = Tensor::<Rank2<23, 2>>::from_fn(|i| (i / 2) as f32);
    let data = TensorDataset::new(x, Tensor::<Rank1<23>, i64>::arange());
    let data = data.map_random(|(x, y), rng| (x + rng.uniform() as f32, y)).map(|(x, y)| (x * 2.0, y));
    let seen = |batches: &mut dyn Iterator<Item = (Vec<f32>, Vec<i64>)>| {
        let mut seen = BTreeSet::new();
        for (x, y) in batches {
            seen.extend(y.iter().zip(x.chunks(2)).map(|(y, x)| (*y, x[0].to_bits(), x[1].to_bits())));
        }
        seen
    };
    macro_rules! elements {
        () => {
            |batch| (batch.data.0.real_elements().to_vec(), batch.data.1.real_elements().to_vec())
        };
    }
    let rng = || Rng::seed(5);
    let (four, five) = (data.clone().batches::<4>(), data.clone().batches::<5>());
    let plain = seen(&mut four.epoch(&mut rng()).map(elements!()));
    assert_eq!(plain.len(), 23);
    assert_eq!(seen(&mut five.epoch(&mut rng()).map(elements!())), plain);
    assert_eq!(seen(&mut five.epoch(&mut rng()).prefetch(2).map(elements!())), plain);
    let shared = (&data).batches::<4>();
    assert_eq!(seen(&mut shared.epoch(&mut rng()).map(elements!())), plain);
    // A resumed epoch is bit-identical, from each position.
    let batches: Vec<_> = four.epoch(&mut rng()).collect();
    for (i, batch) in batches.iter().enumerate() {
        let rest: Vec<_> = four.resume(batch.position).map(|batch| batch.data).collect();
        assert_eq!(rest, batches[i + 1..].iter().map(|batch| batch.data.clone()).collect::<Vec<_>>());
    }
    // A subset has the examples that it is of.
    let odd = data.clone().subset(vec![1, 3, 5]).batches::<3>();
    let seed = 11;
    let batch = odd.dataset().batch_in_epoch(&[2, 0, 1], seed);
    let one_by_one: Vec<_> = [5, 1, 3].map(|i| data.get_in_epoch(i, seed).0.to_vec()).concat();
    assert_eq!(batch.0.to_vec(), one_by_one);
}
