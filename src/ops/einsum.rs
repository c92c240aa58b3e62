//! y = Σ a b .. over the letters that are not in the result, for operands whose axes are named by letters, and
//! dL/da = Σ dL/dy b .. over the letters that are not in a: another sum of the same kind. Three and more operands
//! are taken in pairs, from the left, as PyTorch does.
//!
//! The macro `einsum!` reads the letters when it is expanded, writes the shapes down, and calls what is here.

use super::operand::Operand;
use crate::element::Float;
use crate::graph::{Anywhere, Context, Flow, Graph, Pullback, Pullback2, Pulled};
use crate::kernel::einsum::{Pair, Reorder};
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `einsum!` with one operand.
pub struct EinsumBackward {
    letters: [&'static str; 2],
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for EinsumBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let [x, y] = self.letters;
        Tensor::constant(Reorder::new(x, S::SIZES, y).scatter(grad.data))
    }
}

/// The backward pass of `einsum!` with two operands.
pub struct EinsumPairBackward<E> {
    a: Storage<E>,
    b: Storage<E>,
    letters: [&'static str; 3],
}

impl<A: Shape, B: Shape, T: Shape, E: Float> Pullback2<A, B, T, E> for EinsumPairBackward<E> {
    fn pull(self, grad: Tensor<T, E>, wanted: (bool, bool)) -> Pulled<A, B, E> {
        let pair = Pair::new(self.letters, A::SIZES, B::SIZES);
        let grad = pair.pack_gradient(grad.data);
        let a = wanted.0.then(|| Tensor::constant(pair.left_gradient(&grad, &self.b)));
        let b = wanted.1.then(|| Tensor::constant(pair.right_gradient(&self.a, &grad)));
        (a, b)
    }
}

/// The first operand as a tensor.
#[doc(hidden)]
pub fn einsum_first<E, R>(x: R) -> Tensor<R::Shape, E, Graph<R::Context, R::Flow>>
where
    E: Float,
    R: Operand<Anywhere, E>,
{
    let (x, flow) = x.into_operand();
    Tensor::from_parts(x, flow)
}

/// The sum of one operand, of shape `T`: the letters of the operand and of the result were compared by the macro.
#[doc(hidden)]
pub fn einsum_one<T, S, E, C, F>(
    x: Tensor<S, E, Graph<C, F>>,
    letters: [&'static str; 2],
) -> Tensor<T, E, Graph<C, F::Then<T, EinsumBackward>>>
where
    T: Shape,
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    let (x, flow) = x.into_parts();
    let y = Reorder::new(letters[0], S::SIZES, letters[1]).gather(&x);
    Tensor::from_parts(y, flow.then(|| EinsumBackward { letters }))
}

/// The sum of products of two operands, of shape `T`.
#[doc(hidden)]
#[expect(clippy::type_complexity, reason = "the graph is a type; it never appears in a user's signature")]
pub fn einsum_pair<T, S, E, C, F, R>(
    a: Tensor<S, E, Graph<C, F>>,
    b: R,
    letters: [&'static str; 3],
) -> Tensor<T, E, Graph<C::Or<R::Context>, F::Join<T, R::Shape, R::Flow, EinsumPairBackward<E>>>>
where
    T: Shape,
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
    R: Operand<C, E>,
{
    let (a, flow) = a.into_parts();
    let (b, rhs) = b.into_operand();
    let pair = Pair::new(letters, S::SIZES, R::Shape::SIZES);
    let (a, b) = pair.pack(&a, &b);
    let y = pair.product(&a, &b);
    Tensor::from_parts(y, flow.join(rhs, || EinsumPairBackward { a, b, letters }))
}
