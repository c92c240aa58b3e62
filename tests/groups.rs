//! Parameter groups against PyTorch's, and the message for a misspelt group.

use typegrad::optim::Group;
use typegrad::prelude::*;

#[derive(Module)]
#[module(no_init)]
struct Net {
    weight: Param<Rank2<2, 3>, f64>,
    bias: Param<Rank1<2>, f64>,
}

/// Five steps; after the third, a schedule halves the rate.
fn trained(mut optimizer: impl Optimizer) -> Vec<f64> {
    let mut net = Net {
        weight: Tensor::from([[0.3, -0.7, 1.1], [-1.3, 0.9, 0.05]]).into(),
        bias: Tensor::from([1.5, -0.25]).into(),
    };
    for t in 0..5 {
        net.zero_grad();
        (net.weight.track().powi(2).sum() * 0.5 + net.bias.track().powi(3).sum()).backward();
        optimizer.step(&mut net);
        if t == 2 {
            optimizer.set_lr(optimizer.lr() * 0.5);
        }
    }
    let (weight, bias) = (net.weight.value(), net.bias.value());
    weight.as_slice().iter().chain(bias.as_slice()).copied().collect()
}

fn assert_close(ours: &[f64], theirs: [f64; 8]) {
    for (x, y) in ours.iter().zip(theirs) {
        assert!((x - y).abs() < 1e-12, "{ours:?} is not {theirs:?}");
    }
}

/// PyTorch 2.15: `[{'params': [w]}, {'params': [b], 'lr': 0.002, 'weight_decay': 0.0}], lr=0.02, weight_decay=0.3`.
#[test]
fn groups_are_those_of_pytorch() {
    #[rustfmt::skip]
    let adam = [
        0.22049768183767793, -0.6201715554661085, 1.0201027194262144, -1.220085491603158, 0.8201285669960602,
        -0.016435805682419702, 1.4920013709844726, -0.25800742881780947,
    ];
    for bias in [Group::named("bias"), Group::of_rank(1), Group::within("bias")] {
        let group = bias.lr_factor(0.1).weight_decay(0.0);
        assert_close(&trained(Adam::new(0.02).weight_decay(0.3).group(group)), adam);
    }
    #[rustfmt::skip]
    let sgd = [
        0.23025739127269682, -0.5372672463029592, 0.8442771013332218, -0.9977820288483529, 0.6907721738180904,
        0.0383762318787828, 1.3774240986153063, -0.25353566851003534,
    ];
    let group = Group::named("bias").lr_factor(0.1).weight_decay(0.0);
    assert_close(&trained(Sgd::new(0.02).momentum(0.9).weight_decay(0.3).group(group)), sgd);
}

#[test]
fn the_first_group_that_sets_an_option_counts() {
    let still = Group::of_rank(1).lr_factor(0.0);
    let fast = Group::named("bias").lr_factor(10.0).weight_decay(0.0);
    let bias = trained(Sgd::new(0.02).group(still.clone()).group(fast.clone()))[6..].to_vec();
    assert_eq!(bias, [1.5, -0.25]);
    let fast = Group::named("bias").lr_factor(10.0);
    assert_ne!(trained(Sgd::new(0.02).group(fast).group(still.weight_decay(0.0)))[6..], bias);
}

#[test]
#[should_panic(expected = "no parameter is in the group named `baias`")]
fn a_misspelt_group_is_found_at_the_first_step() {
    trained(Sgd::new(0.02).group(Group::named("baias")));
}

/// Groups leave what is frozen to itself, and are in the order of what trains.
#[test]
fn groups_skip_frozen_parameters() {
    let rng = &mut Rng::seed(0);
    let mut net = (Frozen::new(Linear::<2, 2>::new(rng)), Linear::<2, 2>::new(rng));
    let mut sgd = Sgd::new(0.1).group(Group::named("weight").lr_factor(0.0));
    let before = net.1.clone();
    net.train(Tensor::<Rank2<1, 2>>::ones()).sum().backward();
    sgd.step(&mut net);
    assert_eq!(net.1.weight.value(), before.weight.value());
    assert_ne!(net.1.bias.value(), before.bias.value());
}

/// The bias of the first layer is in both groups: it takes the rate of one and the decay of the other. PyTorch 2.15, with a group
/// for each of the four parameters.
#[test]
fn groups_that_overlap_combine() {
    let [within, vectors] = [Group::within("0").lr_factor(0.1), Group::of_rank(1).weight_decay(0.0)];
    for groups in [[within.clone(), vectors.clone()], [vectors, within]] {
        let [a, b] = groups;
        let mut sgd = Sgd::new(0.5).weight_decay(0.4).group(a).group(b);
        let mut net = <(Linear<2, 1, f64>, Linear<1, 1, f64>)>::new(&mut Rng::seed(0));
        let values = [1.0, 2.0, 3.0, 4.0];
        for (value, mut p) in values.into_iter().zip(net.parameters_mut()) {
            p.map(|_| value);
        }
        for _ in 0..2 {
            net.train(Tensor::<Rank2<1, 2>, f64>::from([[0.5, -0.5]])).sum().backward();
            sgd.step(&mut net);
        }
        let (first, second) = (&net.0, &net.1);
        let ours: Vec<f64> = [first.weight.value().to_vec(), first.bias.value().to_vec()]
            .into_iter()
            .chain([second.weight.value().to_vec(), second.bias.value().to_vec()])
            .flatten()
            .collect();
        let torch = [0.8519, 1.0689, 1.78, 0.2325, 3.0];
        assert!(ours.iter().zip(torch).all(|(x, y)| (x - y).abs() < 1e-12), "{ours:?} is not {torch:?}");
    }
}

#[test]
#[should_panic(
    expected = "the group named `bias` has no effect: groups before it set its options for all of its parameters"
)]
fn a_group_after_a_wider_one_is_found_at_the_first_step() {
    let wide = Group::of_rank(1).lr_factor(0.5).weight_decay(0.0);
    trained(Adam::new(0.1).group(wide).group(Group::named("bias").lr_factor(0.01)));
}

#[test]
#[should_panic(
    expected = "the group of rank 1 sets no option: write `.lr_factor(0.1)` or `.weight_decay(0.0)`"
)]
fn a_group_without_options_is_found_at_the_first_step() {
    trained(Adam::new(0.1).group(Group::of_rank(1)));
}

/// A factor of 1 is set: it keeps a parameter out of a later, wider group.
#[test]
fn a_narrow_group_comes_before_a_wide_one() {
    let narrow = Group::named("bias").lr_factor(1.0);
    let wide = Group::of_rank(1).lr_factor(0.0).weight_decay(0.0);
    let plain = trained(Sgd::new(0.02));
    assert_eq!(trained(Sgd::new(0.02).group(narrow).group(wide)), plain);
}
