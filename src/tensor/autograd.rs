//! The methods of a tensor that concern its graph: `backward`, `detach`, `shared`, `boxed`.

use super::{MaybePadded, PaddedBatch, Tensor};
use crate::element::{Element, Float};
use crate::graph::{
    Boxed, Chain, CompatibleWith, Context, Flow, GradSlot, Graph, InsideForward, Mode, Nil, OutsideForward,
    Records, RunsLayers, Switch, Waiting,
};
use crate::shape::{Broken, Law, Message, ScalarShape, Shape};
use crate::storage::Storage;
use std::marker::PhantomData;
use std::panic::Location;

/// The argument of a [`forward`](crate::nn::Forward::forward): a tensor of shape `S` that may be used many times, in mode `M`.
pub type Input<S, M, E = f32> =
    Tensor<S, E, Graph<InsideForward<M>, <<M as Mode>::Input as Switch>::SharedFlow<S, E>>>;

/// A tensor of shape `S` inside a module that runs in mode `M`; `F` is the flow of its gradient.
pub type Inside<S, E, M, F> = Tensor<S, E, Graph<InsideForward<M>, F>>;

/// The result of a layer that is called with a tensor of context `C`, which is inside a module: [`Inside`].
pub type Called<S, E, C, F> = <C as RunsLayers>::Then<Inside<S, E, <C as RunsLayers>::Mode, F>>;

/// [`Called`] for a layer with a second input, of context `K`: the same context, or that of constants.
pub type CalledWith<S, E, C, K, F> =
    <C as RunsLayers>::Then<<K as CompatibleWith<C>>::Then<Inside<S, E, <C as RunsLayers>::Mode, F>>>;

/// A tensor of shape `S` outside of modules; `F` is the flow of its gradient.
pub type Outside<S, E, F> = Tensor<S, E, Graph<OutsideForward, F>>;

/// The scalar that a function of your own returns or takes: with its graph, outside of modules.
///
/// ```
/// use typegrad::prelude::*;
///
/// fn energy<const B: usize>(net: &Linear<4, 1>, x: &Tensor<Rank2<B, 4>>) -> Loss<impl Flow> {
///     net.train(x.clone()).powi(4).mean()
/// }
///
/// fn with_decay(loss: Loss<impl Flow>, net: &Linear<4, 1>) -> Loss<impl Flow> {
///     loss + net.weight.track().powi(2).sum() * 0.01
/// }
///
/// let rng = &mut Rng::seed(0);
/// let mut net = Linear::new(rng);
/// let x = Tensor::<Rank2<8, 4>>::randn(rng);
/// let before = with_decay(energy(&net, &x), &net).backward();
/// Sgd::new(0.01).step(&mut net);
/// assert!(with_decay(energy(&net, &x), &net).backward() < before);
/// ```
///
/// In `f64` it is `Loss<impl Flow<(), f64>, f64>`.
pub type Loss<F, E = f32> = Outside<(), E, F>; // `Loss<impl Flow>`

/// The argument of a closure of [`shared`](Tensor::shared) inside a module: the argument type of a function with
/// several inputs, such as the step of a recurrent cell.
pub type Shared<S, M, E = f32> =
    Tensor<S, E, Graph<InsideForward<M>, <<M as Mode>::Shares as Switch>::SharedFlow<S, E>>>;

/// A parameter is upstream.
struct Reaches<F, S, E>(PhantomData<(F, S, E)>);

impl<S: Shape, E: Element, F: Flow<S, E>> Law for Reaches<F, S, E> {
    const WRONG: Option<Message> = None;
    const BROKEN: Broken = if F::REACHES {
        None
    } else {
        Some(
            "this tensor does not require grad: all parameters are in `Frozen` or cut off by `detach`, or there \
             are none. Start from `net.train(x)`, or from `param.track()`",
        )
    };
}

/// A tensor with any graph, as the result of a closure.
#[diagnostic::on_unimplemented(
    message = "a closure or a module gives one tensor, and this gives `{Self}`",
    label = "not a tensor",
    note = "two results are combined inside: `x.shared(|x| self.a.call(x.clone()) + self.b.call(x))`, with no `;` after the last \
            expression"
)]
pub trait Computed: Sized {
    /// Its shape.
    type Shape: Shape;
    /// Its elements.
    type Element: Element;
    /// The context it was computed in.
    type Context: Context;
    /// The flow of its gradient.
    type Flow: Flow<Self::Shape, Self::Element>;
    /// The tensor itself.
    fn into_tensor(self) -> Tensor<Self::Shape, Self::Element, Graph<Self::Context, Self::Flow>>;
}

impl<S: Shape, E: Element, C: Context, F: Flow<S, E>> Computed for Tensor<S, E, Graph<C, F>> {
    type Shape = S;
    type Element = E;
    type Context = C;
    type Flow = F;
    fn into_tensor(self) -> Self {
        self
    }
}

/// The next state of a [`scan`](Tensor::scan) whose states have the shape `S` and elements `E`: a tensor, and what is
/// [`Traced`].
#[diagnostic::on_unimplemented(
    message = "the state of `scan` has the shape `{S}` and elements `{E}`, and its body gives `{Self}`",
    label = "not a state of shape `{S}`",
    note = "computed sizes, as after `cat`, are written as those of the first state by `.with_shape()` at the end of the body",
    note = "another layer runs after the scan, on all states: `self.out.call(x.scan(h, |h, x| self.cell.step(x, h)))`"
)]
pub trait NextState<S: Shape, E: Element>: Sized {
    /// The context it was computed in.
    type Context: Context;
    /// The flow of its gradient.
    type Flow: Flow<S, E>;
    #[doc(hidden)]
    fn into_state(self) -> Tensor<S, E, Graph<Self::Context, Self::Flow>>;
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element, C: Context, F: Flow<S, E>> NextState<S, E> for Tensor<S, E, Graph<C, F>> {
    type Context = C;
    type Flow = F;
    fn into_state(self) -> Self {
        self
    }
}

/// A tensor of shape `S` that was computed in mode `M`, with any graph: the return type of a
/// [`forward`](crate::nn::Forward::forward), which keeps the graph out of signatures.
#[diagnostic::on_unimplemented(
    message = "`forward` promises a tensor of shape `{S}` with elements `{E}` in its mode, and its body computes another one",
    label = "promises the shape `{S}`",
    note = "`Output` is the shape of the last expression, after which there is no `;`; `x.with_shape()` writes computed sizes as the promised ones",
    note = "the result is an `impl Traced<Self::Output, M>`, and layers keep the mode if they run by `self.layer.call(x)`; a loss of other \
            functions is a `Loss<impl Flow>`"
)]
pub trait Traced<S: Shape, M: Mode, E: Element = f32>:
    Computed<Shape = S, Element = E, Context = InsideForward<M>> + NextState<S, E, Context = InsideForward<M>>
{
}

// One line, as rustc prints it in errors.
#[rustfmt::skip]
impl<S: Shape, E: Element, M: Mode, F: Flow<S, E>> Traced<S, M, E> for Tensor<S, E, Graph<InsideForward<M>, F>> {}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// This tensor without its graph: the same memory, and no gradient flows through it. PyTorch's `detach`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Param::new(Tensor::<Rank1<5>>::ones());
    /// let y = x.track().shared(|x| x.clone().powi(2) + x.detach().powi(3)).sum();
    /// y.backward();
    /// assert_eq!(x.grad().unwrap(), Tensor::full(2.0));
    /// ```
    // rustc shows the next line where the tensor is used after it.
    #[rustfmt::skip]
    pub fn detach(self) -> Tensor<S, E, Graph<C::Detached, ()>> // `x.value()` leaves `x` as it is, and has no graph either
    {
        Tensor::from_parts(self.data, ())
    }

    /// The value as a plain constant; this tensor stays usable. The memory is shared.
    pub fn value(&self) -> Tensor<S, E> {
        Tensor::constant(self.data.clone())
    }

    /// Uses this tensor many times inside `body`, where it can be cloned; outside it is used once.
    ///
    /// A tracked tensor is consumed by the operation that uses it, so that no gradient is lost or counted twice.
    /// Inside `shared` it can be used many times.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Param::new(Tensor::<Rank1<5>>::ones());
    /// x.track().shared(|x| x.clone().powi(2) + x.powi(3)).sum().backward();
    /// assert_eq!(x.grad().unwrap(), Tensor::full(5.0));
    /// ```
    ///
    /// # Panics
    /// The backward pass panics if a clone left `body` in another way than as its result; the message starts with the line of this
    /// call.
    #[track_caller]
    pub fn shared<Y>(
        self,
        body: impl FnOnce(Tensor<S, E, Graph<C, <C::Shares as Switch>::SharedFlow<S, E>>>) -> Y,
    ) -> Tensor<Y::Shape, E, Graph<Y::Context, <Y::Flow as Flow<Y::Shape, E>>::Bounded<S, F, ()>>>
    where
        Y: Computed<Element = E>,
    {
        let (x, flow) = self.into_waiting();
        let outer = Waiting::new(Waiting::into_inner(flow));
        let slot = GradSlot::new(F::TRACKED && outer.needs_grad()).of_line(Location::caller());
        let x = Tensor::from_parts(x, <C::Shares as Switch>::share(&slot));
        let (y, inner) = body(x).into_tensor().into_parts();
        Tensor::from_parts(y, inner.bounded::<S, F, ()>(Waiting::into_inner(outer), slot))
    }

    /// The same tensor with its graph behind a pointer, for a graph that is chosen at run time.
    ///
    /// All boxed tensors of one shape and context have the same type. Boxing costs an allocation, and hides
    /// the properties of the graph from the compiler, such as whether a parameter is upstream. A chain may have any
    /// number of boxes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let w = Param::new(Tensor::<Rank1<2>>::ones());
    /// for deep in [false, true] {
    ///     let x = w.track() * 3.0;
    ///     let y = if deep { x.relu().exp().boxed() } else { x.boxed() };
    ///     y.sum().backward();
    /// }
    /// ```
    pub fn boxed<'a>(self) -> Tensor<S, E, Graph<C, Chain<Boxed<'a, S, E>, Nil>>>
    where
        F: 'a,
    {
        Tensor::from_parts(self.data, Boxed::chain(self.graph.flow))
    }
}

impl<S: Shape, E: Element, C: Context, F: Flow<S, E>> PaddedBatch<Tensor<S, E, Graph<C, F>>> {
    /// Uses this batch many times inside `body`, as [`Tensor::shared`] uses a tensor. The result of `body` is a tensor, such as
    /// a loss, or a batch.
    ///
    /// ```
    /// use typegrad::data::{Batch, Dataset};
    /// use typegrad::prelude::*;
    /// let net = Linear::<1, 1>::new(&mut Rng::seed(0));
    /// let examples = vec![([1.0_f32], [2.0_f32]), ([3.0], [4.0]), ([5.0], [6.0])];
    /// for Batch { data: (x, y), .. } in examples.batches::<2>().in_order() {
    ///     net.train(x).shared(|p| p.clone().mse_loss(&y) + p.l1_loss(&y)).backward();
    /// }
    /// ```
    ///
    /// # Panics
    /// The backward pass panics if a clone left `body` in another way than as its result.
    pub fn shared<Y>(
        self,
        body: impl FnOnce(PaddedBatch<Tensor<S, E, Graph<C, <C::Shares as Switch>::SharedFlow<S, E>>>>) -> Y,
    ) -> Y::With<Tensor<Y::Shape, E, Graph<Y::Context, <Y::Flow as Flow<Y::Shape, E>>::Bounded<S, F, ()>>>>
    where
        Y: MaybePadded<Element = E>,
    {
        let (tensor, rows) = self.into_rows();
        let mut of_result = rows;
        let y = tensor.shared(|x| {
            let (y, rows) = body(Self::with_rows(x, rows)).into_rows();
            of_result = rows;
            y
        });
        Y::with_rows(y, of_result)
    }
}

/// No tensor implements this, so the error for the method `grad` can say where gradients are.
#[diagnostic::on_unimplemented(
    message = "only a `Param` keeps its gradient, and this is a tensor",
    label = "a tensor has no `grad`",
    note = "make the input a parameter, `let x = Param::new(x);`, compute with `x.track()`, and read `x.grad()` after `backward`"
)]
pub trait KeepsGradient {}

impl<S, E, G> Tensor<S, E, G> {
    #[doc(hidden)]
    pub fn grad(&self) -> Option<Tensor<S, E>>
    where
        S: KeepsGradient,
    {
        None
    }
}

impl<S: Shape, E: Element> Tensor<S, E> {
    /// This constant inside a module that runs in mode `M`.
    pub fn within<M: Mode>(self) -> Tensor<S, E, Graph<InsideForward<M>, ()>> {
        Tensor::from_parts(self.data, ())
    }
}

/// A mode that no tracked tensor enters. It has an impl for a mode that no program has, so that rustc prints the message of the
/// trait, and knows the type of the result.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a tensor with a graph does not enter a module: `within` is for constants",
    label = "this has a graph outside of modules",
    note = "inside `forward` write `self.w.traced::<M>()` for `self.w.track()`, and `self.layer.call(x)` for `self.layer.train(x)`"
)]
pub trait Enters<M> {}

/// No mode.
#[doc(hidden)]
pub enum NoMode {}

#[diagnostic::do_not_recommend]
impl<S, E, F> Enters<NoMode> for Tensor<S, E, Graph<OutsideForward, F>> {}

#[rustfmt::skip]
#[doc(hidden)]
impl<S, E, F> Tensor<S, E, Graph<OutsideForward, F>> {
    pub fn within<M>(&mut self) -> Tensor<S, E, Graph<InsideForward<M>, ()>> where Self: Enters<M> { unreachable!() }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// Runs the backward pass: adds to the gradient of every parameter upstream. Returns the value.
    ///
    /// The graph is consumed, so a second `backward` does not compile; nor does `backward` of a tensor that
    /// no parameter is upstream of.
    // rustc shows the next line where a loss is used after its backward pass.
    #[rustfmt::skip]
    pub fn backward(self) -> E where S: ScalarShape, C: Records // the loss, as a number: `let loss = loss.backward();`
    {
        let () = Reaches::<F, S, E>::HOLDS;
        let (loss, flow) = self.into_waiting();
        let grad = Tensor::constant(Storage::filled(1, E::one()));
        Waiting::into_inner(flow).backward(grad);
        loss.as_slice()[0]
    }
}
