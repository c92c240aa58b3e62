//! Dropout layers.

use typegrad::prelude::*;

type Net = (Linear<4, 32>, Dropout, Relu, Frozen<Dropout>, Linear<32, 1>);

#[test]
fn it_drops_in_training_only() {
    let dropout = Dropout::new(&mut Rng::seed(0)).p(0.25);
    let x = Param::new(Tensor::<Rank2<2, 100>>::ones());
    let before = dropout.generator_state();
    assert_eq!(dropout.eval(x.track()).value(), *x.value());
    assert_eq!(dropout.infer(x.track()), *x.value());
    assert_eq!(dropout.generator_state(), before);
    for y in [dropout.train(x.track()).value(), dropout.sample(x.track())] {
        let zeros = y.as_slice().iter().filter(|y| **y == 0.0).count();
        assert!((30..70).contains(&zeros) && y.as_slice().iter().all(|y| [0.0, 4.0 / 3.0].contains(y)));
    }
    assert_ne!(dropout.generator_state(), before);
}

#[test]
fn probability_0_draws_no_numbers() {
    let dropout = Dropout::new(&mut Rng::seed(0)).p(0.0);
    let before = dropout.generator_state();
    assert_eq!(dropout.sample(Tensor::<Rank1<9>>::ones()), Tensor::ones());
    assert_eq!(dropout.generator_state(), before);
}

#[test]
fn frozen_dropout_is_inactive() {
    let dropout = Frozen::new(Dropout::new(&mut Rng::seed(0)));
    assert_eq!(dropout.sample(Tensor::<Rank1<9>>::ones()), Tensor::ones());
}

#[test]
fn channels_are_dropped_in_training_only() {
    let dropout = Dropout2d::new(&mut Rng::seed(0));
    let x = Tensor::<Rank4<4, 16, 2, 3>>::ones();
    assert_eq!(dropout.infer(x.clone()), x);
    let y = dropout.sample(x);
    assert!(y.as_slice().chunks(6).all(|plane| plane == [0.0; 6] || plane == [2.0; 6]));
}

/// The contents of a checkpoint: the parameters and the states of the generators.
#[test]
fn training_resumes_bit_identically() {
    let run = |net: &mut Net, steps| {
        let mut sgd = Sgd::new(0.01);
        let mut losses = Vec::new();
        for _ in 0..steps {
            net.zero_grad();
            losses.push(net.train(Tensor::<Rank2<8, 4>>::ones()).powi(2).mean().backward());
            sgd.step(net);
        }
        losses
    };
    let mut first = Net::new(&mut Rng::seed(0));
    run(&mut first, 3);
    let (model, generators) = (first.state_dict(), first.generator_state());
    let rest = run(&mut first, 3);
    let mut second = Net::new(&mut Rng::seed(1));
    second.load_state_dict(&model, typegrad::nn::Strict::Yes).unwrap();
    let other = run(&mut second.clone(), 3);
    second.load_generator_state(&generators).unwrap();
    assert_eq!(run(&mut second, 3), rest);
    assert_ne!(other, rest);
}

#[test]
fn it_prints_as_in_pytorch() {
    let rng = &mut Rng::seed(0);
    assert_eq!(format!("{:?}", Dropout::new(rng)), "Dropout(p=0.5, inplace=False)");
    assert_eq!(format!("{:?}", Dropout2d::new(rng).p(1.0)), "Dropout2d(p=1.0, inplace=False)");
}

#[test]
#[should_panic(expected = "dropout probability has to be between 0 and 1, but got -0.1")]
fn a_probability_is_at_least_0() {
    let _ = Dropout::new(&mut Rng::seed(0)).p(-0.1);
}
