//! What the types of a graph promise.

use super::boundary::{GradSlot, Shared};
use super::chain::{Base, Chain, Nil, One, Pair, Zero};
use super::flow::{Flow, Pullback, Pullback2, Pulled};
use super::segment::Unary;
use crate::prelude::*;
use crate::storage::Storage;
use std::cell::Cell;
use std::rc::Rc;

/// An operation on scalars that says nothing but its letter. Its backward pass, g → 2 g + n, tells an order from another.
struct Op<const LETTER: char>;

impl<const LETTER: char> Pullback<(), (), f64> for Op<LETTER> {
    fn pull(self, grad: Tensor<(), f64>) -> Tensor<(), f64> {
        Tensor::from(2.0 * grad.item() + f64::from(u32::from(LETTER)))
    }
}

/// A base that remembers the gradient it takes.
struct Sink {
    grad: Rc<Cell<Option<f64>>>,
    wanted: bool,
}

impl Base<f64> for Sink {
    type Shape = ();
    const REACHES: bool = true;
    fn name() -> Option<&'static str> {
        None
    }
    fn needs_grad(&self) -> bool {
        self.wanted
    }
    fn accept(self, grad: Tensor<(), f64>) {
        assert!(self.wanted, "a gradient that is not wanted was computed");
        self.grad.set(Some(grad.item()));
    }
}

fn sink(wanted: bool) -> (Chain<Sink, Nil>, Rc<Cell<Option<f64>>>) {
    let grad = Rc::new(Cell::new(None));
    (Chain::new(Sink { grad: grad.clone(), wanted }), grad)
}

fn push<const LETTER: char, F: Flow<(), f64>>(flow: F) -> F::Then<(), Op<LETTER>> {
    flow.then(|| Op::<LETTER>)
}

/// A type as a cell of the table of chain.rs.
trait Digits {
    fn text() -> String;
}

impl Digits for Nil {
    fn text() -> String {
        "Nil".to_owned()
    }
}

impl<R: Digits> Digits for Zero<R> {
    fn text() -> String {
        format!("Zero<{}>", R::text())
    }
}

impl<X: Digits, R: Digits, U> Digits for One<X, R, U> {
    fn text() -> String {
        format!("One<{}, {}>", X::text(), R::text())
    }
}

impl<X: Digits, Y: Digits, U> Digits for Pair<X, Y, U> {
    fn text() -> String {
        format!("Pair<{}, {}>", X::text(), Y::text())
    }
}

impl<const LETTER: char> Digits for Unary<Op<LETTER>> {
    fn text() -> String {
        LETTER.to_string()
    }
}

fn text<P, D: Digits>(_: &Chain<P, D>) -> String {
    D::text()
}

/// The rows of the table are the types, word for word.
#[test]
fn operations_are_digits_of_a_binary_counter() {
    let table: Vec<_> =
        include_str!("chain.rs").lines().filter_map(|line| line.strip_prefix("//! | `")).collect();
    let row = |i: usize| {
        let cells: Vec<_> = table[i].split('`').collect();
        (cells[0], cells[2])
    };
    let a = push::<'a', _>(sink(true).0);
    assert_eq!(row(0), ("a", text(&a).as_str()));
    let b = push::<'b', _>(a);
    assert_eq!(row(1), ("a b", text(&b).as_str()));
    let c = push::<'c', _>(b);
    assert_eq!(row(2), ("a b c", text(&c).as_str()));
    let d = push::<'d', _>(c);
    assert_eq!(row(3), ("a b c d", text(&d).as_str()));
    assert_eq!(table.len(), 4);
    let e = push::<'e', _>(d);
    assert_eq!(text(&e), "One<e, Zero<One<Pair<Pair<a, b>, Pair<c, d>>, Nil>>>");
}

/// Of each number of operations the backward pass runs from the last to the first.
#[test]
fn the_gradient_passes_the_operations_from_the_last_to_the_first() {
    let back = |letters: &str| letters.chars().rev().fold(1.0, |g, c| 2.0 * g + f64::from(u32::from(c)));
    macro_rules! passes {
        ($letters:literal: $($letter:literal)*) => {
            let (flow, grad) = sink(true);
            $( let flow = push::<$letter, _>(flow); )*
            flow.backward(Tensor::from(1.0));
            assert_eq!(grad.get(), Some(back($letters)), $letters);
        };
    }
    passes!("":);
    passes!("a": 'a');
    passes!("ab": 'a' 'b');
    passes!("abc": 'a' 'b' 'c');
    passes!("abcd": 'a' 'b' 'c' 'd');
    passes!("abcde": 'a' 'b' 'c' 'd' 'e');
    passes!("abcdefg": 'a' 'b' 'c' 'd' 'e' 'f' 'g');
    passes!("abcdefgh": 'a' 'b' 'c' 'd' 'e' 'f' 'g' 'h');
    passes!("abcdefghijk": 'a' 'b' 'c' 'd' 'e' 'f' 'g' 'h' 'i' 'j' 'k');
}

/// An operation whose backward pass must not run.
struct Never;

impl Pullback<(), (), f64> for Never {
    fn pull(self, _: Tensor<(), f64>) -> Tensor<(), f64> {
        unreachable!("nothing upstream wants this gradient")
    }
}

/// y = a + b, which asserts what is wanted of it.
struct Sum {
    wanted: (bool, bool),
}

impl Pullback2<(), (), (), f64> for Sum {
    fn pull(self, grad: Tensor<(), f64>, wanted: (bool, bool)) -> Pulled<(), (), f64> {
        assert_eq!(wanted, self.wanted);
        (wanted.0.then(|| grad.clone()), wanted.1.then_some(grad))
    }
}

#[test]
fn a_gradient_that_nothing_upstream_wants_is_not_computed() {
    let (flow, grad) = sink(false);
    flow.then(|| Never).then(|| Never).then(|| Never).backward(Tensor::from(1.0));
    assert_eq!(grad.get(), None);
    // What hangs at the side is served in any case, and what comes after it passes the gradient on.
    let (flow, grad) = sink(false);
    let (side, of_side) = sink(true);
    let flow = flow.then(|| Never).join(side, || Sum { wanted: (false, true) });
    push::<'z', _>(push::<'y', _>(flow)).backward(Tensor::from(1.0));
    assert_eq!((grad.get(), of_side.get()), (None, Some(2.0 * (2.0 + 122.0) + 121.0)));
    // Both sides, where both are wanted.
    let ((left, of_left), (right, of_right)) = (sink(true), sink(true));
    left.join(right, || Sum { wanted: (true, true) }).backward(Tensor::from(3.0));
    assert_eq!((of_left.get(), of_right.get()), (Some(3.0), Some(3.0)));
}

#[test]
fn an_operation_on_constants_saves_nothing() {
    let () = Flow::<(), f64>::then((), || -> Never { unreachable!("made for a constant") });
    let (right, grad) = sink(true);
    Flow::<(), f64>::join((), right, || Sum { wanted: (false, true) }).backward(Tensor::from(5.0));
    assert_eq!(grad.get(), Some(5.0));
}

fn storage(values: &[f64]) -> Storage<f64> {
    Storage::from_slice(values)
}

#[test]
fn a_slot_sums_what_its_holders_add_and_is_empty_when_it_is_used_again() {
    let slot = GradSlot::<f64>::new(true);
    assert!(slot.is_wanted());
    let other = slot.another();
    slot.add(storage(&[1.0, 2.0]));
    other.add(storage(&[10.0, 20.0]));
    drop(other);
    assert_eq!(slot.take().expect("a sum").as_slice(), [11.0, 22.0]);
    // The memory of the slot above is free, and what it held is gone.
    assert!(GradSlot::<f64>::new(true).take().is_none());
}

#[test]
fn a_slot_that_is_not_wanted_keeps_nothing() {
    for slot in [GradSlot::<f64>::new(false), GradSlot::unwanted()] {
        assert!(!slot.is_wanted() && !slot.another().is_wanted());
        assert!(!Base::<f64>::needs_grad(&Shared::<Rank1<2>, f64>::new(&slot)));
        slot.add(storage(&[1.0, 2.0]));
        assert!(slot.take().is_none());
    }
}

#[test]
#[should_panic(expected = "a tensor left the closure of `shared`")]
fn a_slot_that_is_still_held_is_not_taken() {
    let slot = GradSlot::<f64>::new(true);
    let _carried_out = Shared::<Rank1<2>, f64>::new(&slot);
    let _ = slot.take();
}

#[test]
fn each_use_inside_a_boundary_adds_its_gradient() {
    let w = Param::new(Tensor::from([1.0, -2.0]));
    w.track().shared(|x| x.clone() * x.clone() + x * 3.0).sum().backward();
    assert_eq!(w.grad().unwrap(), Tensor::from([5.0, -1.0]));
}

#[test]
fn an_input_that_nothing_inside_uses_has_a_gradient_of_zeros() {
    let (w, v) = (Param::new(Tensor::from([1.0, -2.0])), Param::new(Tensor::from([3.0, 4.0])));
    w.track().shared(|_| v.track() * 2.0).sum().backward();
    assert_eq!(w.grad().unwrap(), Tensor::from([0.0, 0.0]));
    assert_eq!(v.grad().unwrap(), Tensor::from([2.0, 2.0]));
}

#[test]
fn a_boundary_on_a_constant_begins_with_what_is_inside() {
    let w = Param::new(Tensor::from([1.0, -2.0]));
    Tensor::from([5.0, 6.0]).shared(|x| x.clone() * &w + x).sum().backward();
    assert_eq!(w.grad().unwrap(), Tensor::from([5.0, 6.0]));
}

#[test]
fn the_first_gradient_of_a_parameter_is_moved_in_and_the_next_are_added() {
    let w = Param::new(Tensor::from([1.0, -2.0]));
    for times in 1..=3 {
        (w.track() * 2.0).sum().backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([2.0, 2.0]) * f64::from(times));
    }
}
