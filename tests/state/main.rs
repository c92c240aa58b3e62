//! Parameters, buffers, state dicts, freezing, clipping and the modes of dropout.

mod attention_dropout;
mod clipping;
mod kinds;
mod loading;
mod parameters;
mod parts;

use typegrad::graph::Train;
use typegrad::nn::{Frozen, LoadReport, Name, StateData, StateDict, StateTensor, Strict, Visitor};
use typegrad::prelude::*;

#[derive(Module, Clone)]
struct Block {
    fc: Linear<4, 4>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Block {
    type Output = Rank2<B, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x).tanh()
    }
}

#[derive(Module, Clone)]
struct Net {
    fc1: Linear<3, 4>,
    blocks: [Block; 2],
    #[module(rename = "running_mean", init = Tensor::zeros().into())]
    mean: Buffer<Rank1<4>>,
    #[module(init = Tensor::zeros().into())]
    batches: Buffer<Rank0, i64>,
    #[module(init = Buffer::non_persistent(Tensor::ones()))]
    mask: Buffer<Rank1<4>, f32>,
    #[module(rename = "tail")]
    rest: (Linear<4, 4>, Relu, Linear<4, 2>),
}

impl<const B: usize> Forward<Rank2<B, 3>> for Net {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x);
        let x = self.blocks.call(x);
        if M::TRAINING {
            self.mean.set(x.value().mean_axis::<0>());
            self.batches.set(self.batches.value() + 1);
        }
        self.rest.call(x)
    }
}

const NAMES: [&str; 12] = [
    "fc1.weight",
    "fc1.bias",
    "blocks.0.fc.weight",
    "blocks.0.fc.bias",
    "blocks.1.fc.weight",
    "blocks.1.fc.bias",
    "running_mean",
    "batches",
    "tail.0.weight",
    "tail.0.bias",
    "tail.2.weight",
    "tail.2.bias",
];

fn net(seed: u64) -> Net {
    Net::new(&mut Rng::seed(seed))
}

fn input() -> Tensor<Rank2<5, 3>> {
    Tensor::randn(&mut Rng::seed(77))
}

#[test]
fn the_names_are_those_of_pytorch() {
    assert_eq!(net(0).state_dict().names().collect::<Vec<_>>(), NAMES);
}

#[test]
fn a_saved_module_is_loaded() {
    let (mut a, b) = (net(0), net(1));
    let _ = b.train(input());
    let report = a.load_state_dict(&b.state_dict(), Strict::Yes).unwrap();
    assert_eq!(report, LoadReport::default());
    assert_eq!(a.state_dict(), b.state_dict());
    assert_eq!(a.batches.value().item(), 1);
    assert_eq!(a.infer(input()), b.infer(input()));
}

fn f32s(shape: &[usize]) -> StateTensor {
    let numel = shape.iter().product();
    StateTensor::new(shape.to_vec(), StateData::F32(vec![0.5; numel].into())).unwrap()
}

/// The state dict of another architecture: a name is missing, two are new, two tensors do not fit.
fn other() -> StateDict {
    let mut dict = StateDict::new();
    for (name, tensor) in net(3).state_dict().iter() {
        let tensor = match name {
            "fc1.bias" => continue,
            "fc1.weight" => f32s(&[4, 7]),
            "batches" => f32s(&[]),
            _ => tensor.clone(),
        };
        dict.insert(name, tensor).unwrap();
    }
    dict.insert("mask", f32s(&[4])).unwrap();
    dict.insert("head.weight", f32s(&[2, 2])).unwrap();
    dict
}

#[test]
fn every_difference_is_listed_at_once_and_nothing_is_changed() {
    let mut net = net(0);
    let before = net.state_dict();
    let error = net.load_state_dict(&other(), Strict::Yes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the state dict does not fit the module:\
         \n  missing: `fc1.bias` is in the module but not in the state dict\
         \n  unexpected: `mask` is in the state dict but not in the module\
         \n  unexpected: `head.weight` is in the state dict but not in the module\
         \n  mismatched: `fc1.weight` is float32 [4, 3] in the module and float32 [4, 7] in the state dict\
         \n  mismatched: `batches` is int64 [] in the module and float32 [] in the state dict"
    );
    assert_eq!(net.state_dict(), before);
    // A tensor that does not fit is an error in any case, as in PyTorch.
    let error = net.load_state_dict(&other(), Strict::No).unwrap_err();
    assert_eq!((error.missing.len(), error.unexpected.len(), error.mismatched.len()), (0, 0, 2));
    assert_eq!(net.state_dict(), before);
}

#[test]
fn strict_no_loads_the_entries_that_fit() {
    let mut net = net(0);
    let before = net.state_dict();
    let mut dict = other();
    dict.remove("fc1.weight");
    dict.remove("batches");
    let report = net.load_state_dict(&dict, Strict::No).unwrap();
    assert_eq!(report.missing, ["fc1.weight", "fc1.bias", "batches"]);
    assert_eq!(report.unexpected, ["mask", "head.weight"]);
    let after = net.state_dict();
    assert_eq!(after.get("fc1.weight"), before.get("fc1.weight"));
    assert_eq!(after.get("tail.2.bias"), dict.get("tail.2.bias"));
}

#[test]
fn the_lists_have_every_part() {
    let net = net(0);
    net.train(input()).sum().backward();
    let parameters: Vec<_> = net.named_parameters().collect();
    let names: Vec<_> =
        NAMES.into_iter().filter(|name| !["running_mean", "batches"].contains(name)).collect();
    assert_eq!(parameters.iter().map(|(name, _)| name).collect::<Vec<_>>(), names);
    assert_eq!(net.parameters().map(|p| p.numel()).sum::<usize>(), net.num_parameters());
    assert!(net.parameters().all(|p| p.requires_grad() && p.grad().is_some()));
    let buffers: Vec<_> = net.named_buffers().map(|(name, b)| (name, b.is_persistent())).collect();
    assert_eq!(buffers, [("running_mean".into(), true), ("batches".into(), true), ("mask".into(), false)]);
    assert_eq!(net.buffers().next().unwrap().value().shape(), [4]);
    let modules: Vec<_> = net.named_modules().map(|module| module.name).collect();
    let expected = [
        "",
        "fc1",
        "blocks",
        "blocks.0",
        "blocks.0.fc",
        "blocks.1",
        "blocks.1.fc",
        "tail",
        "tail.0",
        "tail.1",
        "tail.2",
    ];
    assert_eq!(modules, expected);
}

#[test]
fn a_module_may_be_used_by_many_threads() {
    fn assert_sync<T: Send + Sync>() {}
    assert_sync::<Param<Rank1<3>>>();
    assert_sync::<Buffer<Rank1<3>, i64>>();
    assert_sync::<Frozen<Net>>();
    let net = net(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| net.train(input()).sum().backward());
        }
    });
    assert_ne!(net.mean.value(), Tensor::zeros());
}

#[derive(Module)]
struct Tuned {
    embed: Linear<3, 3>,
    backbone: Frozen<Net>,
    head: Linear<2, 2>,
}

impl<const B: usize> Forward<Rank2<B, 3>> for Tuned {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        let x = self.embed.call(x);
        let x = self.backbone.call(x);
        self.head.call(x)
    }
}

#[derive(Module, Clone)]
struct Thawed {
    embed: Linear<3, 3>,
    backbone: Net,
    head: Linear<2, 2>,
}

impl<const B: usize> Forward<Rank2<B, 3>> for Thawed {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        let x = self.embed.call(x);
        let x = self.backbone.call(x);
        self.head.call(x)
    }
}

fn frozen(net: Thawed) -> Tuned {
    Tuned { embed: net.embed, backbone: Frozen::new(net.backbone), head: net.head }
}

#[test]
fn a_gradient_flows_through_a_frozen_module_and_is_not_stored() {
    let thawed = Thawed::new(&mut Rng::seed(5));
    let tuned = frozen(thawed.clone());
    // The gradients are those of the thawed network, whose gradients are checked against differences.
    assert_eq!(thawed.eval(input()).powi(2).sum().backward(), tuned.train(input()).powi(2).sum().backward());
    assert_eq!(thawed.embed.weight.grad(), tuned.embed.weight.grad());
    assert_eq!(thawed.head.bias.grad(), tuned.head.bias.grad());
    assert!(tuned.embed.weight.grad().is_some());
    for (name, parameter) in tuned.named_parameters() {
        let inside = name.starts_with("backbone.");
        assert_eq!((parameter.requires_grad(), parameter.grad().is_some()), (!inside, !inside), "{name}");
    }
}

#[test]
fn the_gradient_through_a_frozen_module_agrees_with_differences() {
    let net = <(Frozen<Linear<3, 4, f64>>, Linear<4, 2, f64>)>::new(&mut Rng::seed(6));
    let x = Tensor::<Rank2<2, 3>, f64>::randn(&mut Rng::seed(7));
    typegrad::gradcheck(x, |x| net.train(x).powi(2).sum()).unwrap();
}

#[test]
fn training_changes_no_byte_of_a_frozen_module() {
    let rng = &mut Rng::seed(8);
    let mut tuned = frozen(Thawed::new(rng));
    let bytes = |tuned: &Tuned| -> Vec<u32> {
        let dict = tuned.backbone.state_dict();
        let bits = |data: &StateData| match data {
            StateData::F32(x) => x.iter().map(|x| x.to_bits()).collect(),
            StateData::I64(x) => x.iter().map(|&x| x as u32).collect(),
            _ => vec![],
        };
        dict.iter().flat_map(|(_, tensor)| bits(tensor.data())).collect::<Vec<_>>()
    };
    let (before, head) = (bytes(&tuned), tuned.head.weight.value().clone());
    let mut adam = Adam::new(0.1).weight_decay(0.1);
    for _ in 0..5 {
        tuned.zero_grad();
        tuned.train(input()).powi(2).sum().backward();
        tuned.clip_grad_norm(0.5);
        adam.step(&mut tuned);
    }
    assert_eq!(bytes(&tuned), before);
    assert_ne!(tuned.head.weight.value(), &head);
    // And back.
    let mut net = tuned.backbone.into_inner();
    net.train(input()).powi(2).sum().backward();
    assert!(net.parameters().all(|p| p.requires_grad() && p.grad().is_some()));
    Sgd::new(0.1).step(&mut net);
    assert_ne!(net.state_dict(), frozen(Thawed::new(&mut Rng::seed(8))).backbone.state_dict());
}

#[test]
fn a_frozen_module_saves_no_tensors_on_a_constant() {
    let backbone = Frozen::new(net(0));
    let x = input();
    assert_eq!(size_of_val(&backbone.train(x.clone())), size_of_val(&x));
    assert_eq!(backbone.train(x.clone()).value(), backbone.infer(x));
}

#[test]
fn a_frozen_module_has_the_same_names() {
    let thawed = Thawed::new(&mut Rng::seed(5));
    let mut tuned = frozen(Thawed::new(&mut Rng::seed(6)));
    assert_eq!(thawed.num_parameters(), tuned.num_parameters());
    tuned.load_state_dict(&thawed.state_dict(), Strict::Yes).unwrap();
    assert_eq!(thawed.state_dict(), tuned.state_dict());
    assert!(thawed.state_dict().get("backbone.blocks.1.fc.weight").is_some());
}

#[test]
fn a_frozen_layer_does_not_train() {
    struct Probe;
    impl Module for Probe {
        fn visit<'a, V: Visitor<'a>>(&'a self, _: &mut V) {}
        fn visit_mut<'a, V: typegrad::nn::VisitorMut<'a>>(&'a mut self, _: &mut V) {}
    }
    impl Forward<Rank1<1>> for Probe {
        type Output = Rank1<1>;
        fn forward<M: Mode>(&self, x: Input<Rank1<1>, M>) -> impl Traced<Rank1<1>, M> {
            x * if M::TRAINING { 2.0 } else { 1.0 }
        }
    }
    let x = Tensor::<Rank1<1>>::ones();
    assert_eq!(Probe.run::<Train, _>(x.clone()).value().to_vec(), [2.0]);
    assert_eq!(Frozen::new(Probe).run::<Train, _>(x).value().to_vec(), [1.0]);
}

/// An embedding that is the output layer, too.
#[derive(Module)]
struct Tied {
    #[module(init = Tensor::randn(rng).into())]
    embedding: Param<Rank2<5, 3>, f64>,
    hidden: Linear<3, 3, f64>,
}

impl<const B: usize> Forward<Rank1<B>, f64, i64> for Tied {
    type Output = Rank2<B, 5>;
    fn forward<M: Mode>(&self, ids: Input<Rank1<B>, M, i64>) -> impl Traced<Self::Output, M, f64> {
        let x = self.embedding.traced::<M>().lookup(&ids);
        self.hidden.call(x).tanh().linear(&self.embedding)
    }
}

#[test]
fn tied_weights_have_the_sum_of_the_gradients_and_are_saved_once() {
    let mut tied = Tied::new(&mut Rng::seed(9));
    let ids = || Tensor::from([0, 3, 3, 1]);
    let loss = |tied: &Tied| tied.infer(ids()).powi(2).sum().item();
    tied.train(ids()).powi(2).sum().backward();
    let gradient = tied.embedding.grad().unwrap().to_vec();
    for (i, gradient) in gradient.into_iter().enumerate() {
        let mut moved = |by: f64| {
            tied.embedding.as_mut_slice()[i] += by;
            loss(&tied)
        };
        let (up, down) = (moved(1e-5), moved(-2e-5));
        moved(1e-5);
        let difference = (up - down) / 2e-5;
        assert!(
            (gradient - difference).abs() < 1e-6 * difference.abs().max(1.0),
            "{i}: {gradient} {difference}"
        );
    }
    let names: Vec<_> = tied.state_dict().names().map(str::to_owned).collect();
    assert_eq!(names, ["embedding", "hidden.weight", "hidden.bias"]);
    assert_eq!(tied.num_parameters(), 15 + 9 + 3);
}

/// A PyTorch file has a name for each use of a tied weight; leaving out the other loses nothing.
#[test]
fn another_name_of_a_tied_weight_is_not_unexpected() {
    let (saved, mut tied) = (Tied::new(&mut Rng::seed(9)), Tied::new(&mut Rng::seed(10)));
    let mut dict = saved.state_dict();
    let weight = dict.get("embedding").unwrap().clone();
    dict.insert("head.weight", weight.clone()).unwrap();
    tied.load_state_dict(&dict, Strict::Yes).unwrap();
    assert_eq!(tied.state_dict(), saved.state_dict());
    // Equal elements of their own are another weight.
    let copy = weight.data().as_slice::<f64>().unwrap().to_vec();
    dict.insert("copy", StateTensor::new(vec![5, 3], copy).unwrap()).unwrap();
    let error = tied.load_state_dict(&dict, Strict::Yes).unwrap_err();
    assert_eq!(error.unexpected, ["copy"]);
    // Where the file has the other name only, it is renamed.
    let mut dict = saved.state_dict();
    let weight = dict.remove("embedding").unwrap();
    dict.insert("head.weight", weight).unwrap();
    assert!(tied.load_state_dict(&dict, Strict::Yes).is_err());
    let weight = dict.remove("head.weight").unwrap();
    dict.insert("embedding", weight).unwrap();
    tied.load_state_dict(&dict, Strict::Yes).unwrap();
}

#[test]
fn a_module_of_f64_takes_f32_exactly_and_one_of_f32_takes_no_f64() {
    let rng = &mut Rng::seed(1);
    let (narrow, mut wide) = (Linear::<3, 2>::new(rng), Linear::<3, 2, f64>::new(rng));
    wide.load_state_dict(&narrow.state_dict(), Strict::Yes).unwrap();
    let exact: Vec<f64> = narrow.weight.value().as_slice().iter().map(|&x| x.into()).collect();
    assert_eq!(wide.weight.value().to_vec(), exact);
    let mut back = narrow.clone();
    let error = back.load_state_dict(&wide.state_dict(), Strict::Yes).unwrap_err().to_string();
    let expected = "mismatched: `weight` is float32 [2, 3] in the module and float64 [2, 3] in the state dict, which \
                    loses digits: `dict.to::<f32>()` rounds it";
    assert!(error.contains(expected), "{error}");
}

/// A state dict is what the module was, also where the memory was shared.
#[test]
fn a_state_dict_does_not_change_with_its_module() {
    let mut net = net(0);
    let dict = net.state_dict();
    let before: Vec<_> = dict.get("fc1.weight").unwrap().data().as_slice::<f32>().unwrap().to_vec();
    let mut other = net.clone();
    other.load_state_dict(&dict, Strict::Yes).unwrap();
    net.train(input()).powi(2).sum().backward();
    Sgd::new(0.1).step(&mut net);
    assert_ne!(net.fc1.weight.value().to_vec(), before);
    assert_eq!(dict.get("fc1.weight").unwrap().data().as_slice::<f32>().unwrap(), before);
    assert_eq!(other.fc1.weight.value().to_vec(), before);
}

/// A visitor that does not override `frozen` does not see them.
#[test]
fn a_visitor_skips_frozen_parameters() {
    #[derive(Default)]
    struct Names(Vec<Name>, usize);
    impl<'a> Visitor<'a> for Names {
        fn enter(&mut self, name: Name) {
            self.0.push(name);
        }
        fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {
            self.1 += 1;
        }
    }
    let tuned = frozen(Thawed::new(&mut Rng::seed(5)));
    let mut names = Names::default();
    tuned.visit(&mut names);
    assert_eq!(names.1, 4);
    assert!(names.0.contains(&Name::Field("backbone")) && !names.0.contains(&Name::Field("fc1")));
}

/// The compiler knows how many parameters a type has.
#[test]
fn the_number_of_parameters_is_a_constant() {
    const THAWED: usize = Thawed::NUM_PARAMETERS.unwrap();
    assert_eq!(THAWED, Thawed::new(&mut Rng::seed(0)).num_parameters());
    assert_eq!(Tuned::NUM_PARAMETERS, Some(THAWED));
    assert_eq!(Relu::NUM_PARAMETERS, Some(0));
    assert_eq!(<[Linear<3, 2>; 4]>::NUM_PARAMETERS, Some(32));

    struct ByHand;
    impl Module for ByHand {
        fn visit<'a, V: Visitor<'a>>(&'a self, _: &mut V) {}
        fn visit_mut<'a, V: typegrad::nn::VisitorMut<'a>>(&'a mut self, _: &mut V) {}
    }
    assert_eq!(<(Relu, ByHand)>::NUM_PARAMETERS, None);
}
