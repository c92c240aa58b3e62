//! Dropout as layers.

use super::pool::{TakesImages, takes_images};
use super::{Forward, Generator, Module};
use crate::element::Float;
use crate::graph::Mode;
use crate::module::Follower;
use crate::shape::{Const, Dim, DimExpr, Expr, Laws, Shape};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// In training, each element becomes 0 with the probability `p`, and the others are divided by 1 - `p`. PyTorch's
/// `nn.Dropout`.
///
/// In: any shape. Out: the same shape. In evaluation, and in a [`Frozen`](super::Frozen) part, it returns its input. `p` is
/// 0.5 unless [`p`](Self::p) sets it. The layer owns a [`Generator`], which is seeded from the `rng`
/// that it is created with.
///
/// ```
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Net {
///     fc1: Linear<8, 64>,
///     #[module(init = Dropout::new(rng).p(0.25))]
///     dropout: Dropout,
///     fc2: Linear<64, 2>,
/// }
///
/// impl<const B: usize> Forward<Rank2<B, 8>> for Net {
///     type Output = Rank2<B, 2>;
///     fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
///         let x = self.fc1.call(x).relu();
///         let x = self.dropout.call(x);
///         self.fc2.call(x)
///     }
/// }
///
/// let (net, x) = (Net::new(&mut Rng::seed(0)), Tensor::<Rank2<3, 8>>::ones());
/// assert_eq!(net.infer(x.clone()), net.infer(x.clone()));
/// assert_ne!(net.sample(x.clone()), net.sample(x)); // as in training, for Monte Carlo dropout
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
pub struct Dropout {
    /// The probability that an element is dropped.
    #[module(skip, init = 0.5)]
    pub p: f64,
    /// The generator of the layer.
    pub generator: Generator,
}

/// In training, each channel of each image becomes 0 with the probability `p`, and the others are divided by 1 - `p`.
/// PyTorch's `nn.Dropout2d`.
///
/// In: `[batch, channels, height, width]`. Out: the same shape. Otherwise it is as [`Dropout`].
///
/// ```
/// use typegrad::prelude::*;
/// let dropout = Dropout2d::new(&mut Rng::seed(0)).p(0.2);
/// let y = dropout.sample(Tensor::<Rank4<1, 1, 2, 2>>::ones());
/// assert!(y == Tensor::zeros() || y == Tensor::full(1.25));
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
pub struct Dropout2d {
    /// The probability that a channel is dropped.
    #[module(skip, init = 0.5)]
    pub p: f64,
    /// The generator of the layer.
    pub generator: Generator,
}

macro_rules! impl_layer {
    ($($layer:ident)*) => { $(
        impl $layer {
            /// Sets the probability, 0.5 by default.
            ///
            /// # Panics
            /// If `p` is not between 0 and 1.
            #[track_caller]
            #[must_use]
            pub fn p(mut self, p: f64) -> Self {
                assert!((0.0..=1.0).contains(&p), "dropout probability has to be between 0 and 1, but got {p}");
                self.p = p;
                self
            }

            /// The generator, where the layer drops.
            fn active<M: Mode>(&self) -> Option<&Generator> {
                M::TRAINING.then_some(&self.generator)
            }
        }

        impl fmt::Debug for $layer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(p={:?}, inplace=False)", stringify!($layer), self.p)
            }
        }
    )* };
}
impl_layer!(Dropout Dropout2d);

impl<S: Shape, E: Float> Forward<S, E> for Dropout {
    type Output = S;
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<S, M, E> {
        x.dropout_blocks(self.p, self.active::<M>(), 1)
    }
}

takes_images!([] Dropout2d, [H] W);

impl<N: Dim, C: Dim, H: Dim, const W: usize, E: Float> Forward<(N, C, H, Const<W>), E> for Dropout2d {
    takes_images!(in (N, C, H, Const<W>));
}

impl<B: Dim, C: Dim, H: Dim, W: Dim, E: Float> TakesImages<(B, C, H, W), E> for Dropout2d {
    type Pooled = (B, C, H, W);
    fn pooled<M: Mode>(&self, x: Input<(B, C, H, W), M, E>) -> impl Traced<Self::Pooled, M, E> {
        x.dropout_blocks(self.p, self.active::<M>(), H::SIZE * W::SIZE)
    }
}
