//! Averaged models.

use typegrad::nn::{AveragedModel, StateDict};
use typegrad::prelude::*;

/// The values are those of PyTorch 2.15: 2.75 and 2.625.
fn check<E: Float>(tolerance: f64) {
    let mut w = Param::new(Tensor::<Rank1<1>, E>::zeros());
    let (mut ema, mut swa) = (AveragedModel::ema(&w, 0.75), AveragedModel::swa(&w));
    let mut expected = (f64::NAN, 0.0);
    for (i, x) in [3.0, -1.0, 8.0, 0.5].into_iter().enumerate() {
        w.set(Tensor::full(E::from_f64(x)));
        ema.update(&w);
        swa.update(&w);
        expected.0 = if i == 0 { x } else { 0.75 * expected.0 + 0.25 * x };
        expected.1 += x;
    }
    let value =
        |averaged: &AveragedModel<Param<Rank1<1>, E>>| averaged.module().value().as_slice()[0].as_f64();
    assert!(
        (value(&ema) - expected.0).abs() < tolerance && (value(&swa) - expected.1 / 4.0).abs() < tolerance
    );
    assert!((value(&ema) - 2.75).abs() < tolerance && (value(&swa) - 2.625).abs() < tolerance);
    assert_eq!((ema.num_updates(), swa.num_updates()), (4, 4));
}

#[test]
fn averages_are_those_of_the_formulas() {
    check::<f32>(1e-6);
    check::<f64>(1e-14);
}

#[test]
fn an_average_resumes_from_its_state() {
    let rng = &mut Rng::seed(0);
    let mut net = Linear::<2, 3>::new(rng);
    let mut swa = AveragedModel::swa(&net);
    let mut change = |net: &mut Linear<2, 3>| net.weight.set(Tensor::randn(rng));
    for _ in 0..3 {
        change(&mut net);
        swa.update(&net);
    }
    let dict = swa.state_dict();
    assert_eq!(dict.names().collect::<Vec<_>>(), ["module.weight", "module.bias", "n_averaged"]);
    let mut other = AveragedModel::swa(&net);
    other.load_state_dict(&dict).unwrap();
    change(&mut net);
    swa.update(&net);
    other.update(&net);
    assert_eq!(swa.module().weight.value(), other.module().weight.value());
    let error = other.load_state_dict(&net.state_dict()).unwrap_err().to_string();
    assert!(error.contains("`weight` has the state of a module, which"), "{error}");
    let error = other.load_state_dict(&StateDict::new()).unwrap_err().to_string();
    assert!(error.contains("`n_averaged` has no number of updates"), "{error}");
    let mut wrong = dict.clone();
    wrong.remove("module.bias").unwrap();
    assert!(other.load_state_dict(&wrong).unwrap_err().to_string().contains("`bias`"));
    assert_eq!(other.num_updates(), 4);
}

#[test]
fn buffers_are_copied_and_the_network_is_left_alone() {
    let rng = &mut Rng::seed(0);
    let net = <(Frozen<Linear<2, 3>>, BatchNorm1d<3>)>::new(rng);
    let mut ema = AveragedModel::ema(&net, 0.9);
    let before = net.state_dict();
    let _ = net.sample(Tensor::<Rank2<4, 2>>::randn(rng));
    ema.update(&net);
    ema.update(&net);
    let (ours, theirs) = (ema.module().state_dict(), net.state_dict());
    for name in theirs.names() {
        assert_eq!(ours.get(name), theirs.get(name), "{name}");
    }
    assert_ne!(theirs.get("1.running_mean"), before.get("1.running_mean"));
    assert_eq!(theirs.get("0.weight"), before.get("0.weight"));
}
