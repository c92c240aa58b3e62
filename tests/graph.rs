//! The graph: what flows, what does not, and what several inputs look like in a user's signature.

use typegrad::graph::{Eval, Infer, Sample, Train};
use typegrad::prelude::*;
use typegrad::tensor::Shared;

/// A recurrent cell: a function of two inputs, generic over the mode only.
#[derive(Module)]
struct Cell<const I: usize, const H: usize> {
    input: Linear<I, H>,
    hidden: Linear<H, H>,
}

impl<const I: usize, const H: usize> Cell<I, H> {
    fn step<M: Mode, const B: usize>(
        &self,
        h: Shared<Rank2<B, H>, M>,
        x: Shared<Rank2<B, I>, M>,
    ) -> impl Traced<Rank2<B, H>, M> {
        (self.input.call(x) + self.hidden.call(h)).tanh()
    }
}

#[derive(Module)]
struct Rnn {
    cell: Cell<3, 4>,
    head: Linear<4, 2>,
}

impl<const T: usize, const B: usize> Forward<Rank3<T, B, 3>> for Rnn {
    type Output = Rank3<T, B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank3<T, B, 3>, M>) -> impl Traced<Self::Output, M> {
        let states = x.scan(Tensor::<Rank2<B, 4>>::zeros(), |h, x| self.cell.step(h, x));
        self.head.call(states)
    }
}

/// Two inputs that are both tracked: nested boundaries.
#[derive(Module)]
struct Twice {
    embed: Linear<3, 4>,
    start: Linear<3, 4>,
    cell: Cell<4, 4>,
}

impl<const B: usize> Forward<Rank2<B, 3>> for Twice {
    type Output = Rank2<B, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        let h = self.start.call(x.clone());
        let x = self.embed.call(x);
        x.shared(|x| h.shared(|h| self.cell.step(h, x)))
    }
}

/// The gradient of every parameter, by differences in the loss. f32 limits what differences can show.
fn check_parameters<N: Module>(net: &mut N, loss: impl Fn(&N) -> f32, backward: impl Fn(&N) -> f32) {
    struct Nudge {
        at: usize,
        by: f32,
        gradient: Option<f64>,
    }
    impl<'a> typegrad::nn::VisitorMut<'a> for Nudge {
        fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
            if self.at < S::NUMEL {
                self.gradient = param.grad().map(|g| g.as_slice()[self.at].as_f64());
                param.as_mut_slice()[self.at] += E::from_f64(self.by.into());
                self.at = usize::MAX;
            } else if self.at != usize::MAX {
                self.at -= S::NUMEL;
            }
        }
    }
    net.zero_grad();
    backward(net);
    for at in 0..net.num_parameters() {
        let mut nudge = |by: f32| {
            let mut nudge = Nudge { at, by, gradient: None };
            net.visit_mut(&mut nudge);
            (loss(net), nudge.gradient.expect("every parameter is reached"))
        };
        let (up, gradient) = nudge(0.01);
        let (down, _) = nudge(-0.02);
        nudge(0.01);
        let difference = f64::from(up - down) / 0.02;
        assert!(
            (gradient - difference).abs() < 2e-2 * difference.abs().max(1.0),
            "{at}: {gradient} {difference}"
        );
    }
}

#[test]
fn a_recurrent_cell_needs_no_generic_graph_in_its_signature() {
    let rng = &mut Rng::seed(11);
    let mut net = Rnn::new(rng);
    let x = Tensor::<Rank3<5, 2, 3>>::randn(rng);
    assert_eq!(net.infer(x.clone()), net.train(x.clone()));
    check_parameters(
        &mut net,
        |net| net.infer(x.clone()).powi(2).sum().item(),
        |net| net.train(x.clone()).powi(2).sum().backward(),
    );
}

#[test]
fn several_tracked_inputs_are_nested_boundaries() {
    let rng = &mut Rng::seed(2);
    let mut net = Twice::new(rng);
    let x = Tensor::<Rank2<2, 3>>::randn(rng);
    check_parameters(
        &mut net,
        |net| net.infer(x.clone()).powi(2).sum().item(),
        |net| net.eval(x.clone()).powi(2).sum().backward(),
    );
}

#[test]
fn the_examples_of_a_first_tour() {
    let x = Param::new(Tensor::<Rank1<5>>::ones());
    let loss = x.track().shared(|x| x.clone().powi(2) + x.powi(3)).sum().backward();
    assert_eq!((loss, x.grad().unwrap()), (10.0, Tensor::full(5.0)));

    let x = Param::new(Tensor::<Rank1<5>>::ones());
    x.track().shared(|x| x.clone().powi(2) + x.detach().powi(3)).sum().backward();
    assert_eq!(x.grad().unwrap(), Tensor::full(2.0));
}

#[test]
fn gradients_accumulate_until_zero_grad() {
    let w = Param::new(Tensor::from([1.0, 2.0]));
    assert!(w.grad().is_none());
    w.track().sum().backward();
    w.track().powi(2).sum().backward();
    assert_eq!(w.grad().unwrap().to_vec(), [3.0, 5.0]);
    w.zero_grad();
    assert!(w.grad().is_none());
}

#[test]
fn constants_parameters_and_tracked_tensors_mix_on_either_side() {
    let w = Param::new(Tensor::from([1.0, 2.0]));
    let c = Tensor::from([3.0, 4.0]);
    (c.clone() * &w + w.track() * c.clone() + c.clone() * w.track() * 2.0).sum().backward();
    assert_eq!(w.grad().unwrap().to_vec(), [12.0, 16.0]);
}

#[test]
fn detach_shares_the_memory() {
    let w = Param::new(Tensor::<Rank2<3, 3>>::ones());
    let x = w.track().relu();
    let address = x.as_slice().as_ptr();
    assert_eq!(x.value().as_slice().as_ptr(), address);
    assert_eq!(x.detach().as_slice().as_ptr(), address);
}

/// PyTorch's `requires_grad = False`, for one weight of two.
#[derive(Module)]
struct Frozen {
    body: Linear<3, 2>,
    head: Linear<2, 1>,
}
impl<const B: usize> Forward<Rank2<B, 3>> for Frozen {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        let x = x.linear(self.body.weight.value()).relu();
        self.head.call(x)
    }
}

#[test]
fn a_parameter_that_is_read_as_a_value_gets_no_gradient_and_does_not_train() {
    let mut net = Frozen::new(&mut Rng::seed(0));
    let before = net.body.weight.value().clone();
    net.train(Tensor::<Rank2<4, 3>>::ones()).sum().backward();
    assert!(net.body.weight.grad().is_none());
    assert!(net.head.weight.grad().is_some());
    Sgd::new(0.1).step(&mut net);
    assert_eq!(*net.body.weight.value(), before);
}

/// The properties of its mode that a module sees.
#[derive(Module)]
struct Probe;
impl<const N: usize> Forward<Rank1<N>> for Probe {
    type Output = Rank1<N>;
    fn forward<M: Mode>(&self, x: Input<Rank1<N>, M>) -> impl Traced<Rank1<N>, M> {
        x * if M::TRAINING { 2.0 } else { 1.0 }
    }
}

#[test]
fn training_and_recording_are_chosen_independently() {
    use typegrad::graph::Switch;
    fn recording<M: Mode>() -> (bool, bool) {
        (M::TRAINING, <M::Params as Switch>::ON)
    }
    assert_eq!(recording::<Train>(), (true, true));
    assert_eq!(recording::<Eval>(), (false, true));
    assert_eq!(recording::<Sample>(), (true, false));
    assert_eq!(recording::<Infer>(), (false, false));

    let x = Tensor::from([1.0, 1.0]);
    assert_eq!(Probe.infer(x.clone()).to_vec(), [1.0, 1.0]);
    assert_eq!(Probe.sample(x.clone()).to_vec(), [2.0, 2.0]);
    let w = Param::new(x);
    Probe.train(w.track()).sum().backward();
    Probe.eval(w.track()).sum().backward();
    assert_eq!(w.grad().unwrap().to_vec(), [3.0, 3.0]);
}

#[test]
fn one_module_can_feed_another_from_outside() {
    let rng = &mut Rng::seed(4);
    let (generator, critic) = (Linear::<2, 3>::new(rng), Linear::<3, 1>::new(rng));
    let net = (generator.clone(), critic.clone());
    let x = Tensor::<Rank2<4, 2>>::randn(rng);
    critic.train(generator.train(x.clone())).powi(2).sum().backward();
    net.train(x).powi(2).sum().backward();
    assert_eq!(generator.weight.grad().unwrap().to_vec(), net.0.weight.grad().unwrap().to_vec());
    assert_eq!(critic.weight.grad().unwrap().to_vec(), net.1.weight.grad().unwrap().to_vec());
}

#[test]
fn an_array_of_layers_is_a_row_and_stays_untracked_in_inference() {
    let rng = &mut Rng::seed(5);
    let mut net: [Linear<3, 3>; 4] = Init::new(rng);
    let x = Tensor::<Rank2<2, 3>>::randn(rng);
    let by_hand = net.iter().fold(x.clone(), |x, layer| layer.infer(x));
    assert_eq!(net.infer(x.clone()), by_hand);
    check_parameters(
        &mut net,
        |net| net.infer(x.clone()).powi(2).sum().item(),
        |net| net.train(x.clone()).powi(2).sum().backward(),
    );
    // The layers without parameters record nothing on a constant: the result is a constant by type.
    let relus: [Relu; 3] = Init::new(rng);
    assert_eq!(std::mem::size_of_val(&relus.train(x.clone())), std::mem::size_of_val(&x));
}

#[test]
fn a_graph_may_be_decided_at_run_time() {
    let w = Param::new(Tensor::from([2.0, -3.0]));
    for depth in 0..4 {
        let mut x = w.track().boxed();
        for _ in 0..depth {
            x = (x * 2.0).boxed();
        }
        x.sum().backward();
    }
    assert_eq!(w.grad().unwrap().to_vec(), [15.0, 15.0]);
}

#[test]
fn a_graph_that_is_dropped_leaves_no_gradient_and_frees_its_memory() {
    let w = Param::new(Tensor::<Rank1<3>>::ones());
    drop(w.track().shared(|x| x.clone() * x).sum());
    assert!(w.grad().is_none());
    w.track().shared(|x| x.clone() * x).sum().backward();
    assert_eq!(w.grad().unwrap(), Tensor::full(2.0));
}

#[test]
fn a_clone_that_leaves_its_closure_is_not_lost_silently() {
    let w = Param::new(Tensor::<Rank1<3>>::ones());
    let mut kept = None;
    let line = line!() + 1;
    let y = w.track().shared(|x| {
        kept = Some(x.clone());
        x * 2.0
    });
    let loss = (kept.unwrap() + y).sum();
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| loss.backward())).unwrap_err();
    let text = panic.downcast::<String>().unwrap();
    assert!(text.starts_with(&format!("tests/graph.rs:{line}:")), "{text}");
    assert!(text.contains(": a tensor left the closure of `shared`"), "{text}");
}

#[test]
fn models_can_be_shared_between_threads() {
    let net = Linear::<2, 2>::new(&mut Rng::seed(6));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| net.train(Tensor::<Rank2<3, 2>>::ones()).sum().backward());
        }
    });
    assert_eq!(net.bias.grad().unwrap(), Tensor::full(12.0));
}
