//! Tests of the graph of a recurrence: the order of its steps, and the gradients that each step adds.

use super::base_tests::Log;
use super::{Flow, GradSlot, Graph};
use crate::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

type X = Rank2<3, 2>;
type H = Rank1<2>;

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

/// Each use adds its gradient once; a run again finds empty slots.
#[test]
fn states_and_inputs_are_used_many_times_in_a_step() {
    let (xs, first) = parameters();
    let w = Param::new(Tensor::<H, f64>::from([2.0, 3.0]));
    for _ in 0..3 {
        let y = xs.track().scan(first.track(), |h, x| h.clone() + h * &w + x.clone() + x.clone() + x);
        y.sum().backward();
        // With v = 1 + w: h₁ = v h₀ + 3 x₁, ..; Σ h has (1 + v + v²) 3 for x₁ and v + v² + v³ for h₀.
        let [v, u] = [3.0, 4.0];
        let sums = |v: f64| [3.0 * (1.0 + v + v * v), 3.0 * (1.0 + v), 3.0];
        let ([a0, a1, a2], [b0, b1, b2]) = (sums(v), sums(u));
        assert_eq!(xs.grad(), Some(Tensor::from([[a0, b0], [a1, b1], [a2, b2]])));
        let of_first = |v: f64| v + v * v + v * v * v;
        assert_eq!(first.grad(), Some(Tensor::from([of_first(v), of_first(u)])));
        // Of w: Σ (gradient of state t) h₍t₋₁₎.
        let of_w = |v: f64, h0: f64, x: [f64; 3]| {
            let (h1, grads) = (v * h0 + 3.0 * x[0], [1.0 + v + v * v, 1.0 + v, 1.0]);
            grads[0] * h0 + grads[1] * h1 + grads[2] * (v * h1 + 3.0 * x[1])
        };
        let want = [of_w(v, 0.5, [1.0, 3.0, 5.0]), of_w(u, -1.0, [2.0, 4.0, 6.0])];
        assert_eq!(w.grad(), Some(Tensor::from(want)));
        xs.zero_grad();
        first.zero_grad();
        w.zero_grad();
        assert!((0..9).map(|_| GradSlot::<f64>::new(true)).all(|slot| slot.take().is_none()));
    }
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
