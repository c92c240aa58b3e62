//! Merging and splitting axes, as layers.

use super::pool::without_parameters;
use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::{Element, Float};
use crate::graph::Mode;
use crate::rng::Rng;
use crate::shape::{self, Dim, Law, Laws, Message};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// Flattens the axes from `START` to `END` into one; by default all but the batch. PyTorch's `nn.Flatten`.
///
/// In: `[B, C, H, W]`. Out: `[B, C H W]`, an expression, which [`Linear`](super::Linear) takes.
///
/// ```
/// use typegrad::prelude::*;
/// type Net = (Flatten, Linear<12, 2>);
/// let net = Net::new(&mut Rng::seed(0));
/// let y: Tensor<Rank2<5, 2>> = net.infer(Tensor::<Rank4<5, 3, 2, 2>>::ones());
/// ```
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub struct Flatten<const START: isize = 1, const END: isize = -1>;

without_parameters!([const START: isize, const END: isize] Flatten<START, END>);

impl<const START: isize, const END: isize> Init for Flatten<START, END> {
    fn new(_: &mut Rng) -> Self {
        Flatten
    }
}

impl<const START: isize, const END: isize> fmt::Debug for Flatten<START, END> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flatten(start_dim={START}, end_dim={END})")
    }
}

impl<S, E: Element, const START: isize, const END: isize> Forward<S, E> for Flatten<START, END>
where
    S: shape::Flatten<START, END>,
{
    type Output = S::Flat;
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<S::Flat, M, E> {
        x.flatten_axes::<START, END>()
    }
}

/// The rows of a matrix as tensors of shape `T`. PyTorch's `nn.Unflatten(1, sizes)`.
///
/// In: `[B, N]`. Out: `[B, ..T]`, where the product of `T` is N; that is checked when the program is built.
///
/// ```
/// use typegrad::nn::Unflatten;
/// use typegrad::prelude::*;
/// type Net = (Linear<2, 48>, Unflatten<Rank3<3, 4, 4>>);
/// let net = Net::new(&mut Rng::seed(0));
/// let y: Tensor<Rank4<5, 3, 4, 4>> = net.infer(Tensor::<Rank2<5, 2>>::ones());
/// ```
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub struct Unflatten<T>(#[serde(skip)] PhantomData<fn() -> T>);

without_parameters!([T] Unflatten<T>);

impl<T> Init for Unflatten<T> {
    fn new(_: &mut Rng) -> Self {
        Unflatten(PhantomData)
    }
}

impl<T: shape::Shape> fmt::Debug for Unflatten<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<_> = T::SIZES.iter().map(ToString::to_string).collect();
        let comma = if sizes.len() == 1 { "," } else { "" };
        write!(f, "Unflatten(dim=1, unflattened_size=({}{comma}))", sizes.join(", "))
    }
}

macro_rules! impl_unflatten {
    ($($dim:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<B: Dim, N: Dim, $($dim: Dim,)+ E: Float> Forward<(B, N), E> for Unflatten<($($dim,)+)> {
            type Output = (B, $($dim),+);
            const LAWS: Laws = Laws::always(Unflattened::<N, ($($dim,)+)>::BROKEN);
            fn forward<M: Mode>(&self, x: Input<(B, N), M, E>) -> impl Traced<Self::Output, M, E> {
                x.relabel::<(B, $($dim),+)>()
            }
        }
    };
}
impl_unflatten!(C);
impl_unflatten!(C D);
impl_unflatten!(C D F);
impl_unflatten!(C D F G);

/// The number of elements of a row, and of the tensor it becomes.
struct Unflattened<N, T>(PhantomData<(N, T)>);

impl<N: Dim, T: shape::Shape> Law for Unflattened<N, T> {
    const WRONG: Option<Message> = if N::SIZE == T::NUMEL {
        None
    } else {
        let message = Message::new()
            .text("the layer `Unflatten` makes ")
            .sizes(T::SIZES)
            .text(" of rows of ")
            .number(T::NUMEL)
            .text(" elements, but these have ")
            .number(N::SIZE);
        Some(message)
    };
}
