//! Epochs: every example once, and the same when they are resumed.

use std::collections::BTreeMap;
use typegrad::data::{Batch, Dataset, Epoch, Position, TensorDataset};
use typegrad::prelude::*;

type Pairs = TensorDataset<Rank1<2>, f32, Rank0, i64>;

/// Row `i` is `[i, -i]` with the label `i`.
fn pairs<const N: usize>() -> Pairs {
    let x: Tensor<Rank2<N, 2>> = Tensor::from_fn(|i| (i / 2) as f32 * if i % 2 == 0 { 1.0 } else { -1.0 });
    TensorDataset::new(x, Tensor::<Rank1<N>, i64>::arange())
}

fn each_once<const B: usize>(epoch: Epoch<Pairs, B>, len: i64) {
    let mut seen = BTreeMap::new();
    for Batch { data: (x, y), rows, .. } in epoch {
        assert_eq!((x.num_real_rows(), y.num_real_rows()), (rows.len(), rows.len()));
        let (x, y) = (x.with_padding(), y.with_padding());
        for (row, (x, y)) in x.to_array::<[[f32; 2]; B]>().iter().zip(y.to_vec()).enumerate() {
            // Also padding is an example and its own label.
            assert_eq!((x[0], x[1]), (y as f32, -y as f32));
            if row < rows.len() {
                *seen.entry(y).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(seen, (0..len).map(|i| (i, 1)).collect());
}

#[test]
fn every_example_is_seen_once_whatever_the_sizes() {
    let rng = &mut Rng::seed(0);
    each_once(pairs::<10>().batches::<1>().epoch(rng), 10);
    each_once(pairs::<10>().batches::<3>().epoch(rng), 10);
    each_once(pairs::<10>().batches::<5>().epoch(rng), 10);
    each_once(pairs::<10>().batches::<10>().in_order(), 10);
    each_once(pairs::<10>().batches::<64>().epoch(rng), 10);
    each_once(pairs::<0>().batches::<4>().epoch(rng), 0);
}

#[test]
fn the_padding_is_the_beginning_of_the_epoch() {
    let loader = pairs::<5>().batches::<4>();
    let batches: Vec<_> = loader.in_order().map(|batch| batch.data).collect();
    let (x, y) = batches[1].clone();
    assert_eq!((x.real_elements(), y.real_elements()), (&[4.0, -4.0][..], &[4][..]));
    assert_eq!(x.with_padding().to_vec(), [4.0, -4.0, 0.0, 0.0, 1.0, -1.0, 2.0, -2.0]);
    assert_eq!(y.with_padding().to_vec(), [4, 0, 1, 2]);
}

#[test]
fn an_epoch_resumes_bit_identically_from_every_position() {
    let loader = pairs::<23>().batches::<4>();
    let mut rng = Rng::seed(5);
    let all: Vec<_> = loader.epoch(&mut rng).collect();
    assert_eq!(all.len(), loader.num_batches());
    for (i, batch) in all.iter().enumerate() {
        let position = Position::from_bytes(&batch.position.to_bytes()).unwrap();
        assert_eq!(position.examples(), (4 * i + batch.rows.len()) as u64);
        let rest: Vec<_> = loader.resume(position).map(|batch| batch.data).collect();
        assert_eq!(rest, all[i + 1..].iter().map(|batch| batch.data.clone()).collect::<Vec<_>>());
    }
    let text = serde_json::to_string(&all[0].position).unwrap();
    assert_eq!(serde_json::from_str::<Position>(&text).unwrap(), all[0].position);
    let again: Vec<_> = loader.epoch(&mut Rng::seed(5)).map(|batch| batch.data).collect();
    assert_eq!(again[3], all[3].data);
    let next: Vec<_> = loader.epoch(&mut rng).map(|batch| batch.data).collect();
    assert_ne!(next[0], all[0].data);
}

#[test]
fn only_the_bytes_of_a_position_are_one() {
    for position in [pairs::<9>().batches::<7>().in_order().next().unwrap().position, Position::from(7)] {
        let bytes = position.to_bytes();
        assert_eq!(Position::from_bytes(&bytes), Some(position));
        assert_eq!(Position::from_bytes(&bytes[..17]), Some(Position::from(7)), "those of an older version");
        for malformed in [&bytes[..16], &bytes[..24], &[&bytes[..], &[0]].concat()] {
            assert_eq!(Position::from_bytes(malformed), None);
        }
    }
    assert_eq!((Position::from_bytes(&[2; 17]), Position::from_bytes(&[2; 25])), (None, None));
    let older = r#"{"seed":3,"next":7}"#;
    let seed = [&[1, 3][..], &[0; 7], &[7], &[0; 7]].concat();
    assert_eq!(serde_json::from_str::<Position>(older).ok(), Position::from_bytes(&seed));
    // After the end there are no examples.
    let end = Position::from_bytes(&[&[1; 9][..], &[255; 8]].concat()).unwrap();
    assert_eq!(pairs::<5>().batches::<2>().resume(end).count(), 0);
}

#[test]
#[should_panic(expected = "the position is of an epoch of 10 examples, but an epoch of this loader has 7")]
fn a_position_of_a_dataset_of_another_length_panics() {
    let position = pairs::<10>().batches::<2>().in_order().next().unwrap().position;
    let _ = pairs::<7>().batches::<2>().resume(position);
}

#[test]
#[should_panic(expected = "the position is of an epoch of 8 examples, but an epoch of this loader has 5")]
fn a_position_of_a_weighted_epoch_has_the_number_of_its_samples() {
    let weighted = pairs::<5>().batches::<2>().weighted(&[1.0; 5], 8);
    let position = weighted.epoch(&mut Rng::seed(0)).next().unwrap().position;
    assert_eq!(weighted.resume(position).examples_left(), 6);
    let _ = pairs::<5>().batches::<2>().resume(position);
}

#[test]
fn a_position_without_a_length_resumes_in_any_dataset() {
    let start = pairs::<10>().batches::<2>().in_order().position();
    assert_eq!(start, 0.into());
    let position = pairs::<10>().batches::<2>().in_order().nth(1).unwrap().position;
    let older = Position::from_bytes(&position.to_bytes()[..17]).unwrap();
    assert_eq!(pairs::<7>().batches::<2>().resume(older).examples_left(), 3);
    assert_eq!(pairs::<7>().batches::<2>().resume(4.into()).examples_left(), 3);
}

#[test]
fn the_rest_is_a_batch_of_its_own_size() {
    let loader = pairs::<11>().batches::<4>();
    let mut epoch = loader.epoch(&mut Rng::seed(1));
    let mut labels: Vec<_> = epoch.full().flat_map(|batch| batch.data.1.to_vec()).collect();
    let rest = epoch.rest::<3>().unwrap();
    assert!(rest.rows.is_full());
    labels.extend(rest.data.1.to_vec());
    labels.sort_unstable();
    assert_eq!(labels, (0..11).collect::<Vec<_>>());
    assert!(loader.in_order().rest::<3>().is_none());
}

#[test]
fn items_make_the_same_batches_as_tensors() {
    let items: Vec<([f32; 2], i64)> = (0..7).map(|i| ([i as f32, -(i as f32)], i)).collect();
    let (items, tensors) = (items.batches::<3>(), pairs::<7>().batches::<3>());
    for (a, b) in items.epoch(&mut Rng::seed(2)).zip(tensors.epoch(&mut Rng::seed(2))) {
        assert_eq!(a.data, b.data);
    }
    let odd = pairs::<7>().subset(vec![1, 3, 5]).map(|(x, y)| (x * 2.0, y)).batches::<2>();
    let batches: Vec<_> = odd.in_order().map(|batch| batch.data).collect();
    assert_eq!(batches[1].0.real_elements(), [10.0, -10.0]);
    assert_eq!(batches[0].1.real_elements(), [1, 3]);
}

#[test]
fn a_missing_example_is_an_error_of_its_batch() {
    let examples: Vec<Result<f32, String>> = vec![Ok(1.0), Ok(2.0), Err("lost".into())];
    let loader = examples.batches::<2>();
    let mut epoch = loader.in_order();
    assert_eq!(epoch.next().unwrap().transpose().unwrap().data.real_elements(), [1.0, 2.0]);
    assert_eq!(epoch.next().unwrap().transpose().unwrap_err(), "lost");
}

#[test]
fn workers_make_the_same_batches() {
    let loader = pairs::<23>().batches::<4>();
    let all: Vec<_> = loader.epoch(&mut Rng::seed(1)).map(|batch| (batch.data, batch.position)).collect();
    for threads in [1, 2, 3, 5, 6, 7, 20] {
        let made = loader.epoch(&mut Rng::seed(1)).workers(threads).map(|batch| (batch.data, batch.position));
        assert_eq!(made.collect::<Vec<_>>(), all, "{threads} threads");
        let rest = loader.resume(all[2].1).workers(threads).map(|batch| (batch.data, batch.position));
        assert_eq!(rest.collect::<Vec<_>>(), all[3..], "{threads} threads");
    }
    let none = pairs::<0>().batches::<4>().in_order().workers(3);
    assert_eq!(none.count(), 0);
}

#[test]
fn a_weighted_epoch_draws_in_proportion_and_resumes_bit_identically() {
    let weights = [0.0, 1.0, 3.0, 0.0, 6.0];
    let loader = pairs::<5>().batches::<16>().weighted(&weights, 10_000);
    assert_eq!(loader.num_batches(), 625);
    let mut counts = [0.0; 5];
    let mut real = 0;
    let batches: Vec<_> = loader.epoch(&mut Rng::seed(0)).collect();
    for batch in &batches {
        batch.data.1.real_elements().iter().for_each(|i| counts[*i as usize] += 1.0);
        real += batch.rows.len();
    }
    assert_eq!((real, counts[0], counts[3]), (10_000, 0.0, 0.0));
    // 2 degrees of freedom: more than 13.8 in one of 1000 seeds.
    let expected = [1000.0, 3000.0, 6000.0];
    let square = |(count, expected): (f64, f64)| (count - expected).powi(2) / expected;
    let chi_square: f64 = [counts[1], counts[2], counts[4]].into_iter().zip(expected).map(square).sum();
    assert!(chi_square < 13.8, "{counts:?}");
    let rest: Vec<_> = loader.resume(batches[600].position).map(|batch| batch.data).collect();
    assert_eq!(rest, batches[601..].iter().map(|batch| batch.data.clone()).collect::<Vec<_>>());
    assert_eq!(loader.in_order().map(|batch| batch.rows.len()).sum::<usize>(), 5);
    assert_eq!(pairs::<5>().batches::<4>().weighted(&weights, 6).epoch(&mut Rng::seed(0)).len(), 2);
}

#[test]
#[should_panic(expected = "the weight -1.0 of example 1 is negative or not finite")]
fn a_weight_is_not_negative() {
    let _ = pairs::<2>().batches::<1>().weighted(&[1.0, -1.0], 2);
}

#[test]
#[should_panic(expected = "3 weights, but the dataset has 2 examples")]
fn each_example_has_a_weight() {
    let _ = pairs::<2>().batches::<1>().weighted(&[1.0; 3], 2);
}
