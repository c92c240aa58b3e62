//! The same module with elements of another type.

use super::{Buffer, Checkpointed, Frozen, Generator, Param, Residual, WithBias, WithoutBias};
use crate::element::{Element, Float};
use crate::shape::Shape;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// A module that can be converted to elements of type `E` by [`to`](super::ModuleExt::to). PyTorch's `module.to(dtype)`.
///
/// The element type is part of the type of a network, so the converted network has another type: `Net<f32>` becomes `Net<f64>`.
/// Such a struct is generic over its elements. `#[derive(Module)]` implements this trait for every struct whose fields can be
/// converted: layers, arrays and tuples of layers, parameters and buffers of floats. Integers and masks stay as they are.
///
/// ```
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Net<E: Float = f32> {
///     fc1: Linear<2, 8, E>,
///     drop: Dropout,
///     fc2: Linear<8, 1, E>,
/// }
///
/// impl<const B: usize, E: Float> Forward<Rank2<B, 2>, E> for Net<E> {
///     type Output = Rank2<B, 1>;
///     fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M, E>) -> impl Traced<Self::Output, M, E> {
///         let x = self.drop.call(self.fc1.call(x).tanh());
///         self.fc2.call(x)
///     }
/// }
///
/// let net: Net = Net::new(&mut Rng::seed(0));
/// let exact: Net<f64> = net.to::<f64>();
/// let x = Tensor::<Rank2<4, 2>>::ones();
/// let difference = exact.infer(x.clone().double()) - net.infer(x).double();
/// assert!(difference.abs().amax().item() < 1e-6);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no form with elements `{E}`",
    label = "this cannot be converted to elements `{E}`",
    note = "a struct that is generic over its elements can: `#[derive(Module)] struct Net<E: Float = f32> {{ fc: Linear<2, 1, E> }}`"
)]
pub trait WithElements<E: Float> {
    /// The same type with elements `E`.
    type Converted;
    #[doc(hidden)]
    fn with_elements(&self) -> Self::Converted;
}

/// A field that does not depend on the elements.
#[doc(hidden)]
pub trait __Kept<E>: Sized {
    fn keep(&self) -> Self;
}

impl<T: Clone, E> __Kept<E> for T {
    fn keep(&self) -> Self {
        self.clone()
    }
}

macro_rules! floats {
    ($($t:ty),*) => { $(
        impl<E: Float> WithElements<E> for $t {
            type Converted = E;
            fn with_elements(&self) -> E {
                E::from_f64(self.as_f64())
            }
        }
    )* };
}
floats!(f32, f64);

/// Types without elements stay as they are.
macro_rules! kept {
    ($([$($generics:tt)*] $t:ty;)*) => { $(
        impl<$($generics)* E: Float> WithElements<E> for $t {
            type Converted = $t;
            fn with_elements(&self) -> $t {
                self.clone()
            }
        }
    )* };
}
kept! {
    [] i64;
    [] bool;
    [] Generator;
    [] WithBias;
    [] WithoutBias;
}

impl<S: Shape, T, E: Float> WithElements<E> for Tensor<S, T>
where
    T: Element + WithElements<E, Converted: Element>,
{
    type Converted = Tensor<S, T::Converted>;
    fn with_elements(&self) -> Self::Converted {
        Tensor::from_fn(|i| self.as_slice()[i].with_elements())
    }
}

impl<S: Shape, T, E: Float> WithElements<E> for Param<S, T>
where
    T: Float + WithElements<E, Converted: Float>,
{
    type Converted = Param<S, T::Converted>;
    fn with_elements(&self) -> Self::Converted {
        Param::new(self.value().with_elements())
    }
}

impl<S: Shape, T, E: Float> WithElements<E> for Buffer<S, T>
where
    T: Element + WithElements<E, Converted: Element>,
{
    type Converted = Buffer<S, T::Converted>;
    fn with_elements(&self) -> Self::Converted {
        let value = self.value().with_elements();
        if self.is_persistent() { Buffer::new(value) } else { Buffer::non_persistent(value) }
    }
}

/// Types of one part.
macro_rules! wrappers {
    ($($name:ident: |$this:ident| $value:expr;)*) => { $(
        impl<L: WithElements<E>, E: Float> WithElements<E> for $name<L> {
            type Converted = $name<L::Converted>;
            fn with_elements(&self) -> Self::Converted {
                let $this = self;
                $value
            }
        }
    )* };
}
wrappers! {
    Residual: |this| Residual(this.0.with_elements());
    Checkpointed: |this| Checkpointed::new(this.inner().with_elements());
    Frozen: |this| Frozen(this.0.with_elements());
    PhantomData: |_this| PhantomData;
    Box: |this| Box::new((**this).with_elements());
    Option: |this| this.as_ref().map(L::with_elements);
    Vec: |this| this.iter().map(L::with_elements).collect();
}

impl<L: WithElements<E>, E: Float, const N: usize> WithElements<E> for [L; N] {
    type Converted = [L::Converted; N];
    fn with_elements(&self) -> Self::Converted {
        self.each_ref().map(L::with_elements)
    }
}
