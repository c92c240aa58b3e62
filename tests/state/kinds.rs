//! A state of something else is an error that names whose it is.

use typegrad::nn::{AveragedModel, LoadError, StateDict, Strict};
use typegrad::prelude::*;
use typegrad::train::EarlyStopping;

/// Each state dict, whose it is, and the name that shows it.
fn states(net: &mut (Linear<2, 1>, Dropout)) -> [(StateDict, &'static str, &'static str); 7] {
    let (mut adam, mut stopping) = (Adam::new(0.1), EarlyStopping::new(2));
    let mut average = AveragedModel::swa(&*net);
    let schedule = StepLr::new(3).start(&mut adam);
    net.0.train(Tensor::<Rank2<1, 2>>::ones()).sum().backward();
    adam.step(net);
    stopping.update(1.0, net);
    average.update(net);
    [
        (net.state_dict(), "a module", "0.weight"),
        (adam.state_dict(), "an optimizer", "Adam.lr"),
        (schedule.state_dict(), "a scheduler", "last_epoch"),
        (ReduceLrOnPlateau::new().state_dict(), "a scheduler", "num_bad_epochs"),
        (net.generator_state(), "a generator", "1.generator"),
        (stopping.state_dict(), "an `EarlyStopping`", "best_epoch"),
        (average.state_dict(), "an `AveragedModel`", "n_averaged"),
    ]
}

#[test]
fn a_state_of_something_else_is_named() {
    let mut net = <(Linear<2, 1>, Dropout)>::new(&mut Rng::seed(0));
    let states = states(&mut net);
    let mut refused = 0;
    let mut check = |takes: &str, fits: &str, load: &mut dyn FnMut(&StateDict) -> Result<(), LoadError>| {
        for (dict, whose, name) in &states {
            let result = load(dict);
            if *whose == fits {
                continue; // `num_bad_epochs` and `last_epoch` are of two schedulers
            }
            let text = result.unwrap_err().to_string();
            let mut lines = text.lines();
            let first = format!("the state dict does not fit the {takes}:");
            assert_eq!(lines.next(), Some(&*first), "{text}");
            let second = format!("  invalid: `{name}` has the state of {whose}, which `");
            assert!(lines.next().is_some_and(|line| line.starts_with(&second)), "{text}");
            assert_eq!(lines.next(), None);
            refused += 1;
        }
    };
    let mut other = net.clone();
    check("module", "a module", &mut |dict| other.load_state_dict(dict, Strict::Yes).map(drop));
    check("module", "a module", &mut |dict| other.load_state_dict(dict, Strict::No).map(drop));
    check("generators of the module", "a generator", &mut |dict| net.load_generator_state(dict));
    check("optimizer", "an optimizer", &mut |dict| Adam::new(0.1).load_state_dict(dict, &net));
    let mut schedule = StepLr::new(3).start(&mut Sgd::new(0.1));
    check("scheduler", "a scheduler", &mut |dict| schedule.load_state_dict(dict));
    check("scheduler", "a scheduler", &mut |dict| ReduceLrOnPlateau::new().load_state_dict(dict));
    check("`EarlyStopping`", "an `EarlyStopping`", &mut |dict| EarlyStopping::new(2).load_state_dict(dict));
    let mut average = AveragedModel::swa(&net);
    check("`AveragedModel`", "an `AveragedModel`", &mut |dict| average.load_state_dict(dict));
    assert_eq!(refused, 6 * 8 - 2);
}

/// A scheduler of another kind has other names, which are listed.
#[test]
fn the_state_of_another_scheduler_is_listed_with_its_names() {
    let mut sgd = Sgd::new(0.1);
    let dict = StepLr::new(3).start(&mut sgd).state_dict();
    let error = ReduceLrOnPlateau::new().load_state_dict(&dict).unwrap_err().to_string();
    assert!(error.contains("`best` is in the scheduler but not in the state dict"), "{error}");
    assert!(error.contains("`last_epoch` is in the state dict but not in the scheduler"), "{error}");
}

#[test]
fn parameters_with_such_names_load() {
    #[derive(Module)]
    struct Odd {
        best_epoch: Param<()>,
        n_averaged: Buffer<(), i64>,
    }
    let mut odd = Odd { best_epoch: Param::new(Tensor::zeros()), n_averaged: Buffer::new(Tensor::zeros()) };
    odd.load_state_dict(&odd.state_dict(), Strict::Yes).unwrap();
}
