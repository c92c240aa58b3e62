//! How often a module in `Checkpointed` runs, and which gradients it computes.

use std::sync::{Arc, Mutex};
use typegrad::graph::Pullback;
use typegrad::nn::Checkpointed;
use typegrad::prelude::*;

/// The events in a module, in order.
type Events = Arc<Mutex<Vec<&'static str>>>;

/// x w, whose runs are counted, with operations that say when they run backward.
#[derive(Module)]
struct Counted {
    w: Param<Rank1<2>, f64>,
    #[module(skip)]
    events: Events,
}

/// The backward pass of an identity, which keeps the list of events.
struct Said(Events, &'static str);

impl<S: Shape> Pullback<S, S, f64> for Said {
    fn pull(self, grad: Tensor<S, f64>) -> Tensor<S, f64> {
        self.0.lock().unwrap().push(self.1);
        grad
    }
}

impl Forward<Rank1<2>, f64> for Counted {
    type Output = Rank1<2>;
    fn forward<M: Mode>(&self, x: Input<Rank1<2>, M, f64>) -> impl Traced<Rank1<2>, M, f64> {
        self.events.lock().unwrap().push("forward");
        let said = |name| move |x| (x, Said(self.events.clone(), name));
        // The input is used twice.
        let y = x.clone().apply(said("input")) * &self.w;
        (y + x).apply(said("result"))
    }
}

fn counted() -> (Counted, Events) {
    let events = Events::default();
    (Counted { w: Param::new(Tensor::from([2.0, 3.0])), events: events.clone() }, events)
}

fn take(events: &Events) -> Vec<&'static str> {
    std::mem::take(&mut *events.lock().unwrap())
}

#[test]
fn no_graph_is_kept_and_the_module_runs_once_more() {
    let (module, events) = counted();
    let plain = Arc::strong_count(&events);
    let x = Param::new(Tensor::<Rank1<2>, f64>::from([1.0, 4.0]));
    {
        let kept = module.train(x.track());
        assert_eq!(Arc::strong_count(&events), plain + 2, "an operation holds its list");
        drop(kept);
    }
    take(&events);
    let module = Checkpointed::new(module);
    let y = module.train(x.track());
    assert_eq!((Arc::strong_count(&events), take(&events)), (plain, vec!["forward"]));
    y.powi(2).sum().backward();
    assert_eq!(take(&events), ["forward", "result", "input"]);
    // y = (1 + w) x: 2 y (1 + w) for x, each use once, and 2 y x for w.
    assert_eq!(x.grad(), Some(Tensor::from([18.0, 128.0])));
    assert_eq!(module.inner().w.grad(), Some(Tensor::from([6.0, 128.0])));
}

#[test]
fn the_gradient_of_a_constant_input_is_not_computed() {
    let (module, events) = counted();
    let module = Checkpointed::new(module);
    module.train(Tensor::from([1.0, 4.0])).sum().backward();
    assert_eq!(take(&events), ["forward", "forward", "result"]);
    assert_eq!(module.inner().w.grad(), Some(Tensor::from([1.0, 4.0])));
}

#[test]
fn frozen_parameters_have_no_gradient_and_the_input_has() {
    let (module, events) = counted();
    let module = Frozen::new(Checkpointed::new(module));
    let x = Param::new(Tensor::<Rank1<2>, f64>::from([1.0, 4.0]));
    module.train(x.track()).sum().backward();
    assert_eq!(take(&events), ["forward", "forward", "result", "input"]);
    assert_eq!(x.grad(), Some(Tensor::from([3.0, 4.0])));
    assert_eq!(module.inner().inner().w.grad(), None);
}

#[test]
fn nothing_runs_again_without_a_graph() {
    let (module, events) = counted();
    let module = Checkpointed::new(module);
    assert_eq!(module.infer(Tensor::from([1.0, 4.0])), Tensor::from([3.0, 16.0]));
    assert_eq!(take(&events), ["forward"]);
}
