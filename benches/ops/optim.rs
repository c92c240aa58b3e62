use crate::harness::{Bench, Work, time, time_after};
use typegrad::prelude::*;

/// A row of one step on a matrix of 333 x 257 with gradients. `tensors` of its size are read or written.
fn step(b: &Bench, name: &str, tensors: usize, mut optimizer: impl Optimizer) {
    if b.wants(name) {
        let mut weight = Param::new(Tensor::<Rank2<333, 257>>::randn(&mut Rng::seed(0)));
        let backward = |weight: &mut Param<_, _>| {
            weight.track().square().sum().backward();
        };
        let both = time_after(&mut weight, backward, |weight| optimizer.step(weight));
        b.line(name, &[333, 257], work(tensors, 333 * 257), None, Some(both));
    }
}

/// `Bench::line` counts the bytes of both passes twice.
fn work(tensors: usize, numbers: usize) -> Work {
    Work { operations: 0, bytes: 4 * tensors * numbers / 2, size: 4 }
}

pub fn rows(b: &Bench) {
    step(b, "optim/sgd/333x257", 3, Sgd::new(1e-3));
    step(b, "optim/sgd_momentum/333x257", 5, Sgd::new(1e-3).momentum(0.9));
    step(b, "optim/adam/333x257", 7, Adam::new(1e-3));
    step(b, "optim/adam_weight_decay/333x257", 7, Adam::new(1e-3).weight_decay(1e-2));
    step(b, "optim/adam_w/333x257", 7, AdamW::new(1e-3));
    step(b, "optim/rms_prop/333x257", 5, RmsProp::new(1e-3));
    step(b, "optim/adagrad/333x257", 5, Adagrad::new(1e-3));
    step(b, "optim/nadam/333x257", 7, NAdam::new(1e-3));
    step(b, "optim/radam/333x257", 7, RAdam::new(1e-3));
    step(b, "optim/adamax/333x257", 7, Adamax::new(1e-3));
    step(b, "optim/adadelta/333x257", 7, Adadelta::new(1e-3));
    lbfgs(b);
    if b.wants("optim/adam_33_layers/17x17") {
        let mut net = <[Linear<17, 17>; 33]>::new(&mut Rng::seed(0));
        let mut adam = Adam::new(1e-3);
        let backward = |net: &mut [Linear<17, 17>; 33]| {
            net.train(Tensor::<Rank2<7, 17>>::ones()).sum().backward();
        };
        let both = time_after(&mut net, backward, |net| adam.step(net));
        b.line("optim/adam_33_layers/17x17", &[17, 17], work(7, 33 * 17 * 18), None, Some(both));
    }
    if b.wants("optim/clip_grad_norm/333x257") {
        let mut weight = Param::new(Tensor::<Rank2<333, 257>>::randn(&mut Rng::seed(0)));
        weight.track().square().sum().backward();
        let both = time(|| {
            std::hint::black_box(weight.clip_grad_norm(0.5));
        });
        b.line("optim/clip_grad_norm/333x257", &[333, 257], work(3, 333 * 257), None, Some(both));
    }
}

/// The first step of an optimizer: 5 iterations, each with a loss and its gradient.
fn lbfgs(b: &Bench) {
    if b.wants("optim/lbfgs/333x257") {
        let mut weight = Param::new(Tensor::<Rank2<333, 257>>::randn(&mut Rng::seed(0)));
        let both = time(|| {
            let mut optimizer = Lbfgs::new(1e-3).max_iter(5);
            std::hint::black_box(
                optimizer.step(&mut weight, |weight| weight.track().powi(4).sum().backward()),
            );
        });
        b.line("optim/lbfgs/333x257", &[333, 257], work(5 * 20, 333 * 257), None, Some(both));
    }
}
