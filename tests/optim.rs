//! The optimizers against PyTorch's, and their errors for wrong arguments.

use std::panic::{AssertUnwindSafe, catch_unwind};
use typegrad::nn::{LoadError, StateDict, VisitorMut};
use typegrad::prelude::*;

/// The file that tests/pytorch/optim.py wrote.
const PYTORCH: &str = include_str!("fixtures/optim.csv");

/// Its lines with the name `name`.
fn pytorch(name: &str) -> Vec<Vec<f64>> {
    let rows = PYTORCH.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(','));
    rows.map(|row| row.split(',').map(|number| number.parse().expect("a number")).collect()).collect()
}

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

fn assert_close(name: &str, ours: &[Vec<f64>], theirs: &[Vec<f64>], tolerance: f64) {
    assert_eq!((ours.len(), theirs.len()), (4, 4), "{name}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (x, y) in ours.iter().zip(theirs) {
            assert!((x - y).abs() <= tolerance * y.abs().max(1.0), "{name}: {ours:?} is not {theirs:?}");
        }
    }
}

macro_rules! compare {
    ($($fixture:ident: $optimizer:expr;)*) => { $(
        let mut optimizer = $optimizer;
        let ours = Quadratic::<f64>::trajectory(|net| optimizer.step(net));
        assert_close(stringify!($fixture), &ours, &pytorch(stringify!($fixture)), 1e-12);
        let mut optimizer = $optimizer;
        let ours = Quadratic::<f32>::trajectory(|net| optimizer.step(net));
        assert_close(stringify!($fixture), &ours, &pytorch(stringify!($fixture)), 1e-5);
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

#[test]
fn adam_w_goes_where_pytorch_goes() {
    compare! {
        ADAM_W: AdamW::new(0.1);
        ADAM_W_WITHOUT_DECAY: AdamW::new(0.1).weight_decay(0.0);
        ADAM_W_WEIGHT_DECAY: AdamW::new(0.1).weight_decay(0.3);
        ADAM_W_BETAS: AdamW::new(0.05).betas(0.4, 0.9).eps(0.1);
        ADAM_W_AMSGRAD: AdamW::new(0.3).betas(0.9, 0.8).amsgrad();
        ADAM_W_ALL: AdamW::new(0.2).betas(0.8, 0.7).eps(0.01).weight_decay(0.1).amsgrad().maximize();
    }
}

#[test]
fn rms_prop_goes_where_pytorch_goes() {
    compare! {
        RMS_PROP: RmsProp::default();
        RMS_PROP_ALPHA: RmsProp::new(0.01).alpha(0.8);
        RMS_PROP_EPS: RmsProp::new(0.05).eps(0.5);
        RMS_PROP_MOMENTUM: RmsProp::new(0.01).momentum(0.9);
        RMS_PROP_WEIGHT_DECAY: RmsProp::new(0.05).weight_decay(0.3);
        RMS_PROP_CENTERED: RmsProp::new(0.01).centered();
        RMS_PROP_CENTERED_ALPHA: RmsProp::new(0.02).alpha(0.4).eps(0.1).centered();
        RMS_PROP_MAXIMIZE: RmsProp::new(0.05).maximize();
        RMS_PROP_ALL: RmsProp::new(0.01).alpha(0.9).eps(0.1).momentum(0.8).weight_decay(0.2).centered().maximize();
    }
}

#[test]
fn adagrad_goes_where_pytorch_goes() {
    compare! {
        ADAGRAD: Adagrad::default();
        ADAGRAD_LR_DECAY: Adagrad::new(0.5).lr_decay(0.1);
        ADAGRAD_INITIAL: Adagrad::new(0.5).initial_accumulator_value(2.0);
        ADAGRAD_EPS: Adagrad::new(0.5).eps(0.5);
        ADAGRAD_WEIGHT_DECAY: Adagrad::new(0.5).weight_decay(0.3);
        ADAGRAD_MAXIMIZE: Adagrad::new(0.1).maximize();
        ADAGRAD_ALL:
            Adagrad::new(0.3).lr_decay(0.05).initial_accumulator_value(0.1).eps(0.01).weight_decay(0.1).maximize();
    }
}

#[test]
fn variants_of_adam_go_where_pytorch_goes() {
    compare! {
        NADAM: NAdam::default();
        NADAM_DECAY: NAdam::new(0.1).betas(0.8, 0.95).eps(0.01).momentum_decay(0.1);
        NADAM_WEIGHT_DECAY: NAdam::new(0.1).weight_decay(0.3);
        NADAM_ALL: NAdam::new(0.05).betas(0.7, 0.9).weight_decay(0.1).decoupled_weight_decay().maximize();
        RADAM: RAdam::default();
        RADAM_BETAS: RAdam::new(0.1).betas(0.8, 0.7).eps(0.01);
        RADAM_WEIGHT_DECAY: RAdam::new(0.1).betas(0.9, 0.95).weight_decay(0.3);
        RADAM_ALL: RAdam::new(0.05).betas(0.7, 0.9).weight_decay(0.1).decoupled_weight_decay().maximize();
        ADAMAX: Adamax::default();
        ADAMAX_BETAS: Adamax::new(0.1).betas(0.5, 0.9).eps(0.1);
        ADAMAX_ALL: Adamax::new(0.05).betas(0.8, 0.99).weight_decay(0.2).maximize();
        ADADELTA: Adadelta::default();
        ADADELTA_RHO: Adadelta::new(0.5).rho(0.7).eps(0.01);
        ADADELTA_ALL: Adadelta::new(0.5).rho(0.95).eps(0.001).weight_decay(0.2).maximize();
    }
}

#[test]
fn every_trajectory_of_the_file_is_compared() {
    let source = include_str!("optim.rs");
    for line in PYTORCH.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(',').next().unwrap_or_default();
        assert!(source.contains(&format!("        {name}:")), "{name}");
    }
}

/// The loss of `lbfgs_trajectory` in tests/pytorch/optim.py.
fn quartic<E: Float>(net: &mut Quadratic<E>) -> E {
    let a: Tensor<Rank2<2, 3>, E> = tensor(&[0.5, 1.0, 2.0, 0.01, 3.0, 0.1]);
    let minus_c: Tensor<Rank2<2, 3>, E> = tensor(&[-1.0, 2.0, -0.5, -3.0, 0.0, 1.0]);
    let corner = net.w.track().select_at::<0, 0>().select_at::<0, 0>() * net.b.track().select_at::<0, 0>();
    let loss = ((net.w.track() + minus_c).powi(2) * a).sum() + net.b.track().powi(4).sum();
    (loss + corner.powi(2)).backward()
}

#[test]
fn lbfgs_goes_where_pytorch_goes() {
    fn check<E: Float>(name: &str, mut lbfgs: Lbfgs, tolerance: f64) {
        let theirs = pytorch(name);
        assert_eq!(theirs.len(), 4, "{name}");
        let mut net = Quadratic::<E>::new();
        for (step, row) in theirs.iter().enumerate() {
            let loss = lbfgs.step(&mut net, quartic);
            let parameters = net.w.value().as_slice().iter().chain(net.b.value().as_slice());
            let ours: Vec<f64> = [loss].iter().chain(parameters).map(|x| x.as_f64()).collect();
            assert_eq!(ours.len(), row.len(), "{name}");
            for (x, y) in ours.iter().zip(row) {
                assert!(
                    (x - y).abs() <= tolerance * y.abs().max(1.0),
                    "{name}, {step}: {ours:?} is not {row:?}"
                );
            }
        }
    }
    macro_rules! check {
        ($($fixture:ident: $optimizer:expr;)*) => { $(
            check::<f64>(stringify!($fixture), $optimizer, 1e-9);
        )* };
    }
    check! {
        LBFGS: Lbfgs::new(0.3).max_iter(3);
        LBFGS_HISTORY: Lbfgs::new(0.2).max_iter(6).history_size(2);
        LBFGS_WOLFE: Lbfgs::default().max_iter(4).strong_wolfe();
        LBFGS_WOLFE_EVAL: Lbfgs::new(40.0).max_iter(6).max_eval(9).history_size(3).strong_wolfe();
        LBFGS_TOLERANCE: Lbfgs::new(0.5).max_iter(50).tolerance_grad(1e-2).tolerance_change(1e-3);
    }
    check::<f32>("LBFGS", Lbfgs::new(0.3).max_iter(3), 1e-4);
}

#[test]
fn lbfgs_resumes_from_its_state() {
    let new = || Lbfgs::new(0.5).max_iter(3).history_size(4).strong_wolfe();
    let (mut net, mut lbfgs) = (Quadratic::<f64>::new(), new());
    let fresh = new().state_dict();
    for _ in 0..2 {
        lbfgs.step(&mut net, quartic);
    }
    let (mut copy, mut other) = (Quadratic::<f64>::new(), new());
    copy.load_state_dict(&net.state_dict(), Strict::Yes).unwrap();
    other.load_state_dict(&lbfgs.state_dict(), &copy).unwrap();
    for _ in 0..2 {
        assert_eq!(lbfgs.step(&mut net, quartic), other.step(&mut copy, quartic));
    }
    assert_eq!((net.w.value(), net.b.value()), (copy.w.value(), copy.b.value()));
    other.load_state_dict(&fresh, &copy).unwrap();
    let small = Param::new(Tensor::<Rank1<2>, f64>::zeros());
    let error = other.load_state_dict(&lbfgs.state_dict(), &small).unwrap_err().to_string();
    assert!(error.contains("`gradient`") && error.contains("`history`"), "{error}");
    assert!(other.load_state_dict(&Sgd::new(0.1).state_dict(), &small).is_err());
}

#[test]
fn variants_of_adam_resume_from_their_state() {
    fn check<O: Optimizer>(new: impl Fn() -> O) {
        let run = |net: &mut Quadratic<f64>, optimizer: &mut O| {
            for t in 1..=5 {
                net.zero_grad();
                net.backward(t % 3 != 0);
                optimizer.step(net);
            }
        };
        let (mut net, mut optimizer) = (Quadratic::<f64>::new(), new());
        run(&mut net, &mut optimizer);
        let mut other = new();
        other.load_state_dict(&optimizer.state_dict(), &net).unwrap();
        let mut copy = Quadratic::<f64>::new();
        copy.load_state_dict(&net.state_dict(), Strict::Yes).unwrap();
        run(&mut net, &mut optimizer);
        run(&mut copy, &mut other);
        assert_eq!((net.w.value(), net.b.value()), (copy.w.value(), copy.b.value()));
    }
    check(|| NAdam::new(0.1));
    check(|| RAdam::new(0.1).betas(0.9, 0.95));
    check(|| Adamax::new(0.1));
    check(|| Adadelta::new(1.0));
    let mut nadam = NAdam::new(0.1);
    let mut net = Quadratic::<f64>::new();
    net.backward(true);
    nadam.step(&mut net);
    let mut dict = nadam.state_dict();
    dict.remove("0.mu_product").expect("it is saved");
    let error = nadam.load_state_dict(&dict, &net).unwrap_err().to_string();
    assert!(error.contains("0.mu_product"), "{error}");
}

fn panic_of<T>(f: impl FnOnce() -> T) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).err().expect("a panic");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast::<&str>().expect("a text").to_string(),
    }
}

#[test]
fn wrong_options_panic_with_the_text_of_pytorch() {
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
    assert_eq!(panic_of(|| adam().set_momentum(1.0)), "Invalid beta parameter at index 0: 1.0");
    assert_eq!(panic_of(|| AdamW::new(-1.0)), "Invalid learning rate: -1.0");
    assert_eq!(panic_of(|| AdamW::new(0.1).weight_decay(-1.0)), "Invalid weight_decay value: -1.0");
    let rms_prop = || RmsProp::new(0.1);
    assert_eq!(panic_of(|| rms_prop().alpha(-1.0)), "Invalid alpha value: -1.0");
    assert_eq!(panic_of(|| rms_prop().eps(f64::NAN)), "Invalid epsilon value: NaN");
    assert_eq!(panic_of(|| rms_prop().momentum(-1.0)), "Invalid momentum value: -1.0");
    assert_eq!(panic_of(|| rms_prop().weight_decay(-1.0)), "Invalid weight_decay value: -1.0");
    let adagrad = || Adagrad::new(0.1);
    assert_eq!(panic_of(|| adagrad().lr_decay(-1.0)), "Invalid lr_decay value: -1.0");
    assert_eq!(panic_of(|| adagrad().eps(-1.0)), "Invalid epsilon value: -1.0");
    assert_eq!(
        panic_of(|| adagrad().initial_accumulator_value(-1.0)),
        "Invalid initial_accumulator_value value: -1.0"
    );
    assert_eq!(panic_of(|| adagrad().set_momentum(0.5)), "Adagrad has no momentum");
    assert_eq!(panic_of(|| NAdam::new(0.1).momentum_decay(-1.0)), "Invalid momentum_decay value: -1.0");
    assert_eq!(panic_of(|| NAdam::new(0.1).betas(0.5, 1.0)), "Invalid beta parameter at index 1: 1.0");
    assert_eq!(panic_of(|| RAdam::new(0.1).eps(-1.0)), "Invalid epsilon value: -1.0");
    assert_eq!(panic_of(|| Adamax::new(0.1).betas(-0.5, 0.0)), "Invalid beta parameter at index 0: -0.5");
    assert_eq!(panic_of(|| Adadelta::new(1.0).rho(1.5)), "Invalid rho value: 1.5");
    assert_eq!(panic_of(|| Adadelta::new(1.0).set_momentum(0.5)), "Adadelta has no momentum");
    assert_eq!(panic_of(|| Lbfgs::new(-1.0)), "Invalid learning rate: -1.0");
}

#[test]
fn the_learning_rate_can_follow_a_schedule() {
    let mut net = Param::new(Tensor::from([1.0]));
    let mut sgd = Sgd::new(0.5);
    net.track().sum().backward();
    sgd.step(&mut net);
    sgd.set_lr(sgd.lr() / 2.0);
    net.track().sum().backward();
    sgd.step(&mut net);
    assert_eq!((sgd.lr(), net.value().to_vec()), (0.25, vec![0.25]));
    let mut adam = Adam::default();
    adam.set_lr(0.5);
    assert_eq!(adam.lr(), 0.5);
}

/// A forgotten `backward`, `zero_grad` in the wrong place, or the wrong module: PyTorch reports nothing.
#[test]
fn a_step_without_any_gradient_is_refused() {
    let rng = &mut Rng::seed(0);
    let (mut trained, mut other) = (Linear::<3, 1>::new(rng), Linear::<3, 1>::new(rng));
    trained.train(Tensor::<Rank1<3>>::ones()).sum().backward();
    let (mut sgd, mut adam) = (Sgd::new(0.1), Adam::new(0.1));
    let start = "no parameter of `Linear` has a gradient";
    assert!(panic_of(|| sgd.clone().step(&mut other)).starts_with(start));
    assert!(panic_of(|| adam.clone().step(&mut other)).starts_with(start));
    sgd.step(&mut trained);
    // Nor is a second step, of this or another optimizer, by gradients that were cleared.
    assert!(panic_of(|| sgd.step(&mut trained)).starts_with(start));
    assert!(panic_of(|| adam.clone().step(&mut trained)).starts_with(start));
    trained.train(Tensor::<Rank1<3>>::ones()).sum().backward();
    trained.zero_grad();
    assert!(panic_of(|| sgd.step(&mut trained)).starts_with(start));
    let mut pair = (trained.clone(), other.clone());
    assert!(panic_of(|| adam.clone().step(&mut pair)).starts_with("no parameter of these layers has"));
    // One gradient is enough, and a module without anything to train needs none.
    pair.1.bias.track().sum().backward();
    adam.step(&mut pair);
    Sgd::new(0.1).step(&mut Frozen::new(pair));
    Sgd::new(0.1).step(&mut Relu);
}

/// Nothing is changed, and the message says which parameter is another one.
#[test]
fn a_module_with_other_parameters_is_refused() {
    let rng = &mut Rng::seed(0);
    let mut adam = Adam::new(0.1);
    let mut net = (Linear::<3, 2>::new(rng), Linear::<2, 1>::new(rng));
    net.train(Tensor::<Rank1<3>>::ones()).sum().backward();
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

/// A trait of the user's function, and an optimizer of the user's.
#[test]
fn an_optimizer_can_be_written_outside_of_this_crate() {
    struct Signs {
        lr: f64,
    }
    impl VisitorMut<'_> for &mut Signs {
        fn param<S: Shape, E: Float>(&mut self, param: &mut Param<S, E>) {
            if let Some(grad) = param.grad() {
                let step = Tensor::<S, E>::full(E::from_f64(self.lr));
                param.set(param.value().clone() - grad.sign() * step);
            }
        }
    }
    impl Optimizer for Signs {
        fn step(&mut self, module: &mut impl Module) {
            module.visit_mut(&mut &mut *self);
        }
        fn lr(&self) -> f64 {
            self.lr
        }
        fn set_lr(&mut self, lr: f64) {
            self.lr = lr;
        }
        fn state_dict(&self) -> StateDict {
            StateDict::new()
        }
        fn load_state_dict(&mut self, _: &StateDict, _: &impl Module) -> Result<(), LoadError> {
            Ok(())
        }
    }

    let mut net = Param::new(Tensor::from([1.0, -2.0]));
    let mut signs = Signs { lr: 0.5 };
    let mut schedule = ExponentialLr::new(0.5).start(&mut signs);
    for _ in 0..2 {
        net.zero_grad();
        net.track().powi(2).sum().backward();
        signs.step(&mut net);
        schedule.step(&mut signs);
    }
    assert_eq!(net.value().as_slice(), [0.25, -1.25]);
    assert_eq!(signs.current_momentum(), None);
    assert_eq!(
        panic_of(|| signs.set_momentum(0.5)),
        "this optimizer has no momentum, so it cannot be set to 0.5"
    );
}
