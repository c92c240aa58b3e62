//! The order in which the operations of a graph, and the steps of a recurrence, run backward.

use crate::log::Log;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use typegrad::graph::{Flow, Graph};
use typegrad::prelude::*;

type X = Rank2<3, 2>;
type H = Rank1<2>;

#[test]
fn operations_run_backward_from_the_last_to_the_first() {
    let (log, w) = (Log::default(), Param::new(Tensor::<H, f64>::ones()));
    // 7 operations are three digits 1, of trees of 1, 2 and 4.
    let x = w.track().apply(log.op("a")).apply(log.op("b")).apply(log.op("c")).apply(log.op("d"));
    let x = x.apply(log.op("e")).apply(log.op("f")).apply(log.op("g"));
    assert!(log.take().is_empty());
    x.sum().backward();
    assert_eq!(log.names(), ["g", "f", "e", "d", "c", "b", "a"]);
    assert_eq!(w.grad(), Some(Tensor::ones()));
}

#[test]
fn a_right_operand_and_a_boundary_run_backward_before_what_is_older() {
    let log = &Log::default();
    let (a, b) = (Param::new(Tensor::<H, f64>::ones()), Param::new(Tensor::<H, f64>::ones()));
    let y =
        a.track().apply(log.op("older")) * b.track().apply(log.op("right")).apply(log.op("last of right"));
    let y =
        y.apply(log.op("between")).shared(|y| y.clone().apply(log.op("one use")) * y.apply(log.op("other")));
    y.apply(log.op("newest")).sum().backward();
    assert_eq!(log.names(), ["newest", "other", "one use", "between", "last of right", "right", "older"]);
}

fn parameters() -> (Param<X, f64>, Param<H, f64>) {
    (Param::new(Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])), Param::new(Tensor::from([0.5, -1.0])))
}

#[test]
fn steps_run_backward_from_the_last_to_the_first() {
    let log = &Log::default();
    let (xs, first) = parameters();
    let names = [["x0", "h0"], ["x1", "h1"], ["x2", "h2"]];
    let mut t = 0..3;
    let y = xs.track().apply(log.op("inputs")).scan(first.track().apply(log.op("first")), |h, x| {
        let [of_x, of_h] = names[t.next().expect("a step")];
        h.apply(log.op(of_h)) * 2.0 + x.apply(log.op(of_x))
    });
    y.apply(log.op("states")).sum().backward();
    // The gradient of a state is 1 for the output, and twice that of the next state.
    let all = |x: f64| vec![x; 2];
    assert_eq!(
        log.take(),
        [
            ("states", vec![1.0; 6]),
            ("x2", all(1.0)),
            ("h2", all(2.0)),
            ("x1", all(3.0)),
            ("h1", all(6.0)),
            ("x0", all(7.0)),
            ("h0", all(14.0)),
            ("first", all(14.0)),
            ("inputs", vec![7.0, 7.0, 3.0, 3.0, 1.0, 1.0]),
        ]
    );
    assert_eq!(first.grad(), Some(Tensor::full(14.0)));
    assert_eq!(xs.grad(), Some(Tensor::from([[7.0, 7.0], [3.0, 3.0], [1.0, 1.0]])));
}

#[test]
fn steps_that_ignore_the_state_or_the_input_leave_zeros() {
    let (xs, first) = parameters();
    xs.track().scan(first.track(), |_, x| x.powi(2)).sum().backward();
    assert_eq!(xs.grad(), Some(&xs.value().clone() * 2.0));
    assert_eq!(first.grad(), Some(Tensor::zeros()));
    xs.zero_grad();
    first.zero_grad();
    xs.track().scan(first.track(), |h, _| h * 2.0).sum().backward();
    assert_eq!((xs.grad(), first.grad()), (Some(Tensor::zeros()), Some(Tensor::full(14.0))));
}

#[test]
fn gradients_of_constant_inputs_and_states_are_not_computed() {
    let log = &Log::default();
    let (xs, first) = parameters();
    let w = Param::new(Tensor::<H, f64>::ones());
    // Both are constants, and the graph is that of `w`.
    let step = |h, x| (h, x);
    let y = xs.value().clone().scan(first.value().clone(), |h, x| {
        let (h, x) = step(h, x);
        h.apply(log.op("h")) * &w + x.apply(log.op("x"))
    });
    y.sum().backward();
    // The first state is a constant; the later ones lead to `w`.
    assert_eq!(log.names(), ["h", "h"]);
    assert!(w.grad().is_some() && xs.grad().is_none() && first.grad().is_none());
}

#[test]
fn a_panic_in_a_step_leaves_nothing_in_the_next_recurrence() {
    let (xs, first) = parameters();
    let run = |fails: bool| {
        let mut steps = 0;
        let y = xs.track().scan(first.track(), |h, x| {
            steps += 1;
            assert!(!fails || steps < 3, "as it is meant to");
            h * 2.0 + x
        });
        y.sum().backward();
    };
    assert!(catch_unwind(AssertUnwindSafe(|| run(true))).is_err());
    assert!(xs.grad().is_none() && first.grad().is_none());
    run(false);
    assert_eq!(first.grad(), Some(Tensor::full(14.0)));
}

/// A recurrence, and whether its graph is kept.
#[derive(Module)]
struct Recurrence {
    w: Param<H, f64>,
    #[module(skip)]
    keeps_graph: Mutex<Option<bool>>,
}

impl Forward<X, f64> for Recurrence {
    type Output = X;
    fn forward<M: Mode>(&self, x: Input<X, M, f64>) -> impl Traced<X, M, f64> {
        fn is_kept<S: Shape, C, F: Flow<S, f64>>(_: &Tensor<S, f64, Graph<C, F>>) -> bool {
            assert_eq!(F::TRACKED, size_of::<F>() > 0);
            F::TRACKED
        }
        let y = x.scan(Tensor::<H, f64>::zeros(), |h, x| h * &self.w + x);
        *self.keeps_graph.lock().unwrap() = Some(is_kept(&y));
        y
    }
}

#[test]
fn a_recurrence_that_is_not_recorded_keeps_no_step() {
    let (xs, w) = parameters();
    let net = Recurrence { w, keeps_graph: Mutex::new(None) };
    let kept = |y: Tensor<X, f64>| (y, net.keeps_graph.lock().unwrap().take());
    let inferred = kept(net.infer(xs.value().clone()));
    assert_eq!(kept(net.train(xs.value().clone()).value().clone()), (inferred.0, Some(true)));
    assert_eq!(inferred.1, Some(false));
}
