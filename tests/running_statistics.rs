//! Batch norms in the modes of a network: when their statistics change, and what they are.

use typegrad::nn::Strict;
use typegrad::prelude::*;

type Images = Tensor<Rank4<2, 3, 2, 2>>;

fn images(seed: u64) -> Images {
    Tensor::randn(&mut Rng::seed(seed)) + 2.0
}

#[test]
fn a_frozen_one_keeps_its_statistics_and_lets_the_gradient_through() {
    let norm = BatchNorm2d::<3>::new(&mut Rng::seed(0));
    let _ = norm.train(images(1));
    let (state, expected) = (norm.state_dict(), norm.infer(images(2)));
    let frozen = Frozen::new(norm);
    let x = Param::new(images(2));
    let y = frozen.train(x.track());
    assert_eq!(y.value(), expected);
    y.sum().backward();
    assert_eq!(frozen.state_dict(), state);
    assert!(frozen.inner().weight.grad().is_none());
    let variances = frozen.inner().running_var.value();
    let gains: Vec<_> = variances.as_slice().iter().map(|v| 1.0 / (v + 1e-5).sqrt()).collect();
    let dx = x.grad().unwrap();
    assert!(
        dx.as_slice()
            .chunks(4)
            .zip(gains.iter().cycle())
            .all(|(dx, s)| dx.iter().all(|d| (d - s).abs() < 1e-6))
    );
}

#[test]
fn training_without_gradients_tracks_and_evaluation_does_not() {
    let norm = BatchNorm2d::<3>::new(&mut Rng::seed(0));
    let y = norm.sample(images(1));
    assert_eq!(norm.num_batches_tracked.value().item(), 1);
    assert_eq!(y, norm.train(images(1)).value());
    assert_eq!(norm.num_batches_tracked.value().item(), 2);
    let state = norm.state_dict();
    let _ = (norm.eval(images(2)).value(), norm.infer(images(2)));
    assert_eq!(norm.state_dict(), state);
}

#[test]
fn a_clone_has_statistics_of_its_own() {
    let norm = BatchNorm2d::<3>::new(&mut Rng::seed(0));
    let clone = norm.clone();
    let _ = clone.sample(images(1));
    assert_ne!(norm.running_mean.value(), clone.running_mean.value());
}

#[test]
fn the_options_are_not_part_of_the_state() {
    let mut norm = BatchNorm2d::<3>::new(&mut Rng::seed(0)).momentum(0.5).eps(1e-3);
    norm.load_state_dict(&BatchNorm2d::<3>::new(&mut Rng::seed(0)).state_dict(), Strict::Yes).unwrap();
    assert_eq!((norm.momentum, norm.eps), (Some(0.5), 1e-3));
}

/// The output and the running statistics are those of the definition, from a mean and a variance in `f64`.
#[test]
fn computed_channels_fit() {
    let norm = BatchNorm1d::<5>::new(&mut Rng::seed(0));
    norm.running_mean.set(Tensor::from_fn(|i| i as f32));
    norm.running_var.set(Tensor::from_fn(|i| 1.0 + i as f32));
    let rng = &mut Rng::seed(1);
    let x = (Tensor::<Rank3<2, 2, 4>>::randn(rng), Tensor::<Rank3<2, 3, 4>>::randn(rng) * 3.0 + 2.0);
    let x = x.cat::<1>();
    let numbers = x.to_vec();
    let y: Tensor<Rank3<2, 5, 4>> = norm.sample(x);
    let near = |got: f32, want: f64| assert!((f64::from(got) - want).abs() < 1e-5, "{got}, not {want}");
    for channel in 0..5 {
        let positions: Vec<_> = (0..8).map(|i| (i / 4 * 5 + channel) * 4 + i % 4).collect();
        let of = |f: &dyn Fn(f64) -> f64| positions.iter().map(|i| f(numbers[*i].into())).sum::<f64>();
        let mean = of(&|x| x) / 8.0;
        let squares = of(&|x| (x - mean) * (x - mean));
        for &i in &positions {
            near(y.as_slice()[i], (f64::from(numbers[i]) - mean) / (squares / 8.0 + 1e-5).sqrt());
        }
        let old = channel as f64;
        near(norm.running_mean.value().as_slice()[channel], 0.9 * old + 0.1 * mean);
        near(norm.running_var.value().as_slice()[channel], 0.9 * (1.0 + old) + 0.1 * squares / 7.0);
    }
    assert_eq!(norm.num_batches_tracked.value().item(), 1);
}
