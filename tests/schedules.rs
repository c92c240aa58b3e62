//! The schedules against PyTorch's, their errors for wrong arguments, and a run that is resumed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use typegrad::nn::{LoadError, StateDict, StateTensor};
use typegrad::optim::{AnnealStrategy, PlateauMode, ThresholdMode};
use typegrad::prelude::*;

/// A line of the file that tests/pytorch/optim.py wrote.
fn pytorch(name: &str) -> Vec<f64> {
    let file = include_str!("fixtures/schedules.csv");
    let line = file.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(','));
    let line = line.unwrap_or_else(|| panic!("no line {name}"));
    line.split(',').map(|number| number.parse().expect("a number")).collect()
}

/// The optimizer of tests/pytorch/optim.py.
fn sgd() -> Sgd {
    Sgd::new(0.3).momentum(0.9)
}

fn assert_close(name: &str, ours: &[f64], theirs: &[f64]) {
    assert_eq!(ours.len(), theirs.len(), "{name}");
    for (t, (x, y)) in ours.iter().zip(theirs).enumerate() {
        // PyTorch's own sums leave zero by as much.
        let tolerance = 1e-12 * y.abs() + 1e-17;
        assert!((x - y).abs() <= tolerance, "{name}, step {t}: {x:?} is not {y:?}");
    }
}

/// The rate and the momentum at the start and after each of 60 steps.
fn rates<P: LrPlan>(plan: P, mut optimizer: impl Optimizer) -> (Vec<f64>, Vec<f64>) {
    let mut schedule = plan.start(&mut optimizer);
    let mut rates = vec![(optimizer.lr(), optimizer.current_momentum().unwrap())];
    for t in 1..=60 {
        schedule.step(&mut optimizer);
        assert_eq!((schedule.last_epoch(), schedule.last_lr()), (t, optimizer.lr()));
        rates.push((optimizer.lr(), optimizer.current_momentum().unwrap()));
    }
    rates.into_iter().unzip()
}

macro_rules! compare {
    ($($fixture:ident: $plan:expr;)*) => { $(
        assert_close(stringify!($fixture), &rates($plan, sgd()).0, &pytorch(stringify!($fixture)));
    )* };
}

#[test]
fn schedules_go_where_pytorch_goes() {
    compare! {
        STEP: StepLr::new(7);
        STEP_GAMMA: StepLr::new(5).gamma(0.8);
        MULTI_STEP: MultiStepLr::new([30, 5, 12, 12]);
        MULTI_STEP_GAMMA: MultiStepLr::new([0, 20, 40]).gamma(0.7);
        EXPONENTIAL: ExponentialLr::new(0.93);
        CONSTANT: ConstantLr::new();
        CONSTANT_FACTOR: ConstantLr::new().factor(0.7).total_iters(23);
        LINEAR: LinearLr::new();
        LINEAR_UP: LinearLr::new().start_factor(0.01).total_iters(40);
        LINEAR_DOWN: LinearLr::new().start_factor(1.0).end_factor(0.0).total_iters(50);
        COSINE: CosineAnnealingLr::new(50);
        COSINE_AGAIN: CosineAnnealingLr::new(9).eta_min(0.02);
        COSINE_OF_ONE: CosineAnnealingLr::new(1).eta_min(0.02);
        RESTARTS: CosineAnnealingWarmRestarts::new(13);
        RESTARTS_LONGER: CosineAnnealingWarmRestarts::new(4).t_mult(3).eta_min(0.01);
        LAMBDA: LambdaLr::new(|t| 1.0 / ((1 + t) as f64).sqrt());
    }
}

#[test]
fn schedules_in_a_row_and_at_once_go_where_pytorch_goes() {
    compare! {
        WARM_UP_THEN_COSINE: SequentialLr::new(
            (LinearLr::new().start_factor(0.1).total_iters(10), CosineAnnealingLr::new(50).eta_min(0.001)),
            [10],
        );
        THREE_IN_A_ROW: SequentialLr::new(
            (
                ConstantLr::new().factor(0.5).total_iters(3),
                CosineAnnealingWarmRestarts::new(6),
                ExponentialLr::new(0.9),
            ),
            [8, 30],
        );
        FOUR_IN_A_ROW: SequentialLr::new(
            (
                LinearLr::new(),
                StepLr::new(4).gamma(0.5),
                MultiStepLr::new([2, 9]),
                LambdaLr::new(|t| 0.5 + t as f64),
            ),
            [5, 20, 45],
        );
        CHAINED: ChainedScheduler::new((
            ConstantLr::new().factor(0.1).total_iters(20),
            ExponentialLr::new(0.9),
        ));
        CHAINED_THREE: ChainedScheduler::new((
            LinearLr::new().start_factor(0.2).total_iters(15),
            CosineAnnealingLr::new(60),
            StepLr::new(20).gamma(0.5),
        ));
    }
}

macro_rules! compare_cycles {
    ($($fixture:ident $momentum:ident: $plan:expr;)*) => { $(
        for (lr, momentum) in [rates($plan, sgd()), rates($plan, Adam::new(0.3)), rates($plan, RmsProp::new(0.3))] {
            // The rate after the last step is of no use, and PyTorch's may be negative.
            assert_close(stringify!($fixture), &lr[..60], &pytorch(stringify!($fixture))[..60]);
            assert_close(stringify!($momentum), &momentum[..60], &pytorch(stringify!($momentum))[..60]);
            assert!(0.0 < lr[60] && (lr[60] <= lr[59] || lr[60] == 0.6));
        }
    )* };
}

#[test]
fn one_cycles_go_where_pytorch_goes() {
    let cycle = || OneCycleLr::new(0.6, 60);
    compare_cycles! {
        ONE_CYCLE ONE_CYCLE_MOMENTUM: cycle();
        ONE_CYCLE_LINEAR ONE_CYCLE_LINEAR_MOMENTUM: cycle().anneal_strategy(AnnealStrategy::Linear);
        ONE_CYCLE_THREE_PHASE ONE_CYCLE_THREE_PHASE_MOMENTUM: cycle().three_phase();
        ONE_CYCLE_THREE_PHASE_LINEAR ONE_CYCLE_THREE_PHASE_LINEAR_MOMENTUM:
            cycle().three_phase().anneal_strategy(AnnealStrategy::Linear).pct_start(0.37);
        ONE_CYCLE_OPTIONS ONE_CYCLE_OPTIONS_MOMENTUM:
            OneCycleLr::new(0.6, 77)
                .pct_start(0.45)
                .base_momentum(0.7)
                .max_momentum(0.99)
                .div_factor(10.0)
                .final_div_factor(100.0);
        ONE_CYCLE_AT_THE_TOP ONE_CYCLE_AT_THE_TOP_MOMENTUM: cycle().pct_start(0.0);
        ONE_CYCLE_TO_THE_TOP ONE_CYCLE_TO_THE_TOP_MOMENTUM: OneCycleLr::new(0.6, 61).pct_start(1.0);
    }
    let plan = cycle().cycle_momentum(false);
    let (lr, momentum) = rates(plan.clone(), sgd());
    assert_close("without momentum", &lr[..60], &pytorch("ONE_CYCLE_WITHOUT_MOMENTUM")[..60]);
    assert_close("without momentum", &momentum, &pytorch("ONE_CYCLE_WITHOUT_MOMENTUM_MOMENTUM"));
    let mut adagrad = Adagrad::new(0.3);
    plan.start(&mut adagrad).step(&mut adagrad);
}

macro_rules! compare_plateaus {
    ($($fixture:ident: $plateau:expr;)*) => { $(
        let (mut optimizer, mut plateau) = (sgd(), $plateau);
        let mut rates = vec![optimizer.lr()];
        for metric in pytorch("METRICS") {
            plateau.step(&mut optimizer, metric);
            rates.push(optimizer.lr());
        }
        assert_close(stringify!($fixture), &rates, &pytorch(stringify!($fixture)));
    )* };
}

#[test]
fn plateaus_are_found_where_pytorch_finds_them() {
    let plateau = ReduceLrOnPlateau::new;
    compare_plateaus! {
        PLATEAU: plateau();
        PLATEAU_PATIENCE: plateau().patience(2).factor(0.5);
        PLATEAU_MAX: plateau().mode(PlateauMode::Max).patience(3).factor(0.7);
        PLATEAU_ABS: plateau().threshold(0.3).threshold_mode(ThresholdMode::Abs).patience(4).factor(0.6);
        PLATEAU_MAX_ABS:
            plateau()
                .mode(PlateauMode::Max)
                .threshold(0.1)
                .threshold_mode(ThresholdMode::Abs)
                .patience(1)
                .factor(0.9);
        PLATEAU_REL: plateau().threshold(0.2).patience(1).factor(0.8);
        PLATEAU_COOLDOWN: plateau().patience(1).cooldown(5).factor(0.5);
        PLATEAU_MIN_LR: plateau().patience(0).factor(0.5).min_lr(0.04);
        PLATEAU_EPS: plateau().patience(0).factor(0.5).eps(0.05);
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
fn wrong_options_panic_with_the_text_of_pytorch() {
    let start = "Starting multiplicative factor expected to be greater than 0 and less or equal to 1.";
    let end = "Ending multiplicative factor expected to be between 0 and 1.";
    let constant = "Constant multiplicative factor expected to be between 0 and 1.";
    for factor in [0.0, 1.1, f64::NAN] {
        assert_eq!(panic_of(|| LinearLr::new().start_factor(factor)), start);
    }
    for factor in [-0.1, 1.1, f64::NAN] {
        assert_eq!(panic_of(|| LinearLr::new().end_factor(factor)), end);
        assert_eq!(panic_of(|| ConstantLr::new().factor(factor)), constant);
    }
    let restarts = CosineAnnealingWarmRestarts::new;
    assert_eq!(panic_of(|| restarts(0)), "Expected positive integer T_0, but got 0");
    assert_eq!(panic_of(|| restarts(2).t_mult(0)), "Expected integer T_mult >= 1, but got 0");
    assert_eq!(panic_of(|| ReduceLrOnPlateau::new().factor(1.0)), "Factor should be < 1.0.");
    let cycle = || OneCycleLr::new(1.0, 10);
    assert_eq!(panic_of(|| OneCycleLr::new(1.0, 0)), "Expected positive integer total_steps, but got 0");
    assert_eq!(panic_of(|| cycle().pct_start(1.5)), "Expected float between 0 and 1 pct_start, but got 1.5");
    assert_eq!(
        panic_of(|| cycle().start(&mut Adagrad::new(0.1))),
        "optimizer must support momentum or beta1 with `cycle_momentum` option enabled"
    );
    let too_often = || {
        let mut sgd = sgd();
        let mut schedule = cycle().start(&mut sgd);
        (0..11).for_each(|_| schedule.step(&mut sgd));
    };
    assert_eq!(panic_of(too_often), "Tried to step 11 times. The specified number of total steps is 10");
    let plans = || (StepLr::new(1), StepLr::new(2), StepLr::new(3));
    assert_eq!(panic_of(|| SequentialLr::new(plans(), [4, 3])), "the milestones [4, 3] are not in order");
    let negative = || LambdaLr::new(|_| -1.0).start(&mut Sgd::new(0.5));
    assert_eq!(panic_of(negative), "Invalid learning rate: -0.5");
}

/// Where PyTorch divides by zero.
#[test]
fn a_phase_of_no_steps_is_over_at_once() {
    let mut sgd = sgd();
    let mut schedule = OneCycleLr::new(1.0, 10).pct_start(0.1).start(&mut sgd);
    assert_eq!(sgd.lr(), 1.0);
    schedule.step(&mut sgd);
    assert!(sgd.lr() < 1.0);
    let mut schedule = ConstantLr::new().factor(0.0).total_iters(1).start(&mut sgd);
    assert_eq!(sgd.lr(), 0.0);
    schedule.step(&mut sgd);
    assert!(0.9 < sgd.lr() && sgd.lr() < 1.0);
}

type Net = (Linear<3, 8>, Relu, Linear<8, 1>);

/// A run with everything that a checkpoint saves.
struct Training<O, P> {
    net: Net,
    optimizer: O,
    schedule: LrScheduler<P>,
    plateau: ReduceLrOnPlateau,
    rng: Rng,
}

impl<O: Optimizer, P: LrPlan> Training<O, P> {
    fn begin(mut optimizer: O, plan: P) -> Self {
        let mut rng = Rng::seed(5);
        let schedule = plan.start(&mut optimizer);
        let plateau = ReduceLrOnPlateau::new().patience(1).factor(0.8).cooldown(1);
        Training { net: Net::new(&mut rng), optimizer, schedule, plateau, rng }
    }

    fn step(&mut self) -> u32 {
        self.net.zero_grad();
        let x = Tensor::<Rank2<4, 3>>::randn(&mut self.rng);
        let loss = self.net.train(x).powi(2).mean().backward();
        self.optimizer.step(&mut self.net);
        self.schedule.step(&mut self.optimizer);
        self.plateau.step(&mut self.optimizer, loss);
        loss.to_bits()
    }

    fn saved(&self) -> [StateDict; 4] {
        let (schedule, plateau) = (self.schedule.state_dict(), self.plateau.state_dict());
        [self.net.state_dict(), self.optimizer.state_dict(), schedule, plateau]
    }
}

fn resumes_at_every_step<P: LrPlan>(plan: impl Fn() -> P) {
    resumes(&plan, || AdamW::new(0.02));
    resumes(&plan, || RmsProp::new(0.02).momentum(0.5).centered());
    resumes(&plan, || Sgd::new(0.02).momentum(0.9).nesterov());
}

fn resumes<P: LrPlan, O: Optimizer>(plan: impl Fn() -> P, optimizer: impl Fn() -> O) {
    let mut whole = Training::begin(optimizer(), plan());
    let losses: Vec<_> = (0..12).map(|_| whole.step()).collect();
    for killed in 0..12 {
        let mut first = Training::begin(optimizer(), plan());
        let mut resumed: Vec<_> = (0..killed).map(|_| first.step()).collect();
        let ([net, optimizer_state, schedule, plateau], rng) = (first.saved(), first.rng);
        let mut second = Training::begin(optimizer(), plan());
        second.net.load_state_dict(&net, typegrad::nn::Strict::Yes).unwrap();
        second.optimizer.load_state_dict(&optimizer_state, &second.net).unwrap();
        second.schedule.load_state_dict(&schedule).unwrap();
        second.plateau.load_state_dict(&plateau).unwrap();
        second.rng = rng;
        resumed.extend((killed..12).map(|_| second.step()));
        assert_eq!(resumed, losses, "killed after {killed} steps");
        assert_eq!(second.saved(), whole.saved());
    }
}

#[test]
fn training_with_a_schedule_resumes_exactly_at_every_step() {
    resumes_at_every_step(|| StepLr::new(3).gamma(0.5));
    resumes_at_every_step(|| OneCycleLr::new(0.05, 12));
    resumes_at_every_step(|| {
        SequentialLr::new((LinearLr::new().total_iters(4), CosineAnnealingLr::new(8)), [4])
    });
    resumes_at_every_step(|| ChainedScheduler::new((ConstantLr::new(), ExponentialLr::new(0.9))));
    resumes_at_every_step(|| -> Box<dyn LrPlan> { Box::new(CosineAnnealingWarmRestarts::new(5)) });
}

#[test]
fn a_state_with_wrong_numbers_is_an_error_and_changes_nothing() {
    let mut sgd = sgd();
    let mut schedule = StepLr::new(3).start(&mut sgd);
    let saved = schedule.state_dict();
    let with = |name: &str, tensor: StateTensor| {
        let mut changed = saved.clone();
        changed.remove(name).unwrap();
        changed.insert(name, tensor).unwrap();
        changed
    };
    let number = |x: f64| StateTensor::new(vec![], vec![x]).unwrap();
    for (dict, problem) in [
        (with("base_lr", number(-1.0)), "invalid: `base_lr` has a learning rate of -1.0"),
        (with("last_lr", number(f64::NAN)), "invalid: `last_lr` has a learning rate of NaN"),
        (
            with("last_epoch", StateTensor::new(vec![], vec![-3_i64]).unwrap()),
            "invalid: `last_epoch` has a count of -3 epochs",
        ),
        (
            with("last_epoch", number(1.0)),
            "mismatched: `last_epoch` is int64 [] in the scheduler and float64 [] in the state dict",
        ),
        (StateDict::new(), "missing: `last_epoch` is in the scheduler but not in the state dict"),
    ] {
        let error = schedule.load_state_dict(&dict).unwrap_err().to_string();
        assert_eq!(error.lines().nth(1).map(str::trim), Some(problem));
        assert_eq!(schedule.state_dict(), saved);
    }
    let mut plateau = ReduceLrOnPlateau::new();
    let error = plateau.load_state_dict(&saved).unwrap_err();
    assert_eq!((error.missing.len(), error.unexpected.len()), (3, 3));
    schedule.load_state_dict(&plateau.state_dict()).unwrap_err();
}

/// An optimizer whose momentum a schedule changed continues with it.
#[test]
fn the_momentum_is_saved_and_a_wrong_one_is_refused() {
    let net = Net::new(&mut Rng::seed(0));
    let mut adam = Adam::new(0.1);
    adam.set_momentum(0.5);
    let saved = adam.state_dict();
    let mut other = Adam::new(0.2);
    other.load_state_dict(&saved, &net).unwrap();
    assert_eq!((other.lr(), other.current_momentum()), (0.1, Some(0.5)));
    let mut hostile = saved.clone();
    hostile.remove("Adam.momentum");
    hostile.insert("Adam.momentum", StateTensor::new(vec![], vec![1.5]).unwrap()).unwrap();
    let error = other.load_state_dict(&hostile, &net).unwrap_err().to_string();
    assert!(error.ends_with("invalid: `Adam.momentum` has a momentum of 1.5"), "{error}");
    assert_eq!(other.current_momentum(), Some(0.5));
}

/// In PyTorch a schedule holds its optimizer.
#[test]
fn a_schedule_changes_the_optimizer_that_it_was_started_with() {
    let (mut adam, mut other) = (Adam::new(0.1), Adam::new(0.1));
    let mut schedule = LinearLr::new().start_factor(0.1).total_iters(10).start(&mut adam);
    let mut plateau = ReduceLrOnPlateau::new();
    plateau.step(&mut adam, 1.0);
    let text = "this schedule was started with another optimizer";
    assert!(panic_of(|| schedule.step(&mut other)).starts_with(text));
    assert!(panic_of(|| plateau.step(&mut other, 1.0)).starts_with(text));
    assert!((other.lr(), schedule.last_epoch()) == (0.1, 0));
    // It is the same one after a move, an option, a load and a clone with its schedule.
    let net = Linear::<2, 1>::new(&mut Rng::seed(0));
    let mut adam = Box::new(adam.weight_decay(0.1).group(Group::named("bias").lr_factor(0.5)));
    let saved = adam.state_dict();
    adam.load_state_dict(&saved, &net).unwrap();
    let state = schedule.state_dict();
    schedule.load_state_dict(&state).unwrap();
    schedule.step(&mut *adam);
    plateau.step(&mut *adam, 1.0);
    let (mut adam, mut schedule) = (adam.clone(), schedule.clone());
    schedule.step(&mut *adam);
    assert_eq!(schedule.last_epoch(), 2);
}

/// Variants that errors would confuse with layers have other names, which are not printed.
#[test]
fn options_are_printed_as_they_are_written() {
    use typegrad::nn::Nonlinearity;
    use typegrad::ops::QuantileMode;
    use typegrad::optim::AnnealStrategy;
    let printed = [AnnealStrategy::Cos, AnnealStrategy::Linear].map(|option| format!("{option:?}"));
    assert_eq!(printed, ["Cos", "Linear"]);
    let printed = [Nonlinearity::Tanh, Nonlinearity::Relu].map(|option| format!("{option:?}"));
    assert_eq!(printed, ["Tanh", "Relu"]);
    let modes = [
        QuantileMode::Linear,
        QuantileMode::Lower,
        QuantileMode::Higher,
        QuantileMode::Midpoint,
        QuantileMode::Nearest,
    ];
    let printed = modes.map(|option| format!("{option:?}"));
    assert_eq!(printed, ["Linear", "Lower", "Higher", "Midpoint", "Nearest"]);
}

/// The enum of the page of `Optimizer`.
enum Either {
    Sgd(Sgd),
    Adam(Adam),
}

macro_rules! forward {
    ($any:ident.$method:ident($($argument:expr),*)) => {
        match $any {
            Either::Sgd(optimizer) => optimizer.$method($($argument),*),
            Either::Adam(optimizer) => optimizer.$method($($argument),*),
        }
    };
}

#[rustfmt::skip]
impl Optimizer for Either {
    fn step(&mut self, module: &mut impl Module) { forward!(self.step(module)) }
    fn lr(&self) -> f64 { forward!(self.lr()) }
    fn set_lr(&mut self, lr: f64) { forward!(self.set_lr(lr)) }
    fn optimizer_identity(&self) -> Option<usize> { forward!(self.optimizer_identity()) }
    fn current_momentum(&self) -> Option<f64> { forward!(self.current_momentum()) }
    fn set_momentum(&mut self, momentum: f64) { forward!(self.set_momentum(momentum)) }
    fn state_dict(&self) -> StateDict { forward!(self.state_dict()) }
    fn load_state_dict(&mut self, dict: &StateDict, module: &impl Module) -> Result<(), LoadError> {
        forward!(self.load_state_dict(dict, module))
    }
}

#[test]
#[should_panic(expected = "this schedule was started with another optimizer")]
fn an_enum_of_optimizers_keeps_the_checks() {
    let [mut sgd, mut adam] = [Either::Sgd(Sgd::new(0.1).momentum(0.5)), Either::Adam(Adam::new(0.1))];
    let mut schedule = OneCycleLr::new(0.1, 10).start(&mut sgd);
    schedule.step(&mut sgd);
    assert_ne!(sgd.current_momentum(), Some(0.5), "the cycle changes the momentum");
    schedule.step(&mut adam);
}
