//! The forward pass of a module with two inputs.

use crate::element::Element;
use crate::graph::{
    CompatibleWith, Context, Eval, Flow, GradSlot, Graph, Infer, InputOf, Mode, Outer, RunsLayers, Sample,
    Switch, Train, Waiting,
};
use crate::module::{Call2, ElementIs, ShapeIs, WhereItFits};
use crate::nn::Module;
use crate::shape::{Is, Shape};
use crate::tensor::{Computed, GivesRows, Inside, MaybePadded, Outside, RowsOf, Shared, Tensor, Traced};

/// The forward pass of a module on two tensors, of the shapes `S` and `R`: x and a time, x and a state, a sequence and a memory.
/// PyTorch's `forward(self, x, t)`.
///
/// It is [`Forward`](super::Forward) with a 2 at each name: [`call2`](Self::call2) inside modules, [`train2`](Self::train2),
/// [`eval2`](Self::eval2), [`infer2`](Self::infer2) and [`sample2`](Self::sample2) outside. Both inputs may be used many times, and
/// both have gradients. `I` and `J` are the elements of the inputs where they are not `E`, such as indices.
///
/// More inputs than two are a pair of calls (an encoder, then a decoder with its result), or tensors that
/// [`cat`](crate::ops::Tensors::cat) or [`stack`](crate::ops::Tensors::stack) joins, as below: floats side by side, indices and
/// masks as layers of one `i64` tensor. More outputs than one are one tensor, too, of
/// which [`narrow`](Tensor::narrow) or [`select_at`](Tensor::select_at) takes a part inside [`shared`](Tensor::shared).
///
/// ```
/// use typegrad::prelude::*;
///
/// /// dx/dt = f(x, t)
/// #[derive(Module)]
/// struct Field {
///     of_x: Linear<2, 16>,
///     of_t: Linear<1, 16>,
///     out: Linear<16, 2>,
/// }
///
/// impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 1>> for Field {
///     type Output = Rank2<B, 2>;
///     fn forward2<M: Mode>(
///         &self,
///         x: Shared<Rank2<B, 2>, M>,
///         t: Shared<Rank2<B, 1>, M>,
///     ) -> impl Traced<Self::Output, M> {
///         let hidden = (self.of_x.call(x) + self.of_t.call(t)).tanh();
///         self.out.call(hidden)
///     }
/// }
///
/// let rng = &mut Rng::seed(0);
/// let field = Field::new(rng);
/// let x = Tensor::<Rank2<8, 2>>::randn(rng);
/// field.train2(x.clone(), Tensor::<Rank2<8, 1>>::zeros()).powi(2).mean().backward();
/// let mut end = x;
/// for step in 0..10 {
///     let t = Tensor::<Rank2<8, 1>>::full(step as f32 / 10.0);
///     end = end.clone() + field.infer2(end, t) * 0.1;
/// }
/// ```
///
/// Three inputs, `forward(x, t, class)`:
///
/// ```
/// use typegrad::prelude::*;
///
/// /// What a diffusion model of points removes: x and t are floats, side by side, and the class is an index.
/// #[derive(Module)]
/// struct Noise {
///     class: Embedding<10, 16>,
///     input: Linear<3, 16>,
///     out: Linear<16, 2>,
/// }
///
/// impl<const B: usize> Forward2<Rank2<B, 3>, Rank1<B>, f32, f32, i64> for Noise {
///     type Output = Rank2<B, 2>;
///     fn forward2<M: Mode>(
///         &self,
///         xt: Shared<Rank2<B, 3>, M>,
///         class: Shared<Rank1<B>, M, i64>,
///     ) -> impl Traced<Self::Output, M> {
///         let hidden = (self.input.call(xt) + self.class.call(class)).silu();
///         self.out.call(hidden)
///     }
/// }
///
/// let rng = &mut Rng::seed(0);
/// let net = Noise::new(rng);
/// let (x, t) = (Tensor::<Rank2<8, 2>>::randn(rng), Tensor::<Rank2<8, 1>>::rand(rng));
/// let class = Tensor::<Rank1<8>, i64>::randint(0, 10, rng);
/// let xt: Tensor<Rank2<8, 3>> = (x, t).cat::<1>().with_shape();
/// net.train2(xt, class).powi(2).mean().backward();
/// ```
#[diagnostic::on_unimplemented(
    message = "the module `{Self}` cannot take inputs of shapes `{S}` and `{R}` with elements `{I}` and `{J}`",
    label = "the module is `{Self}`, the inputs have the shapes `{S}` and `{R}`",
    note = "a module with two inputs implements `Forward2<S, R>`, one with one input `Forward<S>`"
)]
pub trait Forward2<S: Shape, R: Shape, E: Element = f32, I: InputOf<E> = E, J: InputOf<E> = E>:
    Module + Sized
{
    /// The shape of the result.
    type Output: Shape;

    /// The computation. Both inputs may be used many times: a module is a boundary of the graph.
    fn forward2<M: Mode>(&self, x: Shared<S, M, I>, y: Shared<R, M, J>) -> impl Traced<Self::Output, M, E>;

    /// Runs the module inside another one, in the mode of the computation it is part of. PyTorch's `module(x, y)`.
    ///
    /// In: tensors of the shapes `S` and `R`, of which `y` may be a constant. Out: a tensor of shape `Self::Output`.
    fn call2<C: RunsLayers, K: Context + CompatibleWith<C>, F, H, X, Y>(
        &self,
        x: Tensor<X, I, Graph<C, F>>,
        y: Tensor<Y, J, Graph<K, H>>,
    ) -> Called2<C, K, X, Y, S, R, Self::Output, E, impl Flow<Self::Output, E>>
    where
        F: Flow<X, I>,
        H: Flow<Y, J>,
        X: ShapeIs<S>,
        Y: ShapeIs<R>,
    {
        let ((x, from_x), (y, from_y)) = (x.into_parts(), y.into_parts());
        let slot_x = GradSlot::new(F::TRACKED && from_x.needs_grad());
        let slot_y = GradSlot::new(H::TRACKED && from_y.needs_grad());
        let (from_x, from_y) = (X::flow::<I, F>(from_x), Y::flow::<J, H>(from_y));
        let (from_x, from_y) = (Waiting::new(from_x), Waiting::new(from_y));
        let x = Tensor::from_parts(x, <<C::Mode as Mode>::Shares as Switch>::share(&slot_x));
        let y = Tensor::from_parts(y, <<C::Mode as Mode>::Shares as Switch>::share(&slot_y));
        let (z, inner) = self.forward2::<C::Mode>(x, y).into_tensor().into_parts();
        let (from_x, from_y) = (Waiting::into_inner(from_x), Waiting::into_inner(from_y));
        // The gradients of the two are collected inside, and continue in sequence.
        let inner = J::after_boundary::<R, _, _, _, ()>(inner, from_y, slot_y);
        let flow = I::after_boundary::<S, _, _, _, Call2<Self>>(inner, from_x, slot_x);
        Is::of(Is::of(Is::of(Is::of(Tensor::from_parts(z, flow)))))
    }

    /// Runs the module in mode `M`, from outside of modules.
    ///
    /// In: tensors of the shapes `S` and `R`. Out: a tensor of shape `Self::Output`, outside of modules.
    #[track_caller]
    fn run2<M: Mode, X, Y>(
        &self,
        x: X,
        y: Y,
    ) -> Ran2<X, Y, S, R, I, J, Self::Output, E, impl Flow<Self::Output, E>>
    where
        X: MaybePadded<Element: ElementIs<I>, Shape: ShapeIs<S>> + GivesRows<Self::Output>,
        Y: RowsOf<X, Inner: Computed<Element: ElementIs<J>, Shape: ShapeIs<R>>>,
    {
        let (x, rows) = x.into_rows();
        let (x, flow_x) = x.taken::<S, I>();
        let (y, flow_y) = y.into_inner(rows).into_tensor().taken::<R, J>();
        let x: Inside<S, I, M, _> = Tensor::from_parts(x, flow_x);
        let y: Inside<R, J, M, _> = Tensor::from_parts(y, flow_y);
        let (z, flow) = self.call2(x, y).into_parts();
        Is::of(Is::of(Is::of(Is::of(X::with_rows(Tensor::from_parts(z, flow), rows)))))
    }

    /// Runs the module in training: layers train and gradients are recorded. PyTorch's `model.train()`.
    ///
    /// In: tensors of the shapes `S` and `R`, or two [`PaddedBatch`](crate::tensor::PaddedBatch)es of them. Out: the same of
    /// `Self::Output`.
    #[rustfmt::skip]
    #[track_caller]
    fn train2<X, Y>(&self, x: X, y: Y) // no mode is set
        -> Ran2<X, Y, S, R, I, J, Self::Output, E, impl Flow<Self::Output, E>> // a state is carried on without its graph: `h = next.value()`
    where
        X: MaybePadded<Element: ElementIs<I>, Shape: ShapeIs<S>> + GivesRows<Self::Output>,
        Y: RowsOf<X, Inner: Computed<Element: ElementIs<J>, Shape: ShapeIs<R>>>,
    {
        self.run2::<Train, X, Y>(x, y)
    }

    /// Runs the module in evaluation: layers do not train, and gradients are recorded. PyTorch's `model.eval()`.
    #[rustfmt::skip]
    #[track_caller]
    fn eval2<X, Y>(&self, x: X, y: Y) // no mode is set
        -> Ran2<X, Y, S, R, I, J, Self::Output, E, impl Flow<Self::Output, E>> // a state is carried on without its graph: `h = next.value()`
    where
        X: MaybePadded<Element: ElementIs<I>, Shape: ShapeIs<S>> + GivesRows<Self::Output>,
        Y: RowsOf<X, Inner: Computed<Element: ElementIs<J>, Shape: ShapeIs<R>>>,
    {
        self.run2::<Eval, X, Y>(x, y)
    }

    /// Layers do not train and nothing is recorded: plain tensors in, a plain tensor out. PyTorch's `model.eval()` under
    /// `torch.no_grad()`.
    #[track_caller]
    fn infer2<X, Y>(&self, x: X, y: Y) -> X::With<Tensor<Self::Output, E>>
    where
        X: MaybePadded<Element: ElementIs<I>, Shape: ShapeIs<S>, Context: Outer> + GivesRows<Self::Output>,
        Y: RowsOf<X, Inner: Computed<Element: ElementIs<J>, Shape: ShapeIs<R>, Context: Outer>>,
    {
        let (x, rows) = x.into_rows();
        let (x, _) = x.detach().taken::<S, I>();
        let (y, _) = y.into_inner(rows).into_tensor().detach().taken::<R, J>();
        let (x, y) = (Tensor::<S, I>::constant(x), Tensor::<R, J>::constant(y));
        X::with_rows(self.run2::<Infer, _, _>(x, y).value(), rows)
    }

    /// Layers train and nothing is recorded: `model.train()` under `torch.no_grad()`.
    #[track_caller]
    fn sample2<X, Y>(&self, x: X, y: Y) -> X::With<Tensor<Self::Output, E>>
    where
        X: MaybePadded<Element: ElementIs<I>, Shape: ShapeIs<S>, Context: Outer> + GivesRows<Self::Output>,
        Y: RowsOf<X, Inner: Computed<Element: ElementIs<J>, Shape: ShapeIs<R>, Context: Outer>>,
    {
        let (x, rows) = x.into_rows();
        let (x, _) = x.detach().taken::<S, I>();
        let (y, _) = y.into_inner(rows).into_tensor().detach().taken::<R, J>();
        let (x, y) = (Tensor::<S, I>::constant(x), Tensor::<R, J>::constant(y));
        X::with_rows(self.run2::<Sample, _, _>(x, y).value(), rows)
    }
}

/// `T`, the result of shape `O` of a module that takes the shapes `S` and `R`, where inputs of the shapes `X` and `Y` fit.
type WhereBothFit<X, Y, S, R, O, T> = <X as ShapeIs<S>>::Then<WhereItFits<Y, R, O, T>>;

/// The result of [`call2`](Forward2::call2): a tensor of shape `O` with elements `E` inside a module, where the inputs have the
/// contexts `C` and `K` and the shapes `X` and `Y`, and the module takes `S` and `R`. `F` is the backward pass.
pub type Called2<C, K, X, Y, S, R, O, E, F> = <C as RunsLayers>::Then<
    <K as CompatibleWith<C>>::Then<WhereBothFit<X, Y, S, R, O, Inside<O, E, <C as RunsLayers>::Mode, F>>>,
>;

/// The result of [`train2`](Forward2::train2) and [`eval2`](Forward2::eval2): a tensor of shape `O` with elements `E`, or a
/// [`PaddedBatch`](crate::tensor::PaddedBatch) of one if the input `X` is, where the module takes the shapes `S` and `R` with
/// elements `I` and `J`. `F` is the backward pass.
pub type Ran2<X, Y, S, R, I, J, O, E, F> = <<X as MaybePadded>::Element as ElementIs<I>>::Then<
    <<<Y as RowsOf<X>>::Inner as Computed>::Element as ElementIs<J>>::Then<
        WhereBothFit<
            <X as MaybePadded>::Shape,
            <<Y as RowsOf<X>>::Inner as Computed>::Shape,
            S,
            R,
            O,
            <X as MaybePadded>::With<Outside<O, E, F>>,
        >,
    >,
>;

/// No tensor is both inputs of a layer: a layer with two has hidden methods of [`Forward`](super::Forward), whose error names the others.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this layer takes two inputs, as `call2`, `train2` and `infer2` do, and is given one",
    label = "one input of two",
    note = "write `layer.call2(x, memory)`, outside of `forward` `layer.train2(x, memory)` or `layer.infer2(x, memory)`",
    note = "a layer that attends to its own input is a `MultiheadAttention` or a `TransformerEncoderLayer`"
)]
pub trait BothInputs {
    #[doc(hidden)]
    type Result;
    #[doc(hidden)]
    const RESULT: Self::Result;
}
