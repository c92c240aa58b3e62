//! C = A B for matrices, vectors and batches of matrices, and dL/dA = dL/dC Bᵀ, dL/dB = Aᵀ dL/dC, summed over the
//! batch where an operand was shared. A vector on the left is one row, on the right one column; that axis is not
//! in the result. The shapes are those of [`MatmulShape`].

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::Batched;
use crate::ops::support::results::{ElementOf, Joined, JoinedTo, OperandShape, ShapeOf};
use crate::ops::support::rhs::Operand;
use crate::shape::{Broken, Law, MatmulShape, ProductSizes, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `matmul`, and of its strict forms.
pub struct MatmulBackward<E> {
    a: Storage<E>,
    b: Storage<E>,
    sizes: Batched,
}

impl<A: Shape, B: Shape, T: Shape, E: Float> Pullback2<A, B, T, E> for MatmulBackward<E> {
    // The last axis of the left operand is summed, whatever the ranks are.
    const MULTIPLY_ADDS: usize = if A::RANK == 0 { 0 } else { T::NUMEL * A::SIZES[A::RANK - 1] };
    // Two vectors have no inner size in common where their product is a matrix.
    const BROKEN: Broken =
        if T::RANK > 1 && A::RANK == 1 && B::RANK == 1 { None } else { ProductSizes::<A, B>::BROKEN };
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let grad = grad.as_slice();
        let a = needs_grad.0.then(|| Tensor::constant(self.sizes.left_gradient(grad, self.b.as_slice())));
        let b = needs_grad.1.then(|| Tensor::constant(self.sizes.right_gradient(self.a.as_slice(), grad)));
        (a, b)
    }
}

/// The product of a tensor `X` and `R`: what [`matmul`](Tensor::matmul) returns.
pub type Multiplied<X, R> =
    JoinedTo<X, R, <OperandShape<X, R> as MatmulShape<ShapeOf<X>>>::Output, MatmulBackward<ElementOf<X>>>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The matrix product. PyTorch's `torch.matmul` and `@`.
    ///
    /// In: `[.., M, K]` and `[.., K, N]`. Out: `[.., M, N]`. Either side may be a vector `[K]`, whose axis is
    /// summed. The batch axes in front are equal, or one side lacks leading ones and is shared; unlike in
    /// PyTorch, a batch axis of size 1 is stretched only by [`broadcast_to`](Self::broadcast_to).
    /// [`MatmulShape`] lists the shapes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let a = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// let x = Tensor::from([1.0, -1.0]);
    /// assert_eq!(a.clone().matmul(&x), Tensor::from([-1.0, -1.0]));
    /// assert_eq!(x.clone().matmul(&a), Tensor::from([-2.0, -2.0]));
    /// assert_eq!(x.clone().matmul(x).item(), 2.0);
    ///
    /// let batch = Tensor::<Rank4<8, 2, 5, 3>>::ones();
    /// let shared = Tensor::<Rank2<3, 4>>::ones();
    /// let y: Tensor<Rank4<8, 2, 5, 4>> = batch.matmul(shared);
    /// ```
    pub fn matmul<R>(self, rhs: R) -> Multiplied<Self, R>
    where
        R: Operand<C, E, Shape: MatmulShape<S>>,
    {
        let () = ProductSizes::<S, R::Shape>::HOLDS;
        self.multiply(rhs, <R::Shape as MatmulShape<S>>::BATCHED)
    }

    /// The product of these sizes, whose shape the caller knows.
    pub(in crate::ops) fn multiply<R, T>(
        self,
        rhs: R,
        sizes: Batched,
    ) -> Joined<S, E, C, F, R, T, MatmulBackward<E>>
    where
        R: Operand<C, E>,
        T: Shape,
    {
        let (a, flow) = self.into_waiting();
        let (b, rhs) = rhs.into_operand();
        let y = sizes.product(a.as_slice(), b.as_slice());
        Tensor::from_parts(y, Waiting::into_inner(flow).join(rhs, || MatmulBackward { a, b, sizes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck;
    use crate::prelude::*;
    use proptest::prelude::{ProptestConfig, proptest};

    /// The definition, by index: the batch of a side is counted from the back, as PyTorch aligns axes.
    fn naive(a: &[f64], a_sizes: &[usize], b: &[f64], b_sizes: &[usize]) -> Vec<f64> {
        let a_sizes = if a_sizes.len() == 1 { vec![1, a_sizes[0]] } else { a_sizes.to_vec() };
        let b_sizes = if b_sizes.len() == 1 { vec![b_sizes[0], 1] } else { b_sizes.to_vec() };
        let (a_batch, a_matrix) = a_sizes.split_at(a_sizes.len() - 2);
        let (b_batch, b_matrix) = b_sizes.split_at(b_sizes.len() - 2);
        let (m, k, n) = (a_matrix[0], a_matrix[1], b_matrix[1]);
        let batch = if a_batch.len() > b_batch.len() { a_batch } else { b_batch };
        let mut out = Vec::new();
        for flat in 0..batch.iter().product::<usize>() {
            let mut index = Vec::new();
            let mut rest = flat;
            for size in batch.iter().rev() {
                index.insert(0, rest % size);
                rest /= size;
            }
            let place = |sizes: &[usize]| {
                let index = &index[index.len() - sizes.len()..];
                index.iter().zip(sizes).fold(0, |place, (i, size)| place * size + i)
            };
            let (a, b) = (&a[place(a_batch) * m * k..], &b[place(b_batch) * k * n..]);
            for i in 0..m {
                for j in 0..n {
                    out.push((0..k).map(|p| a[i * k + p] * b[p * n + j]).sum());
                }
            }
        }
        out
    }

    /// Small integers: their products are exact in any order.
    fn integers<S: Shape>(seed: u64) -> Tensor<S, f64> {
        let mut rng = Rng::seed(seed);
        Tensor::from_fn(|_| rng.below(19) as f64 - 9.0)
    }

    fn agrees<A: Shape, B: MatmulShape<A>>(seed: u64) {
        let (a, b) = (integers::<A>(seed), integers::<B>(seed + 1));
        let want = naive(&a.to_vec(), <A as Shape>::SIZES, &b.to_vec(), <B as Shape>::SIZES);
        assert_eq!(
            a.clone().matmul(&b).to_vec(),
            want,
            "{:?} {:?}",
            <A as Shape>::SIZES,
            <B as Shape>::SIZES
        );
        gradcheck((a, b), |(a, b)| a.matmul(b).powi(2).sum()).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn products_and_gradients_agree_with_the_definition(seed in 0..u64::MAX / 2) {
            agrees::<Rank1<3>, Rank1<3>>(seed);
            agrees::<Rank2<2, 3>, Rank1<3>>(seed);
            agrees::<Rank1<3>, Rank2<3, 4>>(seed);
            agrees::<Rank2<2, 3>, Rank2<3, 4>>(seed);
            agrees::<Rank3<2, 2, 3>, Rank1<3>>(seed);
            agrees::<Rank1<3>, Rank3<2, 3, 4>>(seed);
            agrees::<Rank3<3, 2, 3>, Rank3<3, 3, 2>>(seed);
            agrees::<Rank3<3, 2, 3>, Rank2<3, 2>>(seed);
            agrees::<Rank2<2, 3>, Rank3<3, 3, 2>>(seed);
            agrees::<Rank4<2, 3, 2, 2>, Rank4<2, 3, 2, 1>>(seed);
            agrees::<Rank4<2, 3, 2, 2>, Rank3<3, 2, 1>>(seed);
            agrees::<Rank3<3, 2, 2>, Rank4<2, 3, 2, 1>>(seed);
            agrees::<Rank6<2, 1, 2, 2, 1, 2>, Rank4<2, 2, 2, 2>>(seed);
            agrees::<Rank1<2>, Rank6<2, 1, 2, 2, 2, 1>>(seed);
        }
    }

    #[test]
    fn products_with_empty_axes() {
        agrees::<Rank2<2, 0>, Rank2<0, 3>>(0);
        agrees::<Rank3<0, 2, 3>, Rank2<3, 2>>(0);
        agrees::<Rank2<2, 3>, Rank3<0, 3, 2>>(0);
        agrees::<Rank1<0>, Rank1<0>>(0);
        agrees::<Rank3<2, 0, 3>, Rank3<2, 3, 1>>(0);
    }

    /// Expected values: PyTorch 2.15, `torch.matmul` of `torch.arange` tensors, and `.sum().backward()`.
    #[test]
    fn a_shared_right_side_has_the_gradient_of_pytorch() {
        let a = Param::new(Tensor::<Rank1<12>, f64>::arange().reshape::<Rank3<2, 2, 3>>());
        let b = Param::new(Tensor::<Rank1<6>, f64>::arange().reshape::<Rank2<3, 2>>());
        let y = a.track().matmul(&b);
        assert_eq!(y.value().to_vec(), [10.0, 13.0, 28.0, 40.0, 46.0, 67.0, 64.0, 94.0]);
        y.sum().backward();
        assert_eq!(a.grad().unwrap().to_vec(), [1.0, 5.0, 9.0, 1.0, 5.0, 9.0, 1.0, 5.0, 9.0, 1.0, 5.0, 9.0]);
        assert_eq!(b.grad().unwrap().to_vec(), [18.0, 18.0, 22.0, 22.0, 26.0, 26.0]);
    }

    /// Expected values: PyTorch 2.15, `torch.matmul` of shapes [1, 1, 2] and [2, 2, 1], which stretches the left one.
    #[test]
    fn expand_stretches_a_batch_axis_of_size_one() {
        let a = Param::new(Tensor::from([[[1.0, 2.0]]]));
        let b = Tensor::from([[[1.0], [2.0]], [[3.0], [4.0]]]);
        let y = a.track().broadcast_to::<Rank3<2, 1, 2>>().matmul(b);
        assert_eq!(y.value().to_vec(), [5.0, 11.0]);
        y.sum().backward();
        assert_eq!(a.grad().unwrap().to_vec(), [4.0, 6.0]);
    }

    /// Expected values: PyTorch 2.15.
    #[test]
    fn a_parameter_may_stand_on_either_side_of_a_constant() {
        let w = Param::new(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
        let x = Tensor::from([[5.0, 6.0], [7.0, 8.0]]);
        x.clone().matmul(&w).matmul(w.track()).sum().backward();
        w.track().matmul(&x).sum().backward();
        assert_eq!(w.grad().unwrap().to_vec(), [101.0, 153.0, 133.0, 193.0]);
    }
}
