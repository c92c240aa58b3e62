//! Batch normalization.

use super::affine::{AffineLayer, CountFits, Counting, MaybeParam, check_eps, number};
use super::bias::{Bias, Biased, WithoutBias, printed};
use super::forward_impls::computed_size;
use super::{Buffer, Forward, Init, Module, Param};
use crate::element::Float;
use crate::graph::{Flow, InsideForward, Mode};
use crate::kernel::norm::batch_norm::{self, Channels, Variances};
use crate::module::Follower;
use crate::ops::Statistics;
use crate::options;
use crate::rng::Rng;
use crate::shape::{Const, Dim, DimExpr, Expr, Law, Laws, Message, Rank1, Shape};
use crate::storage::Storage;
use crate::tensor::{Input, Inside, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// The layer `L` needs more than one value of each channel to train on, in an input of shape `S`.
struct Enough<L, S>(PhantomData<(L, S)>);

impl<L: Counting, S: Shape> Law for Enough<L, S> {
    const WRONG: Option<Message> = {
        let (mut values, mut axis) = (1, 0);
        while axis < S::RANK {
            if axis != 1 {
                values *= S::SIZES[axis];
            }
            axis += 1;
        }
        if values > 1 {
            None
        } else {
            let message = Message::new()
                .text("the layer `")
                .text(L::NAME)
                .text("` needs more than 1 value per channel when training, but the input has the shape ")
                .sizes(S::SIZES);
            Some(message)
        }
    };
}

/// The statistics of the batch in training, and else those of the training.
fn statistics<const C: usize, E: Float, M: Mode>(
    x: &[E],
    along: Channels,
    (running_mean, running_var): (&Buffer<Rank1<C>, E>, &Buffer<Rank1<C>, E>),
    batches: &Buffer<(), i64>,
    momentum: Option<f64>,
) -> Statistics<E> {
    if !M::TRAINING {
        let (means, variances) = (running_mean.value().data, Variances::of(running_var.value().as_slice()));
        return Statistics { means, variances, of_this_batch: false };
    }
    let (means, variances) = batch_norm::statistics(x, along);
    let count = batches.value().item() + 1;
    batches.set(Tensor::from(count));
    let momentum = momentum.unwrap_or(1.0 / count as f64);
    let track = |running: &Buffer<Rank1<C>, E>, batch: &Storage<E>, scale: f64| {
        let (keep, take) = (E::from_f64(1.0 - momentum), E::from_f64(momentum));
        let (old, scale) = (running.value(), E::from_f64(scale));
        let pairs = old.as_slice().iter().zip(batch.as_slice());
        running.set(Tensor::constant(Storage::collect(
            pairs.map(|(old, new)| keep * *old + take * (*new * scale)),
        )));
    };
    let n = x.len() as f64 / C as f64;
    track(running_mean, &means, 1.0);
    track(running_var, &variances.rounded(), n / (n - 1.0));
    Statistics { means, variances, of_this_batch: true }
}

/// A layer, and the axes after the channels of each shape it takes.
macro_rules! layer {
    ($(#[$doc:meta])* $name:ident, $([$($dim:ident)*]),+) => {
        $(#[$doc])*
        #[derive(Clone, Module, Serialize, Deserialize)]
        #[module(no_init)]
        #[serde(bound(
            serialize = "E: Float + Serialize, W: Serialize, B: Serialize",
            deserialize = "E: Float + Deserialize<'de>, W: Deserialize<'de>, B: Deserialize<'de>"
        ))]
        pub struct $name<const C: usize, E = f32, W = Param<Rank1<C>, E>, B = Param<Rank1<C>, E>> {
            /// The weight, `[C]`, if there is one.
            pub weight: W,
            /// The bias, `[C]`, if there is one.
            pub bias: B,
            /// The running mean of each channel, which evaluation uses.
            pub running_mean: Buffer<Rank1<C>, E>,
            /// The running variance of each channel, with the divisor n - 1.
            pub running_var: Buffer<Rank1<C>, E>,
            /// The number of batches seen in training.
            pub num_batches_tracked: Buffer<(), i64>,
            /// Added to the variance.
            #[module(skip)]
            pub eps: f64,
            /// The fraction of the running statistics that each batch replaces. With `None` they are the means over all
            /// batches.
            #[module(skip)]
            pub momentum: Option<f64>,
        }

        #[diagnostic::do_not_recommend]
        impl<const C: usize, E, W, B> Biased for $name<C, E, W, B> {
            type WithoutBias = $name<C, E, W, WithoutBias>;
        }

        impl<const C: usize, E, W, B> AffineLayer for $name<C, E, W, B> {
            type WithoutAffine = $name<C, E, WithoutBias, WithoutBias>;
        }

        impl<const C: usize, E, W, B> $name<C, E, W, B> {
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

            /// Sets the momentum of the running statistics: a number, or `None`, with which the running statistics are the means over
            /// all batches.
            ///
            /// # Panics
            /// If it is not from 0 to 1.
            #[must_use]
            #[track_caller]
            pub fn momentum(mut self, momentum: impl Into<Option<f64>>) -> Self {
                let momentum = momentum.into();
                if let Some(momentum) = momentum {
                    options::share("momentum", momentum);
                }
                self.momentum = momentum;
                self
            }
        }

        impl<const C: usize, E, W, B> Init for $name<C, E, W, B>
        where
            E: Float,
            W: Bias<Rank1<C>, E>,
            B: Bias<Rank1<C>, E>,
        {
            fn new(_: &mut Rng) -> Self {
                $name {
                    weight: W::begin(Tensor::ones),
                    bias: B::begin(Tensor::zeros),
                    running_mean: Buffer::new(Tensor::zeros()),
                    running_var: Buffer::new(Tensor::ones()),
                    num_batches_tracked: Buffer::new(Tensor::zeros()),
                    eps: 1e-5,
                    momentum: Some(0.1),
                }
            }
        }

        impl<const C: usize, E, W, B> fmt::Debug for $name<C, E, W, B>
        where
            E: Float,
            W: Bias<Rank1<C>, E>,
            B: Bias<Rank1<C>, E>,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let (name, eps) = (stringify!($name), number(Some(self.eps)));
                let (affine, bias) = (printed(W::PRESENT), printed(B::PRESENT));
                let momentum = number(self.momentum);
                write!(
                    f,
                    "{name}({C}, eps={eps}, momentum={momentum}, affine={affine}, bias={bias}, track_running_stats=True)"
                )
            }
        }

        impl<const C: usize, E, W, B> Counting for $name<C, E, W, B> {
            const NAME: &'static str = stringify!($name);
            const COUNTS: &'static str = " channels";
        }

        impl<const C: usize, E, W, B> $name<C, E, W, B>
        where
            E: Float,
            W: MaybeParam<Rank1<C>, E>,
            B: MaybeParam<Rank1<C>, E>,
        {
            /// The mean, the gain and the bias of each channel outside of training.
            fn numbers(&self) -> [Storage<E>; 3] {
                let variances = Variances::of(self.running_var.value().as_slice());
                let weight = self.weight.param().map(|weight| weight.value().as_slice());
                let bias = self.bias.param().map(|bias| bias.value().data.clone());
                batch_norm::numbers(self.running_mean.value().data, &variances.factors(self.eps), weight, bias)
            }

            /// Normalizes channels of `inner` elements.
            fn normalize<S: Shape, M: Mode, F: Flow<S, E>>(
                &self,
                x: Inside<S, E, M, F>,
                inner: usize,
            ) -> impl Traced<S, M, E> {
                let along = Channels { channels: C, inner };
                let running = (&self.running_mean, &self.running_var);
                let statistics =
                    statistics::<C, E, M>(x.as_slice(), along, running, &self.num_batches_tracked, self.momentum);
                let (weight, bias) = (self.weight.operand::<InsideForward<M>>(), self.bias.operand::<InsideForward<M>>());
                x.normalize_channels::<Rank1<C>, _, _>(weight, bias, statistics, along, self.eps)
            }
        }

        $( layer!(@forward $name, $($dim)*); )+
    };
    // The literal impl of these two is below.
    (@forward BatchNorm1d, ) => {
        layer!(@computed BatchNorm1d, );
    };
    (@forward BatchNorm2d, $($dim:ident)*) => {
        layer!(@computed BatchNorm2d, $($dim)*);
    };
    (@forward $name:ident, $($dim:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<N: Dim, $($dim: Dim,)* const C: usize, E, W, B> Forward<(N, Const<C>, $($dim,)*), E> for $name<C, E, W, B>
        where
            E: Float,
            W: MaybeParam<Rank1<C>, E>,
            B: MaybeParam<Rank1<C>, E>,
        {
            type Output = (N, Const<C>, $($dim,)*);
            const LAWS: Laws =
                Laws::in_training(Enough::<Self, (N, Const<C>, $($dim,)*)>::BROKEN);
            const FOLLOWER: Option<Follower> = Some(Follower::Normalize);
            fn channel_numbers(&self) -> Option<[Storage<E>; 3]> {
                Some(self.numbers())
            }
            fn forward<M: Mode>(&self, x: Input<(N, Const<C>, $($dim,)*), M, E>) -> impl Traced<Self::Output, M, E> {
                self.normalize::<_, M, _>(x, 1 $(* $dim::SIZE)*)
            }
        }

        layer!(@computed $name, $($dim)*);
    };
    (@computed $name:ident, $($dim:ident)*) => {
        computed_size!(
            [N: Dim, $($dim: Dim,)* const C: usize, E: Float, W: MaybeParam<Rank1<C>, E>, B: MaybeParam<Rank1<C>, E>]
            $name<C, E, W, B>, (N, Expr<X>, $($dim,)*) => (N, Const<C>, $($dim,)*), CountFits<Self, X, C>,
            |self, x| self.normalize::<_, M, _>(x, 1 $(* $dim::SIZE)*);
        );
    };
}

layer! {
    /// y = (x - mean) / √(variance + eps) w + b for each channel. PyTorch's `nn.BatchNorm1d`.
    ///
    /// In: `[batch, C]` or `[batch, C, length]`. Out: the same shape.
    ///
    /// In training the mean and the variance, with the divisor n, are those of the batch, and the running statistics
    /// go towards them by the part `momentum`, which is 0.1; an input that has one value per channel does not build.
    /// In evaluation, and in a [`Frozen`](super::Frozen) part, the running statistics are used and stay as they are.
    /// `weight` is initialized to 1 and `bias` to 0; `eps` is 1e-5.
    /// [`NoAffine<BatchNorm1d<C>>`](super::NoAffine) has neither weight nor bias.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let norm = BatchNorm1d::<1, f64>::new(&mut Rng::seed(0)).eps(0.0).momentum(0.5);
    /// let y = norm.sample(Tensor::from([[1.0], [3.0]]));
    /// assert_eq!(y, Tensor::from([[-1.0], [1.0]]));
    /// assert_eq!((norm.running_mean.value().to_vec(), norm.running_var.value().to_vec()), (vec![1.0], vec![1.5]));
    /// ```
    BatchNorm1d, [], [L]
}

layer! {
    /// y = (x - mean) / √(variance + eps) w + b for each channel. PyTorch's `nn.BatchNorm2d`.
    ///
    /// In: `[batch, C, height, width]`. Out: the same shape. For the rest it is as [`BatchNorm1d`]. In inference, a convolution
    /// before it in a tuple computes it with its own result.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let norm = BatchNorm2d::<3>::new(&mut Rng::seed(0));
    /// let y = norm.sample(Tensor::<Rank4<2, 3, 4, 4>>::randn(&mut Rng::seed(1)));
    /// assert!(y.var_axes_with::<Axes3<0, 2, 3>>(0).to_vec().iter().all(|v| (v - 1.0).abs() < 1e-3));
    /// assert_eq!(norm.num_batches_tracked.value().item(), 1);
    /// ```
    BatchNorm2d, [H V]
}

// The impls that errors name: see `Linear`.
#[rustfmt::skip]
impl<N: Dim, const C: usize, E: Float, W: MaybeParam<Rank1<C>, E>, B: MaybeParam<Rank1<C>, E>> Forward<(N, Const<C>), E> for BatchNorm1d<C, E, W, B> {
    type Output = (N, Const<C>);
    const LAWS: Laws = Laws::in_training(Enough::<Self, (N, Const<C>)>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<(N, Const<C>), M, E>) -> impl Traced<Self::Output, M, E> {
        self.normalize::<_, M, _>(x, 1)
    }
}

#[rustfmt::skip]
impl<N: Dim, H: Dim, V: Dim, const C: usize, E: Float, W: MaybeParam<Rank1<C>, E>, B: MaybeParam<Rank1<C>, E>> Forward<(N, Const<C>, H, V), E> for BatchNorm2d<C, E, W, B> {
    type Output = (N, Const<C>, H, V);
    const LAWS: Laws = Laws::in_training(Enough::<Self, (N, Const<C>, H, V)>::BROKEN);
    const FOLLOWER: Option<Follower> = Some(Follower::Normalize);
    fn channel_numbers(&self) -> Option<[Storage<E>; 3]> {
        Some(self.numbers())
    }
    fn forward<M: Mode>(&self, x: Input<(N, Const<C>, H, V), M, E>) -> impl Traced<Self::Output, M, E> {
        self.normalize::<_, M, _>(x, H::SIZE * V::SIZE)
    }
}
