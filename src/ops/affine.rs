//! A weight and a bias as one operand `[2, *]`, for operations that use both: the gradient of it is taken apart.

use crate::element::Float;
use crate::graph::{Flow, Pullback2, Pulled};
use crate::shape::{Const, DimExpr, Expr, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// A weight and a bias of shape `S`, one behind the other.
pub type Affine<S> = (Const<2>, Expr<Numel<S>>);

/// The number of elements of a shape.
#[derive(Debug)]
pub struct Numel<S>(PhantomData<fn() -> S>);

impl<S: Shape> DimExpr for Numel<S> {
    const SIZE: usize = S::NUMEL;
}

/// Takes the gradients of a weight and a bias apart.
pub struct AffineBackward;

impl<S: Shape, E: Float> Pullback2<S, S, Affine<S>, E> for AffineBackward {
    fn pull(self, grad: Tensor<Affine<S>, E>, wanted: (bool, bool)) -> Pulled<S, S, E> {
        let (weight, bias) = grad.as_slice().split_at(S::NUMEL);
        let part = |part| Tensor::constant(Storage::from_slice(part));
        (wanted.0.then(|| part(weight)), wanted.1.then(|| part(bias)))
    }
}

/// An operand that may be absent: its elements and its flow.
pub(crate) type Optional<E, F> = (Option<Storage<E>>, F);

/// The flow of a weight and a bias as that of one operand.
pub(crate) fn affine_flow<S, E, W, B>(weight: W, bias: B) -> W::Join<Affine<S>, S, B, AffineBackward>
where
    S: Shape,
    E: Float,
    W: Flow<S, E>,
    B: Flow<S, E>,
{
    weight.join(bias, || AffineBackward)
}
