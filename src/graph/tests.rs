//! Tests of the graph: the binary counter, slots, boundaries.

use super::{Flow, GradSlot, Graph};
use crate::prelude::*;
use crate::storage::Storage;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The digits of the graph of a tensor and its operations, in the order in which the type names them.
fn digits<S, C, F>(_: &Tensor<S, f32, Graph<C, F>>) -> String {
    let known = [
        "Zero",
        "One",
        "Pair",
        "Nil",
        "ExpBackward",
        "SinBackward",
        "ReluBackward",
        "TanhBackward",
        "CosBackward",
    ];
    let words = std::any::type_name::<F>().split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| known.contains(word)).map(|word| word.trim_end_matches("Backward"));
    words.collect::<Vec<_>>().join(" ")
}

/// The table in README.md.
#[test]
fn operations_are_digits_of_a_binary_counter() {
    let x = Param::new(Tensor::<Rank1<3>>::ones());
    let x = x.track();
    assert_eq!(digits(&x), "Nil");
    let x = x.exp();
    assert_eq!(digits(&x), "One Exp Nil");
    let x = x.sin();
    assert_eq!(digits(&x), "Zero One Pair Exp Sin Nil");
    let x = x.relu();
    assert_eq!(digits(&x), "One Relu One Pair Exp Sin Nil");
    let x = x.tanh();
    assert_eq!(digits(&x), "Zero Zero One Pair Pair Exp Sin Pair Relu Tanh Nil");
    let x = x.cos();
    assert_eq!(digits(&x), "One Cos Zero One Pair Pair Exp Sin Pair Relu Tanh Nil");
}

#[test]
fn a_slot_accumulates_gradients() {
    let slot = GradSlot::<f32>::new(true);
    slot.another().add(Storage::from_slice(&[1.0, 2.0]));
    slot.add(Storage::from_slice(&[10.0, 20.0]));
    assert_eq!(slot.take().unwrap().as_slice(), [11.0, 22.0]);
    assert!(GradSlot::<f32>::new(true).take().is_none(), "the slot is used again, and empty");
}

#[test]
fn a_slot_that_is_not_needed_stays_empty() {
    for slot in [GradSlot::<f64>::unneeded(), GradSlot::new(false)] {
        assert!(!slot.needs_grad());
        slot.add(Storage::from_slice(&[1.0]));
        assert!(slot.take().is_none());
    }
}

#[test]
fn a_slot_is_not_taken_while_another_may_add_to_it() {
    let slot = GradSlot::<f32>::new(true);
    let other = slot.another();
    assert!(catch_unwind(AssertUnwindSafe(|| slot.take())).is_err());
    drop(other);
}

#[test]
fn a_boundary_sums_the_uses_of_its_input_and_gives_zeros_for_none() {
    let (x, w) = (Param::new(Tensor::from([1.0, 2.0])), Param::new(Tensor::from([3.0, 4.0])));
    x.track().shared(|x| x.clone() * 5.0 + x.clone() * x).sum().backward();
    assert_eq!(x.grad().unwrap(), Tensor::from([7.0, 9.0]));
    let y = Param::new(Tensor::<Rank1<2>>::ones());
    y.track().shared(|_| w.track().powi(2)).sum().backward();
    assert_eq!((y.grad().unwrap(), w.grad().unwrap()), (Tensor::zeros(), Tensor::from([6.0, 8.0])));
}

#[test]
fn a_panic_inside_a_boundary_leaves_no_gradient() {
    let x = Param::new(Tensor::from([0.0, 1.0]));
    let step = |fails: bool| {
        let y = x.track().exp().shared(|y| {
            let z = y.clone() * 3.0;
            assert!(!fails, "as it is meant to");
            z * y
        });
        y.sum().backward();
    };
    assert!(catch_unwind(AssertUnwindSafe(|| step(true))).is_err());
    assert!(x.grad().is_none());
    step(false);
    // d 3 e²ˣ = 6 e²ˣ
    let expected = [6.0, 6.0 * (2.0_f32).exp()];
    for (x, y) in x.grad().unwrap().to_vec().iter().zip(expected) {
        assert!((x - y).abs() <= 1e-5 * y, "{x} is not {y}");
    }
}

/// Calls `fails`, catches its panic if it has one, and continues with `works`.
#[derive(Module)]
struct Retry {
    fails: Faulty,
    works: Linear<2, 1>,
}

/// A layer that panics in its forward pass if it is told to.
#[derive(Module)]
struct Faulty {
    layer: Linear<2, 2>,
    #[module(skip)]
    broken: bool,
}

impl<const B: usize> Forward<Rank2<B, 2>> for Faulty {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Self::Output, M> {
        let y = self.layer.call(x).exp();
        assert!(!self.broken, "as it is meant to");
        y
    }
}

impl<const B: usize> Forward<Rank2<B, 2>> for Retry {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Self::Output, M> {
        let first = catch_unwind(AssertUnwindSafe(|| drop(self.fails.call(x.clone()))));
        assert_eq!(first.is_err(), self.fails.broken);
        self.works.call(x)
    }
}

#[test]
fn a_panic_that_is_caught_in_a_forward_loses_its_own_graph_only_or_stops_the_step() {
    let net = |broken| Retry {
        fails: Faulty { layer: Linear::new(&mut Rng::seed(1)), broken },
        works: Linear::new(&mut Rng::seed(2)),
    };
    let (whole, broken) = (net(false), net(true));
    let x = Tensor::from([[1.0, 2.0], [3.0, -4.0]]);
    let gradient = |net: &Retry| net.works.weight.grad().unwrap();

    // A constant input has no gradient that could be lost.
    for net in [&whole, &broken] {
        net.train(x.clone()).sum().backward();
        assert_eq!(gradient(net), Tensor::from([[4.0, -2.0]]));
        assert!(net.fails.layer.weight.grad().is_none());
    }

    // Here the graph of `x.clone()` is lost, so the sum of the gradients of x cannot be known.
    whole.zero_grad();
    broken.zero_grad();
    let start = Param::new(x.clone());
    let step = |net: &Retry| net.train(start.track()).sum().backward();
    let panic = catch_unwind(AssertUnwindSafe(|| step(&broken))).expect_err("a panic");
    assert!(panic.downcast_ref::<String>().unwrap().contains("catch it around the whole step"));
    assert!(start.grad().is_none());

    // Nothing of it is left in the step after that.
    step(&whole);
    let [w1, w2] = whole.works.weight.value().to_vec()[..] else { panic!("two weights") };
    assert_eq!(start.grad().unwrap(), Tensor::from([[w1, w2], [w1, w2]]));
    assert_eq!(gradient(&whole), Tensor::from([[4.0, -2.0]]));
}

/// Uses the values of its input, and not its graph.
#[derive(Module)]
struct CutsOff {
    w: Param<Rank1<2>>,
}

impl Forward<Rank1<2>> for CutsOff {
    type Output = Rank1<2>;
    fn forward<M: Mode>(&self, x: Input<Rank1<2>, M>) -> impl Traced<Self::Output, M> {
        x.detach() * &self.w
    }
}

#[test]
fn the_gradient_of_an_input_that_a_module_detaches_is_zero() {
    let (a, b) = (Param::new(Tensor::from([1.0, 2.0])), Param::new(Tensor::from([3.0, 4.0])));
    let net = CutsOff { w: Param::new(Tensor::from([5.0, 6.0])) };
    // Chains of several lengths, with a second operand upstream.
    net.train(a.track() * &b).sum().backward();
    assert_eq!(net.w.grad().unwrap(), Tensor::from([3.0, 8.0]));
    net.zero_grad();
    net.train(-(-(a.track() * &b))).powi(1).sum().backward();
    assert_eq!(net.w.grad().unwrap(), Tensor::from([3.0, 8.0]));
    net.zero_grad();
    net.train(-(-(a.track() * &b)) * &b).sum().backward();
    assert_eq!(net.w.grad().unwrap(), Tensor::from([9.0, 32.0]));
    assert_eq!((a.grad(), b.grad()), (Some(Tensor::zeros()), Some(Tensor::zeros())));
}

#[test]
fn a_constant_has_no_graph() {
    fn tracked<S: Shape, E: Element, C, F: Flow<S, E>>(_: &Tensor<S, E, Graph<C, F>>) -> (bool, usize) {
        (F::TRACKED, size_of::<F>())
    }
    let x = Tensor::<Rank1<3>>::ones().exp().relu();
    assert_eq!(tracked(&x), (false, 0));
    assert!(tracked(&Param::new(x).track().exp()).0);
}
