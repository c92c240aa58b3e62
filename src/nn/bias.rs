//! Layers with a bias, and without.
//!
//! The methods of [`Bias`] are one line each. Their heads are there three times, in the trait and in both impls, because Rust
//! has no shorter form.

use super::{MaybeParam, Module, Param, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::{Flow, Graph, InsideForward, Mode};
use crate::kernel::conv::conv::Convolution;
use crate::kernel::gemm::Epilogue;
use crate::shape::{Axis, Broadcast, Channels, Dim, Shape};
use crate::tensor::{Inside, Tensor, Traced};
use serde::{Deserialize, Serialize};

/// The layer `L` without its bias. PyTorch's `bias=False`.
///
/// ```
/// use typegrad::nn::NoBias;
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Head {
///     fc: NoBias<Linear<8, 4>>,
/// }
///
/// let head = Head::new(&mut Rng::seed(0));
/// assert_eq!(head.num_parameters(), 32);
/// assert_eq!(format!("{:?}", head.fc), "Linear(in_features=8, out_features=4, bias=False)");
/// ```
pub type NoBias<L> = <L as Biased>::WithoutBias;

/// A layer that has a bias, which [`NoBias`] leaves out.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer whose bias can be left out",
    label = "has no bias to leave out"
)]
pub trait Biased {
    /// The same layer without it.
    type WithoutBias;
}

/// The type of the field `bias` of a layer without bias.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithoutBias;

/// Stands for the biases of a layer that has several: they are [`Param`]s. [`WithoutBias`] stands for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithBias;

/// [`WithBias`] or [`WithoutBias`]: whether a layer of several biases, such as
/// [`MultiheadAttention`](super::MultiheadAttention), has them.
pub trait Biases {
    /// The type of a bias of shape `S`.
    type Of<S: Shape, E: Float>: MaybeParam<S, E> + Clone;
}

impl Biases for WithBias {
    type Of<S: Shape, E: Float> = Param<S, E>;
}

impl Biases for WithoutBias {
    type Of<S: Shape, E: Float> = WithoutBias;
}

/// The type of a bias of shape `S`: a [`Param`], or [`WithoutBias`].
pub type BiasOf<P, S, E> = <P as Biases>::Of<S, E>;

/// The type of the field `bias` of a layer, where `S` is its shape: a [`Param`], or [`WithoutBias`].
pub trait Bias<S: Shape, E: Float>: Module {
    /// Whether there is one.
    const PRESENT: bool;

    /// A new bias; `value` is called only if there is one.
    fn begin(value: impl FnOnce() -> Tensor<S, E>) -> Self;

    /// The parameter, if there is one.
    fn param(&self) -> Option<&Param<S, E>>;

    /// x plus the elements of b from `start` on, as many as the last axis of x has.
    #[doc(hidden)]
    fn add_part_to<T, M, F>(&self, x: Inside<T, E, M, F>, start: usize) -> impl Traced<T, M, E>
    where
        S: Axis<0>,
        T: Axis<-1> + Broadcast<(<T as Axis<-1>>::Dim,), Broadcasted = T>,
        M: Mode,
        F: Flow<T, E>;

    /// x + b, where the bias lies along the second axis of x.
    #[doc(hidden)]
    fn add_to_channels<T, M, F>(&self, x: Tensor<T, E, Graph<InsideForward<M>, F>>) -> impl Traced<T, M, E>
    where
        T: Channels<S>,
        M: Mode,
        F: Flow<T, E>;

    /// x Wᵀ + b.
    #[doc(hidden)]
    fn linear<T, M, F, I, O>(
        &self,
        x: Tensor<T, E, Graph<InsideForward<M>, F>>,
        weight: &Param<(O, I), E>,
    ) -> impl Traced<T::With<O>, M, E>
    where
        T: Axis<-1, Dim = I>,
        M: Mode,
        F: Flow<T, E>,
        I: Dim,
        O: Dim;

    /// The convolution of x with a weight, plus b.
    #[doc(hidden)]
    fn convolved<X, W, T, M, F>(
        &self,
        x: Tensor<X, E, Graph<InsideForward<M>, F>>,
        weight: &Param<W, E>,
        sizes: &'static Convolution,
    ) -> impl Traced<T, M, E>
    where
        X: Shape,
        W: Shape,
        T: Channels<S>,
        M: Mode,
        F: Flow<X, E>;

    /// The transposed convolution of x with a weight, plus b.
    #[doc(hidden)]
    fn conv_transposed<X, W, T, M, F>(
        &self,
        x: Tensor<X, E, Graph<InsideForward<M>, F>>,
        weight: &Param<W, E>,
        sizes: &'static Convolution,
    ) -> impl Traced<T, M, E>
    where
        X: Shape,
        W: Shape,
        T: Channels<S>,
        M: Mode,
        F: Flow<X, E>;
}

impl<S: Shape, E: Float> Bias<S, E> for Param<S, E> {
    const PRESENT: bool = true;

    fn begin(value: impl FnOnce() -> Tensor<S, E>) -> Self {
        Param::new(value())
    }

    fn param(&self) -> Option<&Param<S, E>> {
        Some(self)
    }

    fn add_part_to<T, M, F>(&self, x: Inside<T, E, M, F>, start: usize) -> impl Traced<T, M, E>
    where
        S: Axis<0>,
        T: Axis<-1> + Broadcast<(<T as Axis<-1>>::Dim,), Broadcasted = T>,
        M: Mode,
        F: Flow<T, E>,
    {
        x + self.traced::<M>().part::<0, (T::Dim,)>(start, <T::Dim as Dim>::SIZE)
    }

    fn add_to_channels<T, M, F>(&self, x: Tensor<T, E, Graph<InsideForward<M>, F>>) -> impl Traced<T, M, E>
    where
        T: Channels<S>,
        M: Mode,
        F: Flow<T, E>,
    {
        x.add_channels(self)
    }

    fn linear<T, M, F, I, O>(
        &self,
        x: Tensor<T, E, Graph<InsideForward<M>, F>>,
        weight: &Param<(O, I), E>,
    ) -> impl Traced<T::With<O>, M, E>
    where
        T: Axis<-1, Dim = I>,
        M: Mode,
        F: Flow<T, E>,
        I: Dim,
        O: Dim,
    {
        x.project_then(weight, Epilogue::Bias(self.value().as_slice())).including(self)
    }

    fn convolved<X, W, T, M, F>(
        &self,
        x: Tensor<X, E, Graph<InsideForward<M>, F>>,
        weight: &Param<W, E>,
        sizes: &'static Convolution,
    ) -> impl Traced<T, M, E>
    where
        X: Shape,
        W: Shape,
        T: Channels<S>,
        M: Mode,
        F: Flow<X, E>,
    {
        x.convolved::<_, T, ()>(weight, Some(self.value().as_slice()), sizes).with_bias(self)
    }

    fn conv_transposed<X, W, T, M, F>(
        &self,
        x: Tensor<X, E, Graph<InsideForward<M>, F>>,
        weight: &Param<W, E>,
        sizes: &'static Convolution,
    ) -> impl Traced<T, M, E>
    where
        X: Shape,
        W: Shape,
        T: Channels<S>,
        M: Mode,
        F: Flow<X, E>,
    {
        x.conv_transposed::<_, T, ()>(weight, sizes).add_channels(self)
    }
}

impl<S: Shape, E: Float> Bias<S, E> for WithoutBias {
    const PRESENT: bool = false;

    fn begin(_: impl FnOnce() -> Tensor<S, E>) -> Self {
        WithoutBias
    }

    fn param(&self) -> Option<&Param<S, E>> {
        None
    }

    fn add_part_to<T, M, F>(&self, x: Inside<T, E, M, F>, _: usize) -> impl Traced<T, M, E>
    where
        S: Axis<0>,
        T: Axis<-1> + Broadcast<(<T as Axis<-1>>::Dim,), Broadcasted = T>,
        M: Mode,
        F: Flow<T, E>,
    {
        x
    }

    fn add_to_channels<T, M, F>(&self, x: Tensor<T, E, Graph<InsideForward<M>, F>>) -> impl Traced<T, M, E>
    where
        T: Channels<S>,
        M: Mode,
        F: Flow<T, E>,
    {
        x
    }

    fn linear<T, M, F, I, O>(
        &self,
        x: Tensor<T, E, Graph<InsideForward<M>, F>>,
        weight: &Param<(O, I), E>,
    ) -> impl Traced<T::With<O>, M, E>
    where
        T: Axis<-1, Dim = I>,
        M: Mode,
        F: Flow<T, E>,
        I: Dim,
        O: Dim,
    {
        x.project(weight)
    }

    fn convolved<X, W, T, M, F>(
        &self,
        x: Tensor<X, E, Graph<InsideForward<M>, F>>,
        weight: &Param<W, E>,
        sizes: &'static Convolution,
    ) -> impl Traced<T, M, E>
    where
        X: Shape,
        W: Shape,
        T: Channels<S>,
        M: Mode,
        F: Flow<X, E>,
    {
        x.convolved::<_, T, ()>(weight, None, sizes)
    }

    fn conv_transposed<X, W, T, M, F>(
        &self,
        x: Tensor<X, E, Graph<InsideForward<M>, F>>,
        weight: &Param<W, E>,
        sizes: &'static Convolution,
    ) -> impl Traced<T, M, E>
    where
        X: Shape,
        W: Shape,
        T: Channels<S>,
        M: Mode,
        F: Flow<X, E>,
    {
        x.conv_transposed::<_, T, ()>(weight, sizes)
    }
}

#[diagnostic::do_not_recommend]
impl Module for WithoutBias {
    const NUM_PARAMETERS: Option<usize> = Some(0);

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.absent();
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, _: &mut V) {}
}

/// `bias=True` or `bias=False`, as PyTorch prints it.
pub(super) const fn printed(present: bool) -> &'static str {
    if present { "True" } else { "False" }
}
