//! New tensors.

use super::Tensor;
use crate::element::{Element, Float, Numeric};
use crate::rng::Rng;
use crate::shape::{Rank1, Rank2, Shape};
use crate::storage::Storage;

impl<S: Shape, E: Element> Tensor<S, E> {
    /// Every element is `value`. PyTorch's `torch.full`.
    #[inline(never)]
    pub fn full(value: E) -> Self {
        Tensor::constant(Storage::filled(S::NUMEL, value))
    }

    /// Element `i`, in row-major order, is `f(i)`.
    pub fn from_fn(f: impl FnMut(usize) -> E) -> Self {
        Tensor::constant(Storage::from_fn(S::NUMEL, f))
    }
}

impl<S: Shape, E: Numeric> Tensor<S, E> {
    /// Every element is 0.
    pub fn zeros() -> Self {
        Self::full(E::zero())
    }

    /// Every element is 1.
    pub fn ones() -> Self {
        Self::full(E::one())
    }
}

impl<const N: usize, const M: usize, E: Numeric> Tensor<Rank2<N, M>, E> {
    /// 1 on the diagonal and 0 elsewhere. PyTorch's `torch.eye(N, M)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::<Rank2<2, 3>>::eye(), Tensor::from([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]));
    /// ```
    pub fn eye() -> Self {
        Self::from_fn(|i| if i / M.max(1) == i % M.max(1) { E::one() } else { E::zero() })
    }
}

impl<const N: usize, E: Numeric> Tensor<Rank1<N>, E> {
    /// The numbers from 0 to `N - 1`. PyTorch's `torch.arange(N)`.
    ///
    /// # Panics
    /// If the element type cannot hold `N - 1`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::<Rank1<4>, i64>::arange(), Tensor::from([0, 1, 2, 3]));
    /// ```
    pub fn arange() -> Self {
        Self::from_fn(|i| E::from(i).expect("every element type holds the numbers of its indices"))
    }
}

impl<S: Shape, E: Float> Tensor<S, E> {
    /// Independent draws from the uniform distribution on [0, 1). PyTorch's `torch.rand`.
    pub fn rand(rng: &mut Rng) -> Self {
        Self::from_fn(|_| E::from_f64(rng.uniform()))
    }

    /// Independent draws from the standard normal distribution. PyTorch's `torch.randn`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<2, 3>>::randn(&mut Rng::seed(7));
    /// assert_eq!(x, Tensor::randn(&mut Rng::seed(7)));
    /// ```
    pub fn randn(rng: &mut Rng) -> Self {
        Self::from_fn(|_| E::from_f64(rng.normal()))
    }

    /// Independent draws from the uniform distribution on [`low`, `high`). PyTorch's `uniform_`.
    pub fn uniform(low: E, high: E, rng: &mut Rng) -> Self {
        Self::from_fn(|_| low + (high - low) * E::from_f64(rng.uniform()))
    }
}
