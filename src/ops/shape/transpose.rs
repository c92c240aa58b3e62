//! y = x with two axes exchanged, and dL/dx = dL/dy with the same two exchanged.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::shape::strided::{View, gather};
use crate::ops::support::results::Unary;
use crate::shape::{Matrix, Shape, Transpose};
use crate::tensor::Tensor;

/// The backward pass of `transpose`.
pub struct TransposeBackward {
    positions: (usize, usize),
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for TransposeBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let view = View::of(T::SIZES).swap(self.positions.0, self.positions.1);
        Tensor::constant(gather(grad.as_slice(), &view))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The axes `I` and `J` exchanged. PyTorch's `transpose(I, J)`.
    ///
    /// In: `S`. Out: `S` with the two dimensions exchanged.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank3<2, 3, 4>>::ones();
    /// let y: Tensor<Rank3<2, 4, 3>> = x.transpose::<1, -1>();
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn transpose<const I: isize, const J: isize>(self) // `x.transpose::<0, 1>()`
        -> Unary<S, E, C, F, S::Swapped, TransposeBackward>
    where
        S: Transpose<I, J>,
    {
        let positions = <S as Transpose<I, J>>::POSITIONS;
        let (x, flow) = self.into_parts();
        let flow = flow.then(|| TransposeBackward { positions });
        if positions.0 == positions.1 {
            return Tensor::from_parts(x, flow);
        }
        let view = View::of(S::SIZES).swap(positions.0, positions.1);
        Tensor::from_parts(gather(x.as_slice(), &view), flow)
    }

    /// The transposed matrix. PyTorch's `t()`.
    ///
    /// In: `[A, B]`. Out: `[B, A]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.t(), Tensor::from([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]));
    /// ```
    // rustc shows this line.
    #[rustfmt::skip]
    pub fn t(self) -> Unary<S, E, C, F, S::Transposed, TransposeBackward> where S: Matrix + Transpose<0, 1> {
        self.transpose::<0, 1>()
    }

    /// Another name of [`t`](Self::t). PyTorch's `x.T`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([[1.0, 2.0]]).T(), Tensor::from([[1.0], [2.0]]));
    /// ```
    #[allow(non_snake_case, reason = "PyTorch's name")]
    #[rustfmt::skip]
    pub fn T(self) -> Unary<S, E, C, F, S::Transposed, TransposeBackward> where S: Matrix + Transpose<0, 1> {
        self.t()
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn elements_move_to_the_exchanged_index() {
        let x = Tensor::<Rank4<2, 3, 4, 5>, i64>::from_fn(|i| i as i64);
        let y = x.clone().transpose::<-1, 1>();
        let (x, y) = (x.to_array::<[[[[i64; 5]; 4]; 3]; 2]>(), y.to_array::<[[[[i64; 3]; 4]; 5]; 2]>());
        for (a, b, c, d) in (0..120).map(|n| (n / 60, n / 20 % 3, n / 5 % 4, n % 5)) {
            assert_eq!(x[a][b][c][d], y[a][d][c][b]);
        }
    }

    #[test]
    fn an_axis_exchanged_with_itself_keeps_the_memory() {
        let x = Tensor::<Rank2<2, 3>>::ones();
        let at = x.data.as_ptr();
        assert_eq!(x.transpose::<1, -1>().data.as_ptr(), at);
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(1);
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(rng);
        let w = Tensor::<Rank3<4, 3, 2>, f64>::randn(rng);
        gradcheck((x, w), |(x, w)| (x.transpose::<0, 2>().powi(2) * w).sum()).unwrap();
        let m = Tensor::<Rank2<3, 5>, f64>::randn(rng);
        gradcheck(m.clone(), |x| (x.clone().t() * x.t().powi(2)).sum()).unwrap();
    }
}
