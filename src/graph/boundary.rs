//! Boundaries: a tensor that is used many times inside, and once outside.

use super::chain::Base;
use super::describe::{Description, Scope};
use super::flow::Flow;
use super::kind::AsBefore;
use super::later::Later;
use super::leaf::accumulate;
use super::outline::{ModuleOutline, Outline};
use super::progress::{Progress, Pulling};
use super::segment::Segment;
use crate::element::Element;
use crate::free_slots::Cell;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;
use std::panic::Location;
use std::rc::Rc;

/// Accumulates the gradient of the input of a boundary; holds nothing if no gradient is needed upstream.
pub struct GradSlot<E> {
    cell: Option<Cell<E>>,
    /// The line of the program that calls `shared`.
    place: Option<&'static Location<'static>>,
}

impl<E: Element> GradSlot<E> {
    pub(crate) fn unneeded() -> Self {
        GradSlot { cell: None, place: None }
    }

    pub(crate) fn new(needs_grad: bool) -> Self {
        let cell = needs_grad.then(|| E::slots().with(|free| free.pop()).unwrap_or_default());
        GradSlot { cell, place: None }
    }

    /// The same, of a `shared` at this line.
    pub(crate) fn of_line(self, place: &'static Location<'static>) -> Self {
        GradSlot { place: Some(place), ..self }
    }

    pub(crate) fn needs_grad(&self) -> bool {
        self.cell.is_some()
    }

    /// Another reference to this slot.
    pub(crate) fn another(&self) -> Self {
        GradSlot { cell: self.cell.clone(), place: self.place }
    }

    pub(crate) fn add(&self, grad: Storage<E>) {
        if let Some(cell) = &self.cell {
            accumulate(&mut cell.borrow_mut(), grad);
        }
    }

    /// Takes the sum, after every use inside the boundary has added its gradient.
    ///
    /// # Panics
    /// If a clone of the input left its boundary, or was leaked by a panic that was caught inside: its gradient would be
    /// lost.
    pub(crate) fn take(self) -> Option<Storage<E>> {
        let cell = self.cell?;
        if Rc::strong_count(&cell) != 1 {
            left(self.place);
        }
        let sum = cell.borrow_mut().take();
        E::slots().with(|free| free.push(cell));
        sum
    }
}

#[cold]
fn left(place: Option<&Location<'_>>) -> ! {
    let place = place.map_or(String::new(), |place| format!("{place}: "));
    panic!(
        "{place}a tensor left the closure of `shared`, or the module, that it was given to, and was used outside of \
         it; return it from the closure instead. If a panic was caught in there: catch it around the whole \
         step, because the graph of a tensor that waits for a module is lost in a panic"
    );
}

/// A graph that is held while other code runs: that upstream of a boundary while its body runs, or of a segment while its
/// backward pass runs. If that code panics, the tensors of the graph are leaked: dropping it would be code of its own for each boundary and segment
/// of a chain, and rustc spells out the whole type of the chain in the name of such code (DESIGN.md, "Why does a panic in a
/// `forward` leak its graph?").
pub(crate) type Waiting<F> = std::mem::ManuallyDrop<F>;

/// The input of a boundary, seen from inside: each use adds its gradient to one slot.
pub struct SharedInput<S, E> {
    slot: GradSlot<E>,
    shape: PhantomData<fn() -> S>,
}

impl<S, E: Element> SharedInput<S, E> {
    pub(crate) fn new(slot: &GradSlot<E>) -> Self {
        SharedInput { slot: slot.another(), shape: PhantomData }
    }
}

impl<S, E> Clone for SharedInput<S, E> {
    fn clone(&self) -> Self {
        let slot = GradSlot { cell: self.slot.cell.clone(), place: self.slot.place };
        SharedInput { slot, shape: PhantomData }
    }
}

impl<S: Shape, E: Element> Base<E> for SharedInput<S, E> {
    type Shape = S;
    const REACHES: bool = false;
    type Kind = AsBefore;
    const OUTLINE: &'static Outline = &Outline::Nothing;
    fn name() -> Option<&'static str> {
        Some("SharedInput")
    }
    fn needs_grad(&self) -> bool {
        self.slot.needs_grad()
    }
    fn accept<'r>(self, grad: Tensor<S, E>, _: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.slot.add(grad.data);
    }
}

/// A boundary in a chain. Its backward pass runs the inner graph, then returns the gradient that its input accumulated.
pub struct Bound<H, E, L> {
    inner: H,
    input: GradSlot<E>,
    scope: PhantomData<fn() -> L>,
}

impl<H, E, L> Bound<H, E, L> {
    pub(super) fn new(inner: H, input: GradSlot<E>) -> Self {
        Bound { inner, input, scope: PhantomData }
    }
}

/// The outline of a boundary around `inside`, which may be a module's.
const fn around(run: Option<&'static ModuleOutline>, inside: &'static Outline) -> Outline {
    match run {
        Some(run) => Outline::Module(run, inside),
        None => *inside,
    }
}

/// The gradient that a boundary passes upstream. The gradient of an unused input is zeros.
fn collected<S: Shape, E: Element>(input: GradSlot<E>, needs_grad: bool) -> Option<Tensor<S, E>> {
    let sum = input.take();
    needs_grad.then(|| Tensor::constant(sum.unwrap_or_else(|| Storage::filled(S::NUMEL, E::default()))))
}

impl<S, T, E, H, L> Segment<S, T, E> for Bound<H, E, L>
where
    S: Shape,
    T: Shape,
    E: Element,
    H: Flow<T, E>,
    L: Scope,
{
    const HAS_SIDE_INPUT: bool = H::REACHES;
    const HAS_BOXES: bool = H::HAS_BOXES;
    type Kind = L::Kind<H::Kind>;
    const OUTLINE: &'static Outline = &around(L::RUN, H::OUTLINE);
    fn name() -> Option<&'static str> {
        H::name()
    }
    fn describe(description: &mut Description) {
        description.scope::<L>(T::SIZES, H::describe);
    }
    fn pull<'r>(self, grad: Tensor<T, E>, needs_grad: bool, _: &mut Later<'r>) -> Option<Tensor<S, E>>
    where
        Self: 'r,
    {
        let input = Waiting::new(self.input);
        self.inner.backward(grad);
        collected(Waiting::into_inner(input), needs_grad)
    }
    fn advance<'r>(self, grad: Tensor<T, E>, needs_grad: bool, later: &mut Later<'r>) -> Pulling<'r, S, E>
    where
        Self: 'r,
    {
        if !H::HAS_BOXES {
            return Progress::Done(self.pull(grad, needs_grad, later));
        }
        let input = Waiting::new(self.input);
        let mut inside = Later::new();
        let run = self.inner.advance(grad, &mut inside);
        // The slot is read after all boxes that came from inside, as in `pull`.
        run.and_all(inside)
            .then(later, move |(), _| Progress::Done(collected(Waiting::into_inner(input), needs_grad)))
    }
    fn dismantle<'r>(self, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.inner.dismantle(later);
    }
}

/// A boundary whose input is a constant: the graph starts inside.
pub struct Start<H, T, L> {
    inner: H,
    shape: PhantomData<fn() -> (T, L)>,
}

impl<H, T, L> Start<H, T, L> {
    pub(super) fn new(inner: H) -> Self {
        Start { inner, shape: PhantomData }
    }
}

impl<T: Shape, E: Element, H: Flow<T, E>, L: Scope> Base<E> for Start<H, T, L> {
    type Shape = T;
    const REACHES: bool = H::REACHES;
    const HAS_BOXES: bool = H::HAS_BOXES;
    type Kind = L::Kind<H::Kind>;
    const OUTLINE: &'static Outline = &around(L::RUN, H::OUTLINE);
    fn name() -> Option<&'static str> {
        H::name()
    }
    fn describe(description: &mut Description) {
        description.scope::<L>(T::SIZES, H::describe);
    }
    fn needs_grad(&self) -> bool {
        self.inner.needs_grad()
    }
    fn accept<'r>(self, grad: Tensor<T, E>, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.inner.backward_to_boxes(grad, later);
    }
    fn advance<'r>(self, grad: Tensor<T, E>, later: &mut Later<'r>) -> Progress<'r, ()>
    where
        Self: 'r,
    {
        self.inner.advance(grad, later)
    }
    fn dismantle<'r>(self, later: &mut Later<'r>)
    where
        Self: 'r,
    {
        self.inner.dismantle(later);
    }
}

/// One run of a module in a sequence of modules of one type.
pub struct Step<H, E> {
    inner: H,
    input: GradSlot<E>,
}

impl<H, E> Step<H, E> {
    pub(super) fn new(inner: H, input: GradSlot<E>) -> Self {
        Step { inner, input }
    }
}

/// A sequence of modules of one type. Their graphs are an array, so depth costs no compile time.
pub struct Repeat<H, E, const N: usize>(pub(super) [Option<Step<H, E>>; N]);

impl<S, E, H, const N: usize> Segment<S, S, E> for Repeat<H, E, N>
where
    S: Shape,
    E: Element,
    H: Flow<S, E>,
{
    const HAS_SIDE_INPUT: bool = H::REACHES;
    type Kind = H::Kind;
    // The first layer has run on its own.
    const OUTLINE: &'static Outline = &Outline::Times(N - 1, H::OUTLINE);
    fn name() -> Option<&'static str> {
        H::name()
    }
    fn describe(description: &mut Description) {
        // The first layer has run on its own, and is described.
        description.again(N - 1);
    }
    fn pull<'r>(self, mut grad: Tensor<S, E>, needs_grad: bool, _: &mut Later<'r>) -> Option<Tensor<S, E>>
    where
        Self: 'r,
    {
        for step in self.0.into_iter().rev().flatten() {
            step.inner.backward(grad);
            grad = collected(step.input, true)?;
        }
        needs_grad.then_some(grad)
    }
}
