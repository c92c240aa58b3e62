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

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn linspace_agrees_with_pytorch_and_ends_exactly() {
        // torch.linspace(0.1, 0.7, 10, dtype=torch.float64)
        let torch = [
            0.1,
            0.16666666666666669,
            0.23333333333333334,
            0.3,
            0.3666666666666667,
            0.4333333333333333,
            0.49999999999999994,
            0.5666666666666667,
            0.6333333333333333,
            0.7,
        ];
        assert_eq!(Tensor::<Rank1<10>, f64>::linspace(0.1, 0.7), Tensor::from(torch));
        // torch.linspace(0, 1, 7)
        let torch = [0.0, 0.16666667, 0.33333334, 0.5, 0.6666666, 0.8333333, 1.0];
        let ours = Tensor::<Rank1<7>>::linspace(0.0, 1.0);
        assert!(
            ours.to_vec().iter().zip(torch).all(|(x, y): (&f32, f32)| (x - y).abs() <= f32::EPSILON / 2.0)
        );
        assert_eq!(Tensor::<Rank1<4>, f64>::linspace(3.0, -3.0), Tensor::from([3.0, 1.0, -1.0, -3.0]));
    }

    #[test]
    fn linspace_of_no_one_and_two_numbers() {
        assert!(Tensor::<Rank1<0>>::linspace(1.0, 2.0).to_vec().is_empty());
        assert_eq!(Tensor::<Rank1<1>>::linspace(1.0, 2.0).to_vec(), [1.0]);
        assert_eq!(Tensor::<Rank1<2>>::linspace(1.0, 2.0).to_vec(), [1.0, 2.0]);
    }

    #[test]
    fn ranges_step_from_their_start() {
        assert_eq!(Tensor::<Rank1<3>>::arange_from(0.5, 0.25), Tensor::from([0.5, 0.75, 1.0]));
        assert!(Tensor::<Rank1<0>, i64>::arange_from(5, 1).to_vec().is_empty());
    }

    #[test]
    fn zeros_like_a_tracked_tensor_is_a_constant() {
        let p = Param::new(Tensor::from([1.0_f64, 2.0]));
        let x = p.track();
        let like: [Tensor<Rank1<2>, f64>; 2] = [x.zeros_like(), x.ones_like()];
        assert_eq!(like.map(|x| x.to_vec()), [[0.0, 0.0], [1.0, 1.0]]);
        assert_eq!(Tensor::from([true, true]).full_like(false), Tensor::from([false, false]));
    }
}
