//! Tests of what each base of a chain promises.

use super::merge::Merging;
use super::{Boxed, Bundle, Chain, Flow, GradSlot, Gradient, Leaves, Nil, Off, On, SharedInput, Switch};
use crate::graph::{Pullback, PullbackN};
use crate::prelude::*;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

type X = Rank1<2>;

/// The names of the operations that ran backward, with the gradients of their results.
#[derive(Default)]
struct Log(RefCell<Vec<(&'static str, Vec<f64>)>>);

impl Log {
    /// The identity, whose backward pass is logged.
    fn op<'l, S: Shape>(
        &'l self,
        name: &'static str,
    ) -> impl FnOnce(Tensor<S, f64>) -> (Tensor<S, f64>, Logged<'l>) {
        move |x| (x, Logged { log: self, name })
    }

    /// The names and gradients since the last call.
    fn take(&self) -> Vec<(&'static str, Vec<f64>)> {
        self.0.take()
    }

    fn names(&self) -> Vec<&'static str> {
        self.take().into_iter().map(|(name, _)| name).collect()
    }
}

/// The backward pass of [`Log::op`].
struct Logged<'l> {
    log: &'l Log,
    name: &'static str,
}

impl<S: Shape> Pullback<S, S, f64> for Logged<'_> {
    fn pull(self, grad: Tensor<S, f64>) -> Tensor<S, f64> {
        self.log.0.borrow_mut().push((self.name, grad.to_vec()));
        grad
    }
}

/// The input of a boundary, whose gradient is needed or not.
fn input(needs_grad: bool) -> (GradSlot<f64>, Chain<SharedInput<X, f64>, Nil>) {
    let slot = GradSlot::new(needs_grad);
    let flow = On::share(&slot);
    (slot, flow)
}

/// The sum of operands: the gradient of operand `i` is i + 1 times that of the sum.
struct Weighted;

impl<const N: usize> PullbackN<X, X, f64, N> for Weighted {
    fn pull(self, grad: Tensor<X, f64>) -> [Tensor<X, f64>; N] {
        std::array::from_fn(|i| &grad * (i + 1) as f64)
    }
}

fn weighted<const N: usize>(x: [Tensor<X, f64>; N]) -> (Tensor<X, f64>, Weighted) {
    (x.into_iter().reduce(|a, b| a + b).expect("an operand"), Weighted)
}

#[test]
fn a_merge_gives_each_operand_its_gradient_in_order() {
    let (log, x) = (Log::default(), [1.0, 2.0, 3.0].map(|x| Param::new(Tensor::<X, f64>::full(x))));
    let name = ["a", "b", "c"];
    let y =
        Tensor::apply_n(std::array::from_fn::<_, 3, _>(|i| x[i].track().apply(log.op(name[i]))), weighted);
    (y.apply(log.op("after")) * Tensor::<X, f64>::from([1.0, 10.0])).sum().backward();
    let of = |i: usize| vec![i as f64, 10.0 * i as f64];
    assert_eq!(log.take(), [("after", of(1)), ("a", of(1)), ("b", of(2)), ("c", of(3))]);
    assert_eq!(x[2].grad(), Some(Tensor::from([3.0, 30.0])));
}

/// Each use of a parameter adds its gradient once, also through merges of merges.
#[test]
fn a_parameter_may_be_merged_many_times() {
    let w = Param::new(Tensor::<X, f64>::ones());
    let merged = || Tensor::apply_n([w.track(), w.track(), w.track()], weighted);
    merged().sum().backward();
    assert_eq!(w.grad(), Some(Tensor::full(6.0)));
    w.zero_grad();
    // (1 + 2 + 3) (1 + 2), and the first step's sums are not there any more.
    Tensor::apply_n([merged(), merged()], weighted).sum().backward();
    assert_eq!(w.grad(), Some(Tensor::full(18.0)));
}

#[test]
fn a_merge_needs_a_gradient_if_one_of_its_operands_does() {
    for needs in [[false, false], [true, false], [false, true]] {
        let [(first, a), (second, b)] = needs.map(input);
        let merged = <Chain<SharedInput<X, f64>, Nil> as Flow<X, f64>>::merge::<X, 2, _>([a, b], || Weighted);
        let log = Log::default();
        let merged = Flow::<X, f64>::then::<X, _>(merged, || Logged { log: &log, name: "after" });
        assert_eq!(Flow::<X, f64>::needs_grad(&merged), needs != [false, false]);
        Flow::<X, f64>::backward(merged, Tensor::ones());
        assert_eq!(log.take().len(), usize::from(needs != [false, false]));
        let got = [first, second].map(|slot| slot.take().map(|grad| grad.as_slice().to_vec()));
        assert_eq!(got, [needs[0].then(|| vec![1.0; 2]), needs[1].then(|| vec![2.0; 2])]);
    }
}

#[test]
fn constants_are_merged_and_start_no_graph() {
    <() as Flow<X, f64>>::merge::<X, 3, Weighted>([(); 3], || panic!("nothing is saved"));
    <() as Flow<X, f64>>::start_at::<X, Merging<X, X, (), Weighted, 3>>(|| panic!("nothing is saved"));
    let y = Tensor::apply_n([Tensor::<X, f64>::ones(), Tensor::ones()], weighted);
    assert_eq!(size_of_val(&y), size_of_val(&Tensor::<X, f64>::ones()));
}

#[test]
fn a_change_of_elements_is_undone_by_the_gradient() {
    let log = &Log::default();
    let w = Param::new(Tensor::<X, f64>::from([1.0, 2.0]));
    let y = w.track().apply(log.op("before")).to::<f32>() * Tensor::<X>::from([0.5, 3.0]);
    y.to::<f64>().apply(log.op("after")).sum().backward();
    assert_eq!(log.take(), [("after", vec![1.0; 2]), ("before", vec![0.5, 3.0])]);
    assert_eq!(w.grad(), Some(Tensor::from([0.5, 3.0])));
}

#[test]
fn a_boxed_graph_runs_backward_once_and_only_if_it_is_needed() {
    let log = &Log::default();
    let w = Param::new(Tensor::<X, f64>::ones());
    let branch = |twice: bool| {
        let x = w.track().apply(log.op("inside"));
        if twice { (x * 2.0).boxed() } else { x.boxed() }
    };
    for (twice, factor) in [(false, 3.0), (true, 6.0)] {
        (branch(twice).boxed().apply(log.op("after")) * 3.0).sum().backward();
        assert_eq!(log.take(), [("after", vec![3.0; 2]), ("inside", vec![factor; 2])]);
        assert_eq!(w.grad(), Some(Tensor::full(factor)));
        w.zero_grad();
    }
    // Dropped, not run.
    drop(branch(true));
    assert_eq!((log.take().len(), w.grad()), (0, None));
    for needs_grad in [false, true] {
        let (slot, flow) = input(needs_grad);
        let flow = Boxed::chain(Flow::<X, f64>::then::<X, _>(flow, || Logged { log, name: "inside" }));
        let flow = Flow::<X, f64>::then::<X, _>(flow, || Logged { log, name: "after" });
        assert_eq!(Flow::<X, f64>::needs_grad(&flow), needs_grad);
        Flow::<X, f64>::backward(flow, Tensor::ones());
        assert_eq!(log.names(), if needs_grad { &["after", "inside"][..] } else { &[] });
        assert_eq!(slot.take().is_some(), needs_grad);
    }
}

/// The leaves of a bundle, and the number of elements of each.
fn leaves<'a>(gradients: impl IntoIterator<Item = (&'a Gradient<f64>, usize)>) -> Leaves<'a, f64> {
    let mut leaves = Leaves::new();
    gradients.into_iter().for_each(|leaf| leaves.push(leaf));
    leaves
}

#[test]
fn a_bundle_gives_each_parameter_its_part_of_the_row() {
    type Row = Rank1<7>;
    // More than its list holds in place, with a parameter without elements and one that is in the list twice.
    let gradients: [Gradient<f64>; 4] = std::array::from_fn(|_| Gradient::empty());
    let [a, none, b, c] = &gradients;
    let row = Tensor::<Row, f64>::arange() + 1.0;
    for run in [1.0, 2.0] {
        let flow = Bundle::flow::<On>(leaves([(a, 2), (none, 0), (b, 1), (a, 2), (c, 2)]));
        assert!(Flow::<Row, f64>::needs_grad(&flow));
        Flow::<Row, f64>::backward(flow, row.clone());
        let grad = |of: &Gradient<f64>| of.lock().as_ref().map(|grad| grad.as_slice().to_vec());
        assert_eq!(grad(a), Some(vec![5.0 * run, 7.0 * run]));
        assert_eq!([grad(b), grad(c)], [Some(vec![3.0 * run]), Some(vec![6.0 * run, 7.0 * run])]);
        assert_eq!(grad(none), Some(vec![]));
    }
    let many: Vec<Gradient<f64>> = (0..40).map(|_| Gradient::empty()).collect();
    let flow = Bundle::<f64, Rank1<40>>::flow::<On>(leaves(many.iter().map(|gradient| (gradient, 1))));
    Flow::<Rank1<40>, f64>::backward(flow, Tensor::arange());
    assert!(many.iter().enumerate().all(|(i, of)| of.lock().as_ref().expect("a gradient")[0] == i as f64));
    // Parameters that record nothing have no graph.
    let () = Bundle::<f64, Row>::flow::<Off>(leaves([(a, 2)]));
}

/// The graph upstream of a backward pass that panics keeps what it has, and slots of other graphs are not touched.
#[test]
fn a_panic_in_a_merge_leaves_the_gradients_of_earlier_operands_only() {
    struct Fails;
    impl Pullback<X, X, f64> for Fails {
        fn pull(self, _: Tensor<X, f64>) -> Tensor<X, f64> {
            panic!("as it is meant to")
        }
    }
    let x = [(); 3].map(|()| Param::new(Tensor::<X, f64>::ones()));
    let operand = |i: usize| {
        let x = x[i].track();
        if i == 1 { x.apply(|x| (x, Fails)).boxed() } else { x.boxed() }
    };
    let y = Tensor::apply_n([operand(0), operand(1), operand(2)], weighted).sum();
    assert!(catch_unwind(AssertUnwindSafe(|| y.backward())).is_err());
    assert_eq!(x.each_ref().map(|x| x.grad().is_some()), [true, false, false]);
    assert!(GradSlot::<f64>::new(true).take().is_none());
}

/// Clearing looks for a gradient only where one could have come since the last time.
#[test]
fn a_gradient_is_cleared_however_it_came() {
    let sum = || Tensor::<X, f64>::ones().data;
    let mut gradient = Gradient::empty();
    type Way = fn(&mut Gradient<f64>, crate::storage::Storage<f64>);
    let ways: [Way; 4] = [
        |gradient, sum| *gradient.lock() = Some(sum),
        |gradient, sum| *gradient.get_mut() = Some(sum),
        |gradient, sum| {
            *gradient.get_mut() = Some(sum);
            *gradient = gradient.clone();
        },
        |gradient, sum| {
            assert!(gradient.take().is_none());
            *gradient.lock() = Some(sum);
        },
    ];
    for add in ways {
        for _ in 0..2 {
            add(&mut gradient, sum());
            assert!(gradient.lock().is_some());
            gradient.clear();
            assert!(gradient.lock().is_none());
            gradient.clear();
        }
    }
}

/// Each use adds its gradient once; a run again finds empty slots.
#[test]
fn states_and_inputs_are_used_many_times_in_a_step() {
    let xs = Param::new(Tensor::<Rank2<3, 2>, f64>::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]));
    let first = Param::new(Tensor::<X, f64>::from([0.5, -1.0]));
    let w = Param::new(Tensor::<X, f64>::from([2.0, 3.0]));
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
