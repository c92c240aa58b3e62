//! Names that may be absent or have a prefix in a state dict, and the texts of errors.

use super::{Net, net, other};
use typegrad::nn::{Frozen, LoadReport, StateDict, StateTensor, Strict};
use typegrad::prelude::*;

#[derive(Module)]
struct Norms {
    #[module(init = BatchNorm1d::new(rng))]
    first: BatchNorm1d<3>,
    second: (BatchNorm2d<2, f64>, Relu),
    third: Frozen<BatchNorm1d<2>>,
    array: [BatchNorm1d<1>; 2],
}

/// PyTorch's files before version 0.4.1 have no counters.
#[test]
fn only_the_counter_of_a_batch_norm_may_be_absent() {
    const COUNTER: &str = "num_batches_tracked";
    let mut norms = Norms::new(&mut Rng::seed(0));
    let _ = norms.first.train(Tensor::<Rank2<4, 3>>::randn(&mut Rng::seed(1)));
    let whole = norms.state_dict();
    let counters: Vec<_> = whole.names().filter(|name| name.ends_with(COUNTER)).map(str::to_owned).collect();
    assert_eq!(counters.len(), 5);
    let mut without = whole.clone();
    for counter in &counters {
        without.remove(counter).unwrap();
    }
    // They stay as they are.
    for strict in [Strict::Yes, Strict::No] {
        assert_eq!(norms.load_state_dict(&without, strict).unwrap(), LoadReport::default());
        assert_eq!(norms.state_dict(), whole);
    }
    // Nothing else may be absent, whether the counter is there or not.
    for name in without.names() {
        for dict in [&whole, &without] {
            let mut dict = dict.clone();
            dict.remove(name).unwrap();
            let error = norms.load_state_dict(&dict, Strict::Yes).unwrap_err();
            assert!(error.missing.contains(&name.to_owned()), "{name}");
        }
    }
    // Another buffer of the name is required.
    #[derive(Module)]
    struct Counts {
        #[module(init = Tensor::zeros().into())]
        num_batches_tracked: Buffer<Rank0, i64>,
    }
    let error = Counts::new(&mut Rng::seed(0)).load_state_dict(&StateDict::new(), Strict::Yes).unwrap_err();
    assert_eq!(error.missing, [COUNTER]);
}

#[test]
fn a_prefix_on_either_side_has_a_hint() {
    let mut net = net(0);
    let dict = net.state_dict();
    for prefix in ["module.", "_orig_mod.", "module._orig_mod.", "a.b."] {
        let hint =
            |net: &mut dyn FnMut() -> typegrad::nn::LoadError| net().hint.unwrap_or_default().into_string();
        let prefixed = dict.clone().add_prefix(prefix);
        let hint = hint(&mut || net.load_state_dict(&prefixed, Strict::Yes).unwrap_err());
        let expected = format!(
            "the names of the state dict have the prefix `{prefix}`: `dict.strip_prefix({prefix:?})` removes it"
        );
        assert_eq!(hint, expected);
        net.load_state_dict(&prefixed.strip_prefix(prefix).unwrap(), Strict::Yes).unwrap();
    }
    // Also if a few names differ, and not if they have nothing to do with each other.
    let mut other = dict.clone().add_prefix("module.");
    other.remove("module.tail.2.weight").unwrap();
    assert!(net.load_state_dict(&other, Strict::Yes).unwrap_err().hint.is_some());
    assert_eq!(net.load_state_dict(&StateDict::new(), Strict::Yes).unwrap_err().hint, None);
    let mut renamed = dict.clone();
    let weight = renamed.remove("fc1.weight").unwrap();
    renamed.insert("fc9.weight", weight).unwrap();
    assert_eq!(net.load_state_dict(&renamed, Strict::Yes).unwrap_err().hint, None);
    // The module has the prefix.
    #[derive(Module)]
    struct Wrapped {
        inner: Net,
    }
    let mut wrapped = Wrapped::new(&mut Rng::seed(1));
    let error = wrapped.load_state_dict(&dict, Strict::Yes).unwrap_err();
    let hint = "the names of the module have the prefix `inner.`: `dict.add_prefix(\"inner.\")` puts it before those \
                of the state dict";
    assert_eq!(error.hint.as_deref(), Some(hint));
    assert!(error.to_string().ends_with(&format!("\n  hint: {hint}")));
    wrapped.load_state_dict(&dict.add_prefix("inner."), Strict::Yes).unwrap();
}

/// PyTorch loads nothing then, without an error: the network keeps its random weights.
#[test]
fn a_state_dict_of_which_nothing_fits_is_an_error() {
    let mut net = net(0);
    let before = net.state_dict();
    for prefix in ["module.", "_orig_mod."] {
        let dict = net_of_another_seed().add_prefix(prefix);
        let error = net.load_state_dict(&dict, Strict::No).unwrap_err();
        assert_eq!((error.missing.len(), error.unexpected.len()), (before.len(), before.len()));
        assert_eq!(Some(error), net.load_state_dict(&dict, Strict::Yes).err());
        assert_eq!(net.state_dict(), before);
    }
    let nothing = net.load_state_dict(&StateDict::new(), Strict::No).unwrap_err();
    let hint = "no name of the module is in the state dict, so that nothing would be loaded";
    assert_eq!(nothing.hint.as_deref(), Some(hint));
    // One name is enough, and a module without parameters and buffers has none.
    let dict = net_of_another_seed();
    let mut one = dict.clone().add_prefix("module.");
    one.insert("fc1.bias", dict.get("fc1.bias").unwrap().clone()).unwrap();
    assert_eq!(net.load_state_dict(&one, Strict::No).unwrap().missing.len(), before.len() - 1);
    assert_eq!(net.state_dict().get("fc1.bias"), dict.get("fc1.bias"));
    let report = Relu::new(&mut Rng::seed(0)).load_state_dict(&dict, Strict::No).unwrap();
    assert_eq!((report.missing.len(), report.unexpected.len()), (0, dict.len()));
}

fn net_of_another_seed() -> StateDict {
    net(1).state_dict()
}

/// The texts that `unwrap` and `fn main() -> Result<(), Error>` print.
#[test]
fn every_error_prints_its_text() {
    fn check(error: &(impl std::error::Error + ?Sized)) {
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(format!("{error:#?}"), error.to_string());
    }
    check(&net(0).load_state_dict(&other(), Strict::Yes).unwrap_err());
    check(&StateTensor::new(vec![2], vec![1.0_f32]).unwrap_err());
    check(&typegrad::io::Error::from(net(0).load_state_dict(&other(), Strict::Yes).unwrap_err()));
    check(&StateDict::load("/there/is/none").unwrap_err());
    check(&typegrad::data::read_npy::<Rank1<1>, f32>("/there/is/none").unwrap_err());
    check(&typegrad::data::DifferentLengths { inputs: 1, targets: 2 });
    check(&Tensor::<Rank1<2>>::try_from(vec![1.0]).unwrap_err());
    check(&typegrad::monitor::History::load("/there/is/none").unwrap_err());
    check(&typegrad::nn::NonFiniteNorm { norm: f64::NAN });
    let wrong = |x: typegrad::Checked<Rank1<1>>| x.clone().detach().powi(2).sum() + x.sum();
    check(&typegrad::gradcheck(Tensor::from([3.0]), wrong).unwrap_err());
}
