//! Mistakes that PyTorch does not report, or not clearly, and that types cannot find: here they panic with a message that says
//! what to do, or do no harm. docs/errors.md has the tables; the laws in `ui-tests/` are the mistakes that do not compile.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use typegrad::nn::{LoadError, Strict};
use typegrad::optim::Group;
use typegrad::prelude::*;

type Net = Linear<3, 2>;

fn net() -> Net {
    Linear::new(&mut Rng::seed(0))
}

fn loss(net: &Net) -> f32 {
    net.train(Tensor::<Rank2<4, 3>>::ones()).powi(2).mean().backward()
}

/// The text of a panic.
fn panic_of<T>(f: impl FnOnce() -> T) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).err().expect("a panic");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast::<&str>().expect("a text").to_string(),
    }
}

macro_rules! says {
    ($mistake:expr, $text:expr) => {
        let text = panic_of(|| $mistake);
        assert!(text.contains($text), "{text}");
    };
}

#[test]
fn an_index_out_of_range() {
    let table = Embedding::<1000, 4>::new(&mut Rng::seed(0));
    says!(
        table.infer(Tensor::from([1, 2, 3, 1000])),
        "index 1000 at position [3] is out of range: there are 1000 rows"
    );
    let scores = || Tensor::<Rank2<4, 10>>::zeros();
    says!(
        scores().cross_entropy(&Tensor::from([0, 1, 10, 2])),
        "the label of row 2 is 10, but there are 10 classes"
    );
    says!(
        scores().nll_loss(&Tensor::from([0, -1, 0, 2])),
        "the label of row 1 is -1, but there are 10 classes"
    );
}

/// The place that the panic of `f` names.
fn place_of<T>(f: impl FnOnce() -> T) -> (String, u32) {
    thread_local!(static PLACE: RefCell<Option<(String, u32)>> = const { RefCell::new(None) });
    let before = take_hook();
    set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| (place.file().to_owned(), place.line()));
        PLACE.with(|last| *last.borrow_mut() = place);
    }));
    let _ = panic_of(f);
    set_hook(before);
    PLACE.with(RefCell::take).expect("a place")
}

#[test]
fn a_label_out_of_range_is_reported_at_the_line_of_the_loss() {
    let scores = || Tensor::<Rank2<2, 3>>::zeros();
    let labels = Tensor::from([0, 3]);
    let losses: [(fn() -> u32, &dyn Fn()); 5] = [
        (|| line!(), &|| drop(scores().cross_entropy(&labels))),
        (|| line!(), &|| drop(scores().cross_entropy_axis::<-1, _>(&labels))),
        (|| line!(), &|| drop(CrossEntropyLoss::new().sum(scores(), &labels))),
        (|| line!(), &|| drop(scores().nll_loss(&labels))),
        (|| line!(), &|| drop(NllLoss::new().none(scores(), &labels))),
    ];
    for (line, loss) in losses {
        assert_eq!(place_of(loss), (file!().to_owned(), line()));
    }
}

#[test]
fn an_index_out_of_range_is_reported_at_the_line_that_calls_the_layer() {
    let rng = &mut Rng::seed(0);
    let table = Embedding::<9, 4>::new(rng);
    let bag = EmbeddingBag::<9, 4>::new(rng);
    let net: (Embedding<9, 4>, Linear<4, 2>) = Init::new(rng);
    let frozen: Frozen<(Embedding<9, 4>, Linear<4, 2>)> = Init::new(rng);
    let x = || Tensor::from([1, 9]);
    let runs: [(fn() -> u32, &dyn Fn()); 6] = [
        (|| line!(), &|| drop(table.infer(x()))),
        (|| line!(), &|| drop(bag.train(x().unsqueeze::<0>()))),
        (|| line!(), &|| drop(net.train(x()))),
        (|| line!(), &|| drop(net.eval(x()))),
        (|| line!(), &|| drop(net.sample(x()))),
        (|| line!(), &|| drop(frozen.infer(x()))),
    ];
    for (line, run) in runs {
        assert_eq!(place_of(run), (file!().to_owned(), line()));
    }
}

#[test]
fn scores_for_a_loss_of_probabilities() {
    let scores = Tensor::from([0.5, 3.0]);
    says!(
        scores.binary_cross_entropy(Tensor::from([0.0, 1.0])),
        "is it a score, for binary_cross_entropy_with_logits?"
    );
}

const NO_GRADIENT: &str =
    "no parameter of `Linear` has a gradient, so this step changes nothing; call `backward`";

#[test]
fn a_forgotten_backward() {
    let mut net = net();
    let loss = net.train(Tensor::<Rank2<4, 3>>::ones()).powi(2).mean().value().item();
    assert!(loss > 0.0);
    says!(Sgd::new(0.1).step(&mut net), NO_GRADIENT);
}

#[test]
fn zero_grad_before_the_step() {
    let mut net = net();
    loss(&net);
    net.zero_grad();
    says!(Adam::new(0.1).step(&mut net), NO_GRADIENT);
}

#[test]
fn a_step_of_another_network() {
    let (trained, mut copy) = (net(), net());
    loss(&trained);
    says!(Adam::new(0.1).step(&mut copy), NO_GRADIENT);
}

#[test]
fn two_steps_by_the_same_gradients() {
    let (mut net, mut sgd) = (net(), Sgd::new(0.1));
    loss(&net);
    sgd.step(&mut net);
    says!(sgd.step(&mut net), NO_GRADIENT);
    loss(&net);
    Adam::new(0.1).step(&mut net);
    says!(sgd.step(&mut net), NO_GRADIENT);
}

#[test]
fn clipping_after_the_step() {
    let mut net = net();
    loss(&net);
    Sgd::new(0.1).step(&mut net);
    says!(net.clip_grad_norm(1.0), "clip after `backward` and before `step`");
}

#[test]
fn one_optimizer_for_two_modules() {
    let (mut net, mut other, mut adam) = (net(), Linear::<4, 2>::new(&mut Rng::seed(1)), Adam::new(0.1));
    loss(&net);
    adam.step(&mut net);
    other.train(Tensor::<Rank1<4>>::ones()).sum().backward();
    says!(adam.step(&mut other), "a second module needs an optimizer of its own");
}

/// Their moments would be mixed.
#[test]
fn one_optimizer_for_two_modules_of_equal_sizes() {
    const IN_TURN: &str = "this optimizer steps two modules in turn, and has the state of one";
    /// Steps a, a, b, a, and once more b.
    fn in_turn(mut optimizer: impl Optimizer) -> impl FnOnce() {
        let (mut a, mut b) = (net(), net());
        let mut step = move |net: &mut Linear<3, 2>| {
            loss(net);
            optimizer.step(net);
        };
        step(&mut a);
        step(&mut a);
        step(&mut b);
        step(&mut a);
        move || step(&mut b)
    }
    says!(in_turn(Adam::new(0.1))(), IN_TURN);
    says!(in_turn(AdamW::new(0.1))(), IN_TURN);
    says!(in_turn(RmsProp::new(0.1))(), IN_TURN);
    says!(in_turn(Sgd::new(0.1).momentum(0.9))(), IN_TURN);
    in_turn(Sgd::new(0.1))();
    let (mut nets, mut lbfgs) = ([(); 3].map(|()| net()), Lbfgs::new(0.1));
    let mut step = |net: &mut Linear<3, 2>| {
        lbfgs.step(net, |net| loss(net));
    };
    nets.iter_mut().for_each(&mut step);
    step(&mut nets[0]);
    says!(step(&mut nets[1]), IN_TURN);
}

/// A module that was made anew, or put back to an earlier copy, keeps its optimizer.
#[test]
fn one_optimizer_for_copies_of_a_module() {
    let (mut net, mut adam) = (net(), Adam::new(0.1));
    let best = net.clone();
    for _ in 0..3 {
        loss(&net);
        adam.step(&mut net);
        net = best.clone();
    }
    for _ in 0..20 {
        for another in [self::net(), best.clone()] {
            net = another;
            loss(&net);
            adam.step(&mut net);
        }
    }
}

#[test]
fn a_group_without_a_parameter() {
    let mut net = net();
    loss(&net);
    let mut adam = Adam::new(0.1).group(Group::named("encoder").lr_factor(0.1));
    says!(
        adam.step(&mut net),
        "no parameter is in the group named `encoder`; a name is that of parameters, such as `bias`, and a layer is \
         `Group::within(\"encoder\")`"
    );
}

#[test]
fn a_state_dict_of_another_architecture() {
    let dict = Linear::<4, 2>::new(&mut Rng::seed(0)).state_dict();
    let error: LoadError = net().load_state_dict(&dict, Strict::Yes).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("weight") && text.contains("[2, 4]") && text.contains("[2, 3]"), "{text}");
    // `unwrap` prints the same.
    assert_eq!(format!("{error:?}"), text);
}

/// A loop without `zero_grad` is one with it.
#[test]
fn a_forgotten_zero_grad_does_no_harm() {
    let (mut forgets, mut clears) = (net(), net());
    let (mut adam, mut adam2) = (Adam::new(0.1), Adam::new(0.1));
    for _ in 0..5 {
        loss(&forgets);
        adam.step(&mut forgets);
        clears.zero_grad();
        loss(&clears);
        adam2.step(&mut clears);
    }
    assert_eq!(forgets.weight.value(), clears.weight.value());
}

/// `zero_grad` between a loss and its backward pass changes nothing, as in PyTorch.
#[test]
fn zero_grad_while_a_loss_lives() {
    let net = net();
    let y = net.train(Tensor::<Rank2<4, 3>>::ones()).powi(2).mean();
    net.zero_grad();
    y.backward();
    let gradient = net.weight.grad();
    net.zero_grad();
    loss(&net);
    assert_eq!(net.weight.grad(), gradient);
}

/// PyTorch's `view` refuses a transposed tensor.
#[test]
fn a_transposed_tensor_is_reshaped() {
    let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    assert_eq!(x.t().reshape::<Rank1<6>>().to_vec(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
}

/// PyTorch's `numpy()` refuses a tensor that requires grad.
#[test]
fn the_numbers_of_a_tracked_tensor_are_read() {
    let w = Param::new(Tensor::from([1.0, 2.0]));
    let y = w.track() * 2.0;
    assert_eq!(y.to_vec(), [2.0, 4.0]);
    y.sum().backward();
}

/// A method that exists only for its message is looked at after one of a trait of the user's.
#[test]
fn methods_of_a_users_trait_go_first() {
    trait Options {
        fn bias(&self, value: bool) -> bool {
            !value
        }
        fn save(&self, path: &str) -> usize {
            path.len()
        }
    }
    impl Options for Net {}
    trait Penalty {
        fn square(&self) -> f32;
    }
    impl Penalty for Param<Rank1<1>> {
        fn square(&self) -> f32 {
            self.value().as_slice()[0].powi(2)
        }
    }
    trait Joined {
        fn stack(&self) -> usize;
    }
    impl Joined for Vec<Tensor<Rank1<2>>> {
        fn stack(&self) -> usize {
            self.len()
        }
    }
    assert_eq!((net().bias(false), net().save("net")), (true, 3));
    assert_eq!(Param::new(Tensor::from([3.0])).square(), 9.0);
    assert_eq!(vec![Tensor::<Rank1<2>>::ones(); 2].stack(), 2);
}
