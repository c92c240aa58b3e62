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
fn a_parameter_is_of_the_first_group_it_fits() {
    let still = Group::of_rank(1).lr_factor(0.0);
    let fast = Group::named("bias").lr_factor(10.0);
    let bias = trained(Sgd::new(0.02).group(still.clone()).group(fast.clone()))[6..].to_vec();
    assert_eq!(bias, [1.5, -0.25]);
    assert_ne!(trained(Sgd::new(0.02).group(fast).group(still))[6..], bias);
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
