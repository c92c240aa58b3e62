//! New tensors of random numbers. Each function takes its generator as an argument; none is global.

use super::Tensor;
use crate::element::{Element, Float, Numeric};
use crate::graph::Graph;
use crate::rng::Rng;
use crate::shape::{Axis, Dim, Shape, Vector};
use crate::storage::Storage;

/// A draw from [low, high), or `low` if the two are equal.
fn between<E: Float>(low: E, high: E, rng: &mut Rng) -> E {
    loop {
        let x = low + (high - low) * E::from_f64(rng.uniform());
        // A draw that is rounded up to `high` is repeated: in `f32`, one of 2^25 draws below 1 becomes 1.
        if x < high || low == high {
            return x;
        }
    }
}

/// 1 with the probability `p`, else 0.
fn coin<E: Numeric>(p: f64, rng: &mut Rng) -> E {
    if rng.uniform() < p { E::one() } else { E::zero() }
}

#[track_caller]
fn check_weights<E: Float>(weights: &[E]) {
    let weights = || weights.iter().map(|weight| weight.as_f64());
    let wrong = weights().find(|weight| !(0.0..f64::INFINITY).contains(weight));
    if let Some(wrong) = wrong {
        let scores = match wrong < 0.0 {
            true => "; of scores take `scores.softmax::<-1>()`, of logarithms of probabilities `x.exp()`",
            false => "",
        };
        panic!("multinomial: weights must be finite and at least 0, got {wrong:?}{scores}");
    }
    assert!(weights().sum::<f64>() > 0.0, "multinomial: all weights of a row are 0");
}

/// An index, each as likely as its weight says.
fn draw<E: Float>(weights: &[E], rng: &mut Rng) -> usize {
    let weights = || weights.iter().map(|weight| weight.as_f64());
    let total: f64 = weights().sum();
    let mut left = rng.uniform() * total;
    let mut last = 0;
    for (index, weight) in weights().enumerate().filter(|(_, weight)| *weight > 0.0) {
        last = index;
        if left < weight {
            break;
        }
        left -= weight;
    }
    // By rounding, something may be left after the last weight that is not 0.
    last
}

#[track_caller]
fn check_probability(operation: &str, p: f64) {
    assert!((0.0..=1.0).contains(&p), "{operation}: a probability must be between 0 and 1, got {p}");
}

/// `f` of draws of the standard normal distribution.
fn normals<S: Shape, E: Float>(rng: &mut Rng, f: impl Fn(E) -> E) -> Tensor<S, E> {
    let mut draws = [0.0; 256];
    Tensor::constant(Storage::written(S::NUMEL, |out| {
        for out in out.chunks_mut(draws.len()) {
            let draws = &mut draws[..out.len()];
            rng.normals(draws);
            E::from_f64s(out, draws);
            out.iter_mut().for_each(|x| *x = f(*x));
        }
    }))
}

impl<S: Shape, E: Element> Tensor<S, E> {
    /// Independent draws from the uniform distribution on [0, 1). PyTorch's `torch.rand`.
    #[rustfmt::skip]
    pub fn rand(rng: &mut Rng) -> Self // `Tensor::<Rank2<2, 3>>::rand(&mut Rng::seed(0))`
    where
        E: Float,
    {
        Self::from_fn(|_| between(E::zero(), E::one(), rng))
    }

    /// Independent draws from the standard normal distribution. PyTorch's `torch.randn`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<2, 3>>::randn(&mut Rng::seed(7));
    /// assert_eq!(x, Tensor::randn(&mut Rng::seed(7)));
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn randn(rng: &mut Rng) -> Self // `Tensor::<Rank2<2, 3>>::randn(&mut Rng::seed(0))`
    where
        E: Float,
    {
        normals(rng, |x| x)
    }

    /// Independent draws from the uniform distribution on [`low`, `high`). PyTorch's `uniform_`.
    ///
    /// # Panics
    /// If `low` is above `high`, or their distance is not finite.
    #[track_caller]
    #[rustfmt::skip]
    pub fn uniform(low: E, high: E, rng: &mut Rng) -> Self // `Tensor::<Rank1<3>>::uniform(-1.0, 1.0, &mut rng)`
    where
        E: Float,
    {
        assert!(
            low <= high && (high - low).is_finite(),
            "uniform: low must not be above high, nor infinitely far below, but low is {low} and high is {high}"
        );
        Self::from_fn(|_| between(low, high, rng))
    }

    /// Independent draws from the normal distribution with this mean and standard deviation. PyTorch's
    /// `torch.normal`.
    ///
    /// # Panics
    /// If `std` is negative or NaN.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank1<1000>>::normal(5.0, 0.1, &mut Rng::seed(0));
    /// assert!(x.as_slice().iter().all(|x| (4.0..6.0).contains(x)));
    /// ```
    #[track_caller]
    #[rustfmt::skip]
    pub fn normal(mean: E, std: E, rng: &mut Rng) -> Self // `Tensor::<Rank1<3>>::normal(0.0, 1.0, &mut rng)`
    where
        E: Float,
    {
        assert!(std >= E::zero(), "normal: the standard deviation must be at least 0, but it is {std}");
        normals(rng, |x| mean + std * x)
    }

    /// Independent draws from the integers from `low` to `high - 1`, all equally likely. PyTorch's
    /// `torch.randint(low, high)`.
    ///
    /// # Panics
    /// If no number is from `low` to `high - 1`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let dice = Tensor::<Rank1<100>, i64>::randint(1, 7, &mut Rng::seed(0));
    /// assert!(dice.as_slice().iter().all(|n| (1..=6).contains(n)));
    /// ```
    #[track_caller]
    #[rustfmt::skip]
    pub fn randint(low: i64, high: i64, rng: &mut Rng) -> Self // `Tensor::<Rank1<3>, i64>::randint(0, 10, &mut rng)`
    where
        E: Numeric,
    {
        assert!(low < high, "randint: low must be below high, but low is {low} and high is {high}");
        Self::from_fn(|_| {
            let n = low.wrapping_add_unsigned(rng.below_u64(high.abs_diff(low)));
            E::from(n).expect("every element type has a value near each integer")
        })
    }

    /// Independent draws that are 1 with the probability `p`, else 0. PyTorch's `bernoulli_(p)`; see
    /// [`bernoulli`](Tensor::bernoulli) for a probability of its own for each element.
    ///
    /// # Panics
    /// If `p` is not between 0 and 1.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let heads = Tensor::<Rank1<1000>>::bernoulli_with(0.25, rng).sum().item();
    /// assert!((200.0..300.0).contains(&heads));
    /// ```
    #[track_caller]
    #[rustfmt::skip]
    pub fn bernoulli_with(p: f64, rng: &mut Rng) -> Self // `Tensor::<Rank1<3>>::bernoulli_with(0.5, &mut rng)`
    where
        E: Numeric,
    {
        check_probability("bernoulli_with", p);
        Self::from_fn(|_| coin(p, rng))
    }
}

impl<S: Shape, E: Element> Tensor<S, E> {
    /// The numbers from 0 to `N - 1` in random order, all orders equally likely. PyTorch's `torch.randperm(N)`.
    ///
    /// Out: `[N]`. As indices they are `i64`, which is inferred where `index_select` takes them.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([3.0, 1.0, 2.0]);
    /// let shuffled = x.clone().index_select::<0, 3>(&Tensor::randperm(&mut Rng::seed(0)));
    /// assert_eq!(shuffled.sort::<0>().0, x.sort::<0>().0);
    /// ```
    #[rustfmt::skip]
    pub fn randperm(rng: &mut Rng) -> Self // `Tensor::<Rank1<10>, i64>::randperm(&mut rng)`
    where
        E: Numeric,
        S: Vector,
    {
        let mut order = Self::arange();
        rng.shuffle(order.data.make_mut());
        order
    }
}

impl<S: Shape, E: Float, C, F> Tensor<S, E, Graph<C, F>> {
    /// 1 with the probability that each element is, else 0: a constant. PyTorch's `torch.bernoulli`.
    ///
    /// In: probabilities of shape `S`. Out: `S`. No gradient flows back, as in PyTorch.
    ///
    /// # Panics
    /// If an element is not between 0 and 1.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let p = Tensor::from([0.0, 1.0]);
    /// assert_eq!(p.bernoulli(&mut Rng::seed(0)), Tensor::from([0.0, 1.0]));
    /// ```
    #[track_caller]
    pub fn bernoulli(&self, rng: &mut Rng) -> Tensor<S, E> {
        let p = self.data.as_slice();
        for p in p {
            check_probability("bernoulli", p.as_f64());
        }
        Tensor::from_fn(|i| coin(p[i].as_f64(), rng))
    }

    /// One index of each row along the last axis, drawn with the row's weights: of `softmax`, the next token of a text
    /// or the action of a policy. PyTorch's `torch.multinomial(weights, 1)` without the axis of size 1.
    ///
    /// In: `[*, K]`; the weights of a row need not add up to 1. Out: `[*]`.
    ///
    /// # Panics
    /// If a weight is negative, infinite or NaN, or if all weights of a row are 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let scores = Tensor::from([[0.0, f64::NEG_INFINITY], [f64::NEG_INFINITY, 3.0]]);
    /// assert_eq!(scores.softmax::<-1>().multinomial(rng), Tensor::from([0, 1]));
    /// ```
    #[track_caller]
    pub fn multinomial(&self, rng: &mut Rng) -> Tensor<S::Removed, i64>
    where
        S: Axis<-1>,
    {
        let size = <S as Axis<-1>>::Dim::SIZE;
        let weights = self.data.as_slice();
        let row = |row: usize| &weights[row * size..][..size];
        // Not in the closure: the panic is at the line of the caller.
        for i in 0..S::Removed::NUMEL {
            check_weights(row(i));
        }
        Tensor::from_fn(|i| draw(row(i), rng) as i64)
    }

    /// A constant of this shape and element type from [`rand`](Tensor::rand). PyTorch's `torch.rand_like`.
    pub fn rand_like(&self, rng: &mut Rng) -> Tensor<S, E> {
        Tensor::rand(rng)
    }

    /// A constant of this shape and element type from [`randn`](Tensor::randn). PyTorch's `torch.randn_like`.
    pub fn randn_like(&self, rng: &mut Rng) -> Tensor<S, E> {
        Tensor::randn(rng)
    }
}
