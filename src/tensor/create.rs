//! New tensors.

use super::Tensor;
use crate::element::{Element, Float, Numeric};
use crate::graph::Graph;
use crate::shape::{EyeShape, Rank2, Shape, Vector};
use crate::storage::Storage;

impl<S: Shape, E: Element> Tensor<S, E> {
    /// Every element is `value`. PyTorch's `torch.full`.
    // rustc shows the next line where there are other arguments, as it does below.
    #[inline(never)]
    #[rustfmt::skip]
    pub fn full(value: E) -> Self { // `Tensor::<Rank2<2, 3>>::full(1.0)`
        Tensor::constant(Storage::filled(S::NUMEL, value))
    }

    /// Element `i`, in row-major order, is `f(i)`.
    pub fn from_fn(f: impl FnMut(usize) -> E) -> Self {
        Tensor::constant(Storage::from_fn(S::NUMEL, f))
    }

    /// Every element is 0. PyTorch's `torch.zeros`.
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn zeros() -> Self // `Tensor::<Rank2<2, 3>>::zeros()`
    where
        E: Numeric,
    {
        Self::full(E::zero())
    }

    /// Every element is 1. PyTorch's `torch.ones`.
    #[rustfmt::skip]
    pub fn ones() -> Self // `Tensor::<Rank2<2, 3>>::ones()`
    where
        E: Numeric,
    {
        Self::full(E::one())
    }
}

impl<S: Shape, E: Element> Tensor<S, E> {
    /// 1 on the diagonal and 0 elsewhere. PyTorch's `torch.eye(N, M)`.
    ///
    /// Out: `[N, M]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::<Rank2<2, 3>>::eye(), Tensor::from([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]));
    /// ```
    #[rustfmt::skip]
    pub fn eye() -> Self // `Tensor::<Rank2<3, 3>>::eye()`
    where
        E: Numeric,
        S: EyeShape,
    {
        let columns = S::COLUMNS;
        let mut elements = Storage::filled(S::NUMEL, E::zero());
        elements.make_mut().iter_mut().step_by(columns + 1).take(columns).for_each(|x| *x = E::one());
        Tensor::constant(elements)
    }
}

impl<S: Shape, E: Element> Tensor<S, E> {
    /// The numbers from 0 to `N - 1`. PyTorch's `torch.arange(N)`.
    ///
    /// Out: `[N]`.
    ///
    /// # Panics
    /// If the element type cannot hold `N - 1`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::<Rank1<4>, i64>::arange(), Tensor::from([0, 1, 2, 3]));
    /// ```
    #[rustfmt::skip]
    pub fn arange() -> Self // `Tensor::<Rank1<10>, i64>::arange()`
    where
        E: Numeric,
        S: Vector,
    {
        Self::arange_from(E::zero(), E::one())
    }

    /// Element `i` is `start + i * step`. PyTorch's `torch.arange(start, end, step)`, except that the type has the length
    /// instead of `end`.
    ///
    /// Out: `[N]`.
    ///
    /// # Panics
    /// If integers overflow, as in all arithmetic of Rust, in a debug build.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::<Rank1<4>, i64>::arange_from(10, -3), Tensor::from([10, 7, 4, 1]));
    /// ```
    #[rustfmt::skip]
    pub fn arange_from(start: E, step: E) -> Self // `Tensor::<Rank1<4>, i64>::arange_from(10, -3)`
    where
        E: Numeric,
        S: Vector,
    {
        Tensor::constant(Storage::written(S::NUMEL, |to| E::progression(to, start, step)))
    }

    /// `N` numbers in equal steps from `start` to `end`, both exactly. PyTorch's `torch.linspace(start, end, N)`.
    ///
    /// Out: `[N]`.
    ///
    /// One number is `start`. Each is computed from the end that it is nearer to, as in PyTorch, in `f64` and
    /// with one rounding.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::<Rank1<5>>::linspace(-1.0, 1.0), Tensor::from([-1.0, -0.5, 0.0, 0.5, 1.0]));
    /// ```
    #[rustfmt::skip]
    pub fn linspace(start: E, end: E) -> Self // `Tensor::<Rank1<5>>::linspace(0.0, 1.0)`
    where
        E: Float,
        S: Vector,
    {
        Tensor::constant(Storage::written(S::NUMEL, |to| E::equal_steps(start, end, to)))
    }
}

impl<S: Shape, E: Element, C, F> Tensor<S, E, Graph<C, F>> {
    /// A constant of this shape and element type where every element is `value`. PyTorch's `torch.full_like`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1, 2], [3, 4]]);
    /// assert_eq!(x.full_like(7), Tensor::from([[7, 7], [7, 7]]));
    /// ```
    pub fn full_like(&self, value: E) -> Tensor<S, E> {
        Tensor::full(value)
    }

    /// A constant of this shape and element type where every element is 0. PyTorch's `torch.zeros_like`.
    pub fn zeros_like(&self) -> Tensor<S, E>
    where
        E: Numeric,
    {
        Tensor::zeros()
    }

    /// A constant of this shape and element type where every element is 1. PyTorch's `torch.ones_like`.
    pub fn ones_like(&self) -> Tensor<S, E>
    where
        E: Numeric,
    {
        Tensor::ones()
    }
}

/// The identity matrix of size `N`, in `f32`. PyTorch's `torch.eye(N)`.
///
/// Other elements, and matrices that are not square, are named by their type:
/// [`Tensor::<Rank2<2, 3>, f64>::eye()`](Tensor::eye).
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(x * typegrad::eye::<2>(), Tensor::from([[1.0, 0.0], [0.0, 4.0]]));
/// ```
#[rustfmt::skip]
pub fn eye<const N: usize>() -> Tensor<Rank2<N, N>> { // `eye::<3>()`
    Tensor::<Rank2<N, N>>::eye()
}
