//! Two operands as one vector, for operations that have three: the gradient of the vector is split.

use crate::element::Element;
use crate::graph::{Pullback2, Pulled};
use crate::shape::{DimExpr, Expr, Shape, Sum};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The elements of two tensors, concatenated. A flow joins two operands, so a third one joins the packed
/// first two.
pub type Packed<A, B> = (Expr<Sum<Expr<Numel<A>>, Expr<Numel<B>>>>,);

/// The number of elements of a shape.
#[derive(Debug)]
pub struct Numel<S>(PhantomData<fn() -> S>);

impl<S: Shape> DimExpr for Numel<S> {
    const SIZE: usize = S::NUMEL;
}

/// Takes the gradient of a row of two tensors apart.
pub struct PackedBackward;

impl<A: Shape, B: Shape, E: Element> Pullback2<A, B, Packed<A, B>, E> for PackedBackward {
    fn pull(self, grad: Tensor<Packed<A, B>, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let (a, b) = grad.as_slice().split_at(A::NUMEL);
        let part = |needs_grad: bool, part| needs_grad.then(|| Storage::from_slice(part));
        (part(needs_grad.0, a).map(Tensor::constant), part(needs_grad.1, b).map(Tensor::constant))
    }
}

/// [`PackedBackward`], where the second tensor is repeated along axes that it lacks.
pub struct PackedRepeatedBackward;

impl<A: Shape, B: Shape, E: Element> Pullback2<A, B, Packed<A, B>, E> for PackedRepeatedBackward {
    const REPEATS: bool = true;
    fn pull(self, grad: Tensor<Packed<A, B>, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        PackedBackward.pull(grad, needs_grad)
    }
}

/// An operand that may be absent: its elements and its flow.
pub(crate) type Optional<E, F> = (Option<Storage<E>>, F);
