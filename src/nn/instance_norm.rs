//! Instance normalization.

use super::affine::{check_eps, number};
use super::pool::{TakesImages, takes_images, without_parameters};
use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::module::Follower;
use crate::rng::Rng;
use crate::shape::{Broken, Const, Dim, DimExpr, Expr, Law, Laws, Message, Shape};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// The input has the channels of the layer, and more than one element in each: a single one is its own mean.
struct Normalized<S, const C: usize>(PhantomData<S>);

impl<S: Shape, const C: usize> Law for Normalized<S, C> {
    const WRONG: Option<Message> = {
        let (mut count, mut i) = (1, 2);
        while i < S::RANK {
            count *= S::SIZES[i];
            i += 1;
        }
        if S::LOST {
            None
        } else if S::SIZES[1] != C {
            let message = Message::new()
                .text("the instance norm takes inputs with ")
                .number(C)
                .text(" channels, but this one has ")
                .number(S::SIZES[1]);
            Some(message)
        } else if count == 1 {
            let message = Message::new()
                .text("the instance norm needs more than 1 element per channel, but the input has the shape ")
                .sizes(S::SIZES);
            Some(message)
        } else {
            None
        }
    };
}

macro_rules! instance_norm {
    ($( $(#[$attr:meta])* $name:ident, $($axis:ident)+; )+) => { $(
        $(#[$attr])*
        #[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
        pub struct $name<const C: usize> {
            /// Added to the variance.
            pub eps: f64,
        }

        without_parameters!([const C: usize] $name<C>);

        impl<const C: usize> $name<C> {
            /// Sets `eps`, which is added to the variance; 1e-5 by default.
            ///
            /// # Panics
            /// If it is negative or NaN.
            #[track_caller]
            #[must_use]
            pub fn eps(mut self, eps: f64) -> Self {
                self.eps = check_eps(eps);
                self
            }
        }

        impl<const C: usize> Init for $name<C> {
            fn new(_: &mut Rng) -> Self {
                $name { eps: 1e-5 }
            }
        }

        impl<const C: usize> fmt::Debug for $name<C> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let eps = number(Some(self.eps));
                write!(f, "{}({C}, eps={eps}, momentum=0.1, affine=False, track_running_stats=False)", stringify!($name))
            }
        }

        impl<N: Dim, K: Dim, $($axis: Dim,)+ E: Float, const C: usize> TakesImages<(N, K, $($axis),+), E> for $name<C> {
            type Pooled = (N, K, $($axis),+);
            const BROKEN: Broken = Normalized::<(N, K, $($axis),+), C>::BROKEN;
            fn pooled<M: Mode>(&self, x: Input<(N, K, $($axis),+), M, E>) -> impl Traced<Self::Pooled, M, E> {
                x.group_norm::<C, _, _>((), (), self.eps)
            }
        }
    )+ };
}
instance_norm! {
    /// y = (x - mean) / √(variance + eps), with the mean and the variance of each channel of each example. PyTorch's
    /// `nn.InstanceNorm1d(C)`, which has no weight by default; with `affine=True` it is [`GroupNorm<C, C>`](super::GroupNorm).
    ///
    /// In: `[batch, C, length]`, where the length is not 1. Out: the same shape. `eps` is 1e-5 by default.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let norm = InstanceNorm1d::<2>::new(&mut Rng::seed(0)).eps(0.0);
    /// let y = norm.infer(Tensor::from([[[1.0, 3.0], [5.0, 9.0]]]));
    /// assert_eq!(y, Tensor::from([[[-1.0, 1.0], [-1.0, 1.0]]]));
    /// ```
    InstanceNorm1d, L;
    /// y = (x - mean) / √(variance + eps), with the mean and the variance of each channel of each image. PyTorch's
    /// `nn.InstanceNorm2d(C)`, which has no weight by default; with `affine=True` it is [`GroupNorm<C, C>`](super::GroupNorm).
    ///
    /// In: `[batch, C, height, width]`, of more than one pixel. Out: the same shape. `eps` is 1e-5 by default.
    InstanceNorm2d, H W;
}

takes_images!([const C: usize] InstanceNorm1d<C>, [] L);
takes_images!([const C: usize] InstanceNorm2d<C>, [H] W);

impl<N: Dim, K: Dim, const L: usize, E: Float, const C: usize> Forward<(N, K, Const<L>), E>
    for InstanceNorm1d<C>
{
    takes_images!(in (N, K, Const<L>));
}

#[rustfmt::skip]
impl<N: Dim, K: Dim, H: Dim, const W: usize, E: Float, const C: usize> Forward<(N, K, H, Const<W>), E> for InstanceNorm2d<C> {
    takes_images!(in (N, K, H, Const<W>));
}
