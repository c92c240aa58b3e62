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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    type Net = (Linear<4, 32>, Dropout, Relu, Frozen<Dropout>, Linear<32, 1>);

    #[test]
    fn it_drops_in_training_only() {
        let dropout = Dropout::new(&mut Rng::seed(0)).p(0.25);
        let x = Param::new(Tensor::<Rank2<2, 100>>::ones());
        let before = dropout.generator_state();
        assert_eq!(dropout.eval(x.track()).value(), *x.value());
        assert_eq!(dropout.infer(x.track()), *x.value());
        assert_eq!(dropout.generator_state(), before);
        for y in [dropout.train(x.track()).value(), dropout.sample(x.track())] {
            let zeros = y.as_slice().iter().filter(|y| **y == 0.0).count();
            assert!((30..70).contains(&zeros) && y.as_slice().iter().all(|y| [0.0, 4.0 / 3.0].contains(y)));
        }
        assert_ne!(dropout.generator_state(), before);
    }

    #[test]
    fn probability_0_draws_no_numbers() {
        let dropout = Dropout::new(&mut Rng::seed(0)).p(0.0);
        let before = dropout.generator_state();
        assert_eq!(dropout.sample(Tensor::<Rank1<9>>::ones()), Tensor::ones());
        assert_eq!(dropout.generator_state(), before);
    }

    #[test]
    fn frozen_dropout_is_inactive() {
        let dropout = Frozen::new(Dropout::new(&mut Rng::seed(0)));
        assert_eq!(dropout.sample(Tensor::<Rank1<9>>::ones()), Tensor::ones());
    }

    #[test]
    fn channels_are_dropped_in_training_only() {
        let dropout = Dropout2d::new(&mut Rng::seed(0));
        let x = Tensor::<Rank4<4, 16, 2, 3>>::ones();
        assert_eq!(dropout.infer(x.clone()), x);
        let y = dropout.sample(x);
        assert!(y.as_slice().chunks(6).all(|plane| plane == [0.0; 6] || plane == [2.0; 6]));
    }

    /// The contents of a checkpoint: the parameters and the states of the generators.
    #[test]
    fn training_resumes_bit_identically() {
        let run = |net: &mut Net, steps| {
            let mut sgd = Sgd::new(0.01);
            let mut losses = Vec::new();
            for _ in 0..steps {
                net.zero_grad();
                losses.push(net.train(Tensor::<Rank2<8, 4>>::ones()).powi(2).mean().backward());
                sgd.step(net);
            }
            losses
        };
        let mut first = Net::new(&mut Rng::seed(0));
        run(&mut first, 3);
        let (model, generators) = (first.state_dict(), first.generator_state());
        let rest = run(&mut first, 3);
        let mut second = Net::new(&mut Rng::seed(1));
        second.load_state_dict(&model, crate::nn::Strict::Yes).unwrap();
        let other = run(&mut second.clone(), 3);
        second.load_generator_state(&generators).unwrap();
        assert_eq!(run(&mut second, 3), rest);
        assert_ne!(other, rest);
    }

    #[test]
    fn it_prints_as_in_pytorch() {
        let rng = &mut Rng::seed(0);
        assert_eq!(format!("{:?}", Dropout::new(rng)), "Dropout(p=0.5, inplace=False)");
        assert_eq!(format!("{:?}", Dropout2d::new(rng).p(1.0)), "Dropout2d(p=1.0, inplace=False)");
    }

    #[test]
    #[should_panic(expected = "dropout probability has to be between 0 and 1, but got -0.1")]
    fn a_probability_is_at_least_0() {
        let _ = Dropout::new(&mut Rng::seed(0)).p(-0.1);
    }
}
