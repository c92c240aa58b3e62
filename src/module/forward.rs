//! The forward pass of a module, and the modes it is entered in.

use crate::element::Element;
use crate::graph::{Eval, Flow, Graph, Infer, InputOf, Mode, Outer, RunsLayers, Sample, Train};
use crate::module::{ElementIs, Follower, Following, Module, ShapeIs, Trains, WhereItFits};
use crate::shape::{Is, Known, Law, Laws, Shape};
use crate::storage::Storage;
use crate::tensor::{GivesRows, Input, Inside, MaybePadded, Outside, Tensor, Traced};

/// The shape of the result of a module `L` that takes `S` and elements `I`.
type OutputOf<L, S, E, I> = <L as Forward<S, E, I>>::Output;

/// The result of [`train`](Forward::train) and [`eval`](Forward::eval): a tensor of shape `L::Output` with elements `E`, outside of
/// modules, or a [`PaddedBatch`](crate::tensor::PaddedBatch) of one if `X` is. `L` is the module, which takes the shape `S` and
/// elements `I`, and `F` is the backward pass.
// Not a layer that takes the elements of `X`: where they do not fit, rustc would look for one of another shape.
pub type Ran<L, X, S, E, I, F> = <<X as MaybePadded>::Element as ElementIs<I>>::Then<
    WhereItFits<
        <X as MaybePadded>::Shape,
        S,
        OutputOf<L, S, E, I>,
        <X as MaybePadded>::With<Outside<OutputOf<L, S, E, I>, E, F>>,
    >,
>;

/// `Y`, the result of [`call`](Forward::call) in the context `C`, of shape `T`, where an input of shape `X` with elements `A` fits.
pub type CalledOn<C, X, A, S, I, T, Y> =
    <C as RunsLayers>::Then<<A as ElementIs<I>>::Then<WhereItFits<X, S, T, Y>>>;

/// The result of [`infer`](Forward::infer) and [`sample`](Forward::sample): the tensor `T`, or a
/// [`PaddedBatch`](crate::tensor::PaddedBatch) of it if `X` is one.
pub type Inferred<X, T> = <<X as MaybePadded>::Context as Outer>::Then<<X as MaybePadded>::With<T>>;

/// The forward pass of a module on a tensor of shape `S`. PyTorch's `forward`.
///
/// The elements are `E`, and those of the input are `I`, which differ only for modules that take indices. A module with two inputs,
/// such as x and a time or x and a state, implements [`Forward2`](crate::nn::Forward2). Layers of one type are an array, whose `call`
/// runs them in sequence.
///
/// ```
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Mlp {
///     fc1: Linear<64, 32>,
///     fc2: Linear<32, 10>,
/// }
///
/// impl<const B: usize> Forward<Rank2<B, 64>> for Mlp {
///     type Output = Rank2<B, 10>;
///     fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
///         let x = self.fc1.call(x).relu();
///         self.fc2.call(x)
///     }
/// }
///
/// let net = Mlp::new(&mut Rng::seed(0));
/// let y = net.infer(Tensor::<Rank2<5, 64>>::ones());
/// let loss = net.train(Tensor::<Rank2<5, 64>>::ones()).mean().backward();
/// assert_eq!(y.mean().item(), loss);
/// ```
#[diagnostic::on_unimplemented(
    message = "the layer `{Self}` cannot take an input of shape `{S}` with elements `{I}`",
    label = "does not fit an input of shape `{S}` with elements `{I}`",
    note = "the first number is the input's size; images take `BatchNorm2d`; channels come first: `x.movedim::<-1, 1>()`; \
            `x.flatten_axes::<1, -1>()`, `x.unsqueeze::<0>()`, `::<1>()`, `x.to::<E>()`"
)]
pub trait Forward<S: Shape, E: Element = f32, I: Element = E>: Module + Sized {
    /// The shape of the result.
    type Output: Shape;

    /// The requirements on sizes that types cannot express.
    #[doc(hidden)]
    const LAWS: Laws = Laws::MET;

    /// Fails to evaluate if one is not met, in any mode.
    #[doc(hidden)]
    const FITS: () = Self::LAWS.hold();

    /// The computation. `x` may be used many times: a module is a boundary of the graph.
    // rustc shows the next line where `forward` is called from outside of modules.
    #[rustfmt::skip]
    fn forward<M: Mode>(&self, x: Input<S, M, I>) -> impl Traced<Self::Output, M, E>; // to run it: `net.train(x)`, `net.infer(x)`

    /// How this layer can be joined to the one before it in a tuple.
    #[doc(hidden)]
    const FOLLOWER: Option<Follower> = None;

    /// The mean, the gain and the bias of each channel, of [`Follower::Normalize`].
    #[doc(hidden)]
    fn channel_numbers(&self) -> Option<[Storage<E>; 3]> {
        None
    }

    /// The result together with layers that follow, where nothing is recorded; and how many of `next` that are. Nothing if
    /// that is none.
    #[doc(hidden)]
    fn infer_with(&self, _x: &[I], _next: Following<'_, E>) -> Option<(Storage<E>, usize)> {
        None
    }

    /// Runs the module inside another one, in the mode of the computation it is part of. PyTorch's `module(x)`.
    ///
    /// In: a tensor of shape `S`. Out: a tensor of shape `Self::Output`. The module is a boundary of the graph: inside,
    /// its input may be used many times.
    // rustc shows the next line where a call has several inputs.
    #[track_caller]
    #[rustfmt::skip]
    fn call<C: RunsLayers, F, X, A>( // one input; of two `layer.call2(x, y)`, of attention to a memory `call_with(x, memory, mask)`
        &self,
        x: Tensor<X, A, Graph<C, F>>,
    ) -> CalledOn<C, X, A, S, I, Self::Output, Inside<Self::Output, E, C::Mode, impl Flow<Self::Output, E>>> // one type for two: `.boxed()`
    where
        F: Flow<X, A>,
        // Not `S` and `I` in the argument: so rustc reports a layer that does not fit at the name of the method.
        X: ShapeIs<S>,
        A: ElementIs<I>,
        I: InputOf<E>,
    {
        let () = Self::FITS;
        let () = <Trains<Self, S, E, I, C::Mode> as Law>::HOLDS;
        let (x, flow) = x.taken::<S, I>();
        let (y, flow) = Flow::<S, I>::call_module::<C::Mode, Self, E>(flow, x, self);
        Is::of(Is::of(Is::of(Tensor::from_parts(y, flow))))
    }

    /// The same for modules whose laws are those of the modules they call, which are known to hold.
    #[doc(hidden)]
    #[track_caller]
    fn call_fitting<M, F, X>(
        &self,
        x: Inside<X, I, M, F>,
    ) -> Inside<Self::Output, E, M, impl Flow<Self::Output, E>>
    where
        M: Mode,
        F: Flow<S, I>,
        X: ShapeIs<S>,
        I: InputOf<E>,
    {
        let (x, flow) = x.into_parts();
        let (y, flow) = flow.call_module::<M, Self, E>(x, self);
        Tensor::from_parts(y, flow)
    }

    /// Runs the module in mode `M`, from outside of modules.
    ///
    /// In: a tensor of shape `S`. Out: a tensor of shape `Self::Output`, outside of modules.
    #[track_caller]
    fn run<M: Mode, X>(&self, x: X) -> Ran<Self, X, S, E, I, impl Flow<Self::Output, E>>
    where
        X: MaybePadded<Element: ElementIs<I>, Shape: ShapeIs<S>> + GivesRows<Self::Output>,
        I: InputOf<E>,
    {
        let () = Self::FITS;
        let () = <Trains<Self, S, E, I, M> as Law>::HOLDS;
        let (x, rows) = x.into_rows();
        let (x, flow) = x.taken::<S, I>();
        let (y, flow) = Flow::<S, I>::call_module::<M, Self, E>(flow, x, self);
        Is::of(Is::of(X::with_rows(Tensor::from_parts(y, flow), rows)))
    }

    /// Runs the module in training: layers train and gradients are recorded. PyTorch's `model.train()`.
    ///
    /// In: a tensor of shape `S`, or a [`PaddedBatch`](crate::tensor::PaddedBatch) of one. Out: the same of `Self::Output`,
    /// outside of modules.
    #[rustfmt::skip]
    #[track_caller]
    fn train<X>(&self, x: X) // no mode is set: `net.train(x)` runs it once
        -> Ran<Self, X, S, E, I, impl Flow<Self::Output, E>> // a state is carried on without its graph: `h = next.value()`
    where
        X: MaybePadded<Element: ElementIs<I>, Shape: ShapeIs<S>> + GivesRows<Self::Output>,
        I: InputOf<E>,
    {
        let () = Self::FITS;
        let () = <Trains<Self, S, E, I, Train> as Law>::HOLDS;
        let (x, rows) = x.into_rows();
        let (x, flow) = x.taken::<S, I>();
        let (y, flow) = Flow::<S, I>::call_module::<Train, Self, E>(flow, x, self);
        Is::of(Is::of(X::with_rows(Tensor::from_parts(y, flow), rows)))
    }

    /// Runs the module in evaluation: layers do not train, and gradients are recorded. PyTorch's `model.eval()`.
    ///
    /// In: a tensor of shape `S`. Out: a tensor of shape `Self::Output`, outside of modules.
    #[rustfmt::skip]
    #[track_caller]
    fn eval<X>(&self, x: X) // no mode is set: `net.eval(x)` runs it once
        -> Ran<Self, X, S, E, I, impl Flow<Self::Output, E>> // a state is carried on without its graph: `h = next.value()`
    where
        X: MaybePadded<Element: ElementIs<I>, Shape: ShapeIs<S>> + GivesRows<Self::Output>,
        I: InputOf<E>,
    {
        let () = Self::FITS;
        let () = <Trains<Self, S, E, I, Eval> as Law>::HOLDS;
        let (x, rows) = x.into_rows();
        let (x, flow) = x.taken::<S, I>();
        let (y, flow) = Flow::<S, I>::call_module::<Eval, Self, E>(flow, x, self);
        Is::of(Is::of(X::with_rows(Tensor::from_parts(y, flow), rows)))
    }

    /// Layers do not train and nothing is recorded: a plain tensor in, a plain tensor out. PyTorch's
    /// `model.eval()` under `torch.no_grad()`.
    #[track_caller]
    fn infer<X>(&self, x: X) -> Inferred<X, Tensor<Self::Output, E>>
    where
        X: MaybePadded<Element: ElementIs<I>, Shape: ShapeIs<S>, Context: Outer> + GivesRows<Self::Output>,
        I: InputOf<E>,
    {
        let () = Self::FITS;
        let () = <Trains<Self, S, E, I, Infer> as Law>::HOLDS;
        let (x, rows) = x.into_rows();
        let (x, flow) = x.detach().taken::<S, I>();
        let (y, _) = Flow::<S, I>::call_module::<Infer, Self, E>(flow, x, self);
        Is::of(X::with_rows(Tensor::constant(y), rows))
    }

    /// Layers train and nothing is recorded: `model.train()` under `torch.no_grad()`, as for Monte Carlo dropout.
    #[track_caller]
    fn sample<X>(&self, x: X) -> Inferred<X, Tensor<Self::Output, E>>
    where
        X: MaybePadded<Element: ElementIs<I>, Shape: ShapeIs<S>, Context: Outer> + GivesRows<Self::Output>,
        I: InputOf<E>,
    {
        let () = Self::FITS;
        let () = <Trains<Self, S, E, I, Sample> as Law>::HOLDS;
        let (x, rows) = x.into_rows();
        let (x, flow) = x.detach().taken::<S, I>();
        let (y, _) = Flow::<S, I>::call_module::<Sample, Self, E>(flow, x, self);
        Is::of(X::with_rows(Tensor::constant(y), rows))
    }
}

/// `forward` of a tuple of layers, called from outside of modules. Nothing implements [`Enters`], so the error for it can say how a
/// network is run. It takes `self`, so that rustc finds it before [`Forward::forward`], whose error would be one of types, with a
/// second one at the use of the result.
#[doc(hidden)]
pub trait NotCalled: Sized {
    #[doc(hidden)]
    fn forward<X: Enters>(self, _: X) -> X::Result {
        X::RESULT
    }
}

/// No tensor does.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`forward` cannot be called directly: it runs in a mode, which `train`, `eval` or `infer` names",
    label = "no mode is named for this input",
    note = "outside of modules, run a network with `net.train(x)`, `net.eval(x)` or `net.infer(x)`",
    note = "inside `forward`, run a layer with `self.layer.call(x)`; a method of your own has another name than `forward`"
)]
pub trait Enters {
    #[doc(hidden)]
    type Result;
    #[doc(hidden)]
    const RESULT: Self::Result;
}

/// A layer of an array, which takes what the one before it gives.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "an array of layers needs one that takes and gives shape `{S}` with elements `{E}`, which `{Self}` does not",
    label = "the layers get shape `{S}` with elements `{E}`",
    note = "layers of other sizes are a tuple, `(Linear<4, 8>, Linear<8, 2>)`; a layer that changes the size comes before the array; \
            `x.to::<E>()`"
)]
pub trait Repeats<S: Shape, E: Element>: Forward<S, E, Output = S> {}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element, L: Forward<S, E, Output = S>> Repeats<S, E> for L {}

/// `N` layers of one type, in sequence. Their graph is an array, so depth costs no compile time.
// One line: errors show it.
#[rustfmt::skip]
impl<S: Shape, E: Element + InputOf<E>, L: Repeats<S, E>, const N: usize> Forward<S, E> for [L; N] where [L; N]: Module {
    // Unknown, so that nothing more is reported, where the layer does not fit.
    type Output = <L::Output as Known>::Then<S>;
    const LAWS: Laws = if N > 0 {
        L::LAWS.of_parts()
    } else {
        Laws::always(Some("an array of layers needs at least one layer"))
    };
    #[track_caller]
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<S, M, E> {
        // The first layer may have a constant input and the others a tracked one, so it runs on its own.
        let (x, flow) = self[0].call_fitting(x).into_parts();
        let rest = std::array::from_fn::<_, N, _>(|i| if i == 0 { None } else { Some(&self[i]) });
        let (y, flow) = flow.repeat::<M, L, N>(x, rest);
        Tensor::from_parts(y, flow)
    }
}
