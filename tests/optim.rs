//! The optimizers against PyTorch's, and what they say to mistakes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use typegrad::prelude::*;

#[rustfmt::skip]
#[path = "fixtures/optim.rs"]
mod pytorch;

/// The parameters of the quadratic of tests/pytorch/optim.py.
#[derive(Module)]
#[module(no_init)]
struct Quadratic<E: Float> {
    w: Param<Rank2<2, 3>, E>,
    b: Param<Rank1<2>, E>,
}

fn tensor<S: Shape, E: Float>(elements: &[f64]) -> Tensor<S, E> {
    let elements: Vec<E> = elements.iter().map(|&x| E::from_f64(x)).collect();
    Tensor::try_from(elements).unwrap()
}

impl<E: Float> Quadratic<E> {
    fn new() -> Self {
        let w = tensor(&[0.3, -0.7, 1.1, -1.3, 0.9, 0.05]);
        Quadratic { w: Param::new(w), b: Param::new(tensor(&[1.5, -0.25])) }
    }

    fn backward(&self, with_b: bool) {
        let a: Tensor<Rank2<2, 3>, E> = tensor(&[0.5, 1.0, 2.0, 0.01, 3.0, 0.1]);
        let minus_c: Tensor<Rank2<2, 3>, E> = tensor(&[-1.0, 2.0, -0.5, -3.0, 0.0, 1.0]);
        ((self.w.track() + minus_c).powi(2) * a).sum().backward();
        if with_b {
            self.b.track().powi(2).sum().backward();
        }
    }

    /// w and b after steps 1, 2, 10 and 50.
    fn trajectory(mut step: impl FnMut(&mut Self)) -> Vec<Vec<f64>> {
        let mut net = Self::new();
        let mut kept = vec![];
        for t in 1..=50 {
            net.zero_grad();
            net.backward(t % 3 != 0);
            step(&mut net);
            if [1, 2, 10, 50].contains(&t) {
                let all = net.w.value().as_slice().iter().chain(net.b.value().as_slice());
                kept.push(all.map(|x| x.as_f64()).collect());
            }
        }
        kept
    }
}

fn assert_close(name: &str, ours: &[Vec<f64>], theirs: &[[f64; 8]; 4], tolerance: f64) {
    for (ours, theirs) in ours.iter().zip(theirs) {
        for (x, y) in ours.iter().zip(theirs) {
            assert!((x - y).abs() <= tolerance * y.abs().max(1.0), "{name}: {ours:?} is not {theirs:?}");
        }
    }
}

macro_rules! compare {
    ($($fixture:ident: $optimizer:expr;)*) => { $(
        let mut optimizer = $optimizer;
        let ours = Quadratic::<f64>::trajectory(|net| optimizer.step(net));
        assert_close(stringify!($fixture), &ours, &pytorch::$fixture, 1e-12);
        let mut optimizer = $optimizer;
        let ours = Quadratic::<f32>::trajectory(|net| optimizer.step(net));
        assert_close(stringify!($fixture), &ours, &pytorch::$fixture, 1e-5);
    )* };
}

#[test]
fn sgd_goes_where_pytorch_goes() {
    compare! {
        SGD: Sgd::new(0.05);
        SGD_MOMENTUM: Sgd::new(0.05).momentum(0.9);
        SGD_DAMPENING: Sgd::new(0.05).momentum(0.9).dampening(0.3);
        SGD_WEIGHT_DECAY: Sgd::new(0.05).weight_decay(0.1);
        SGD_NESTEROV: Sgd::new(0.05).momentum(0.8).nesterov();
        SGD_MAXIMIZE: Sgd::new(0.01).momentum(0.5).maximize();
        SGD_ALL: Sgd::new(0.01).momentum(0.7).weight_decay(0.05).nesterov().maximize();
    }
}

#[test]
fn adam_goes_where_pytorch_goes() {
    compare! {
        ADAM: Adam::new(0.1);
        ADAM_BETAS: Adam::new(0.1).betas(0.4, 0.9);
        ADAM_EPS: Adam::new(0.1).eps(0.5);
        ADAM_WEIGHT_DECAY: Adam::new(0.1).weight_decay(0.3);
        ADAM_AMSGRAD: Adam::new(0.3).betas(0.9, 0.8).amsgrad();
        ADAM_MAXIMIZE: Adam::new(0.1).maximize();
        ADAM_ALL: Adam::new(0.2).betas(0.8, 0.7).eps(0.01).weight_decay(0.1).amsgrad().maximize();
    }
}

fn panic_of<T>(f: impl FnOnce() -> T) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).err().expect("a panic");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast::<&str>().expect("a text").to_string(),
    }
}

#[test]
fn wrong_options_panic_in_the_words_of_pytorch() {
    let nesterov = "Nesterov momentum requires a momentum and zero dampening";
    let sgd = || Sgd::new(0.1).momentum(0.9);
    assert_eq!(panic_of(|| Sgd::new(-1.0)), "Invalid learning rate: -1.0");
    assert_eq!(panic_of(|| sgd().momentum(-0.5)), "Invalid momentum value: -0.5");
    assert_eq!(panic_of(|| sgd().weight_decay(-0.5)), "Invalid weight_decay value: -0.5");
    assert_eq!(panic_of(|| Sgd::new(0.1).nesterov()), nesterov);
    assert_eq!(panic_of(|| sgd().dampening(0.1).nesterov()), nesterov);
    assert_eq!(panic_of(|| sgd().nesterov().dampening(0.1)), nesterov);
    assert_eq!(panic_of(|| sgd().nesterov().momentum(0.0)), nesterov);
    assert_eq!(panic_of(|| sgd().set_lr(-0.1)), "Invalid learning rate: -0.1");
    let adam = || Adam::new(0.1);
    assert_eq!(panic_of(|| Adam::new(f64::NAN)), "Invalid learning rate: NaN");
    assert_eq!(panic_of(|| adam().eps(-1.0)), "Invalid epsilon value: -1.0");
    assert_eq!(panic_of(|| adam().betas(1.0, 0.5)), "Invalid beta parameter at index 0: 1.0");
    assert_eq!(panic_of(|| adam().betas(0.0, -0.5)), "Invalid beta parameter at index 1: -0.5");
    assert_eq!(panic_of(|| adam().weight_decay(-1.0)), "Invalid weight_decay value: -1.0");
    assert_eq!(panic_of(|| adam().set_lr(-0.1)), "Invalid learning rate: -0.1");
}

#[test]
fn the_learning_rate_can_follow_a_schedule() {
    let mut net = Param::new(Tensor::from([1.0]));
    let mut sgd = Sgd::new(0.5);
    net.track().sum().backward();
    sgd.step(&mut net);
    sgd.set_lr(sgd.lr() / 2.0);
    sgd.step(&mut net);
    assert_eq!((sgd.lr(), net.value().to_vec()), (0.25, vec![0.25]));
    let mut adam = Adam::default();
    adam.set_lr(0.5);
    assert_eq!(adam.lr(), 0.5);
}

/// Nothing is changed, and the message says which parameter is another one.
#[test]
fn a_module_with_other_parameters_is_refused() {
    let rng = &mut Rng::seed(0);
    let mut adam = Adam::new(0.1);
    let mut net = (Linear::<3, 2>::new(rng), Linear::<2, 1>::new(rng));
    adam.step(&mut net);

    let mut wider = (Linear::<3, 2>::new(rng), Linear::<4, 1>::new(rng));
    (wider.0.bias.track()).sum().backward();
    let before = wider.0.bias.value().to_vec();
    assert_eq!(
        panic_of(|| adam.step(&mut wider)),
        "the parameter `1.weight` is float32 [1, 4], but the optimizer has the state of one that is float32 [1, 2]; \
         a second module needs an optimizer of its own"
    );
    assert_eq!(wider.0.bias.value().to_vec(), before);

    let mut double = (Linear::<3, 2>::new(rng), Linear::<2, 1, f64>::new(rng));
    assert!(
        panic_of(|| adam.step(&mut double)).starts_with("the parameter `1.weight` is float64 [1, 2], but")
    );
    let counts = "this optimizer began with 4 parameters, but the module has";
    assert!(panic_of(|| adam.step(&mut net.0)).starts_with(&format!("{counts} 2;")));
    let mut more = (net, Linear::<1, 1>::new(rng));
    assert!(panic_of(|| adam.step(&mut more)).starts_with(&format!("{counts} 6;")));
}
