//! The shapes of attention.

use super::rank::for_each_rank;
use super::{Broadcast, Dim, DimExpr, Expr, Shape};
use std::fmt;
use std::marker::PhantomData;

/// Values of shape `Self` can be attended to by queries of shape `Q`, by keys of shape `K`.
///
/// It is a trait of the values, which come last: rustc knows their shape only when it has seen all three, and so does
/// not infer what it must be and then report a type mismatch.
#[diagnostic::on_unimplemented(
    message = "queries of shape `{Q}` cannot attend to keys of shape `{K}` with values of shape `{Self}`",
    label = "queries `{Q}`, keys `{K}`, values `{Self}`",
    note = "queries are [.., T, D], keys [.., S, D] and values [.., S, V], with the same leading axes; of computed sizes `x.with_shape()`"
)]
pub trait AttentionShape<Q, K>: Shape {
    /// The shape of the result, `[.., T, V]`.
    type Attended: Shape;
    /// The shape of the scores, `[.., T, S]`.
    type Scores: Shape;
    /// The sizes: of the leading axes together, `[T, S]`, and `[D, V]`.
    #[doc(hidden)]
    const ATTENTION: (usize, [usize; 2], [usize; 2]);
}

macro_rules! impl_attention {
    // Two of the six axes are those of the matrices.
    ($a:ident $b:ident $c:ident $d:ident $e:ident $($f:ident)?) => {};
    ($($batch:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* T: Dim, S: Dim, W: Dim, V: Dim> AttentionShape<($($batch,)* T, W), ($($batch,)* S, W)>
            for ($($batch,)* S, V)
        {
            type Attended = ($($batch,)* T, V);
            type Scores = ($($batch,)* T, S);
            const ATTENTION: (usize, [usize; 2], [usize; 2]) =
                (1 $(* $batch::SIZE)*, [T::SIZE, S::SIZE], [W::SIZE, V::SIZE]);
        }
    };
}
for_each_rank!(impl_attention);

/// The number of elements of keys of shape `K` and values of shape `V` together.
pub struct KeysAndValues<K, V>(PhantomData<fn() -> (K, V)>);

impl<K, V> fmt::Debug for KeysAndValues<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeysAndValues")
    }
}

impl<K: Shape, V: Shape> DimExpr for KeysAndValues<K, V> {
    const SIZE: usize = K::NUMEL + V::NUMEL;
}

/// The shape of the gradient of keys and values, concatenated.
pub type KeyValue<K, V> = (Expr<KeysAndValues<K, V>>,);

/// `Self` is the shape of a mask for attention scores of shape `S`.
#[diagnostic::on_unimplemented(
    message = "a mask of shape `{Self}` does not fit attention scores of shape `{S}`",
    label = "this has the shape `{Self}`, the scores `{S}`",
    note = "a mask has the shape of the scores, [.., queries, keys], or lacks leading axes of it"
)]
pub trait MaskShape<S>: Shape {
    /// The number of keys.
    const KEYS: usize;
}

#[diagnostic::do_not_recommend]
impl<S: Shape + Broadcast<M, Broadcasted = S>, M: Shape> MaskShape<S> for M {
    const KEYS: usize = S::SIZES[S::RANK - 1];
}

/// `Self` is the shape of a [`key_padding`](crate::nn::Mask::key_padding) for attention scores of shape `S`.
#[diagnostic::on_unimplemented(
    message = "padding of shape `{Self}` does not fit attention scores of shape `{S}`",
    label = "this has the shape `{Self}`, the scores `{S}`",
    note = "padding is [B, S] for scores [B, H, T, S]: batch and keys"
)]
pub trait PaddingShape<S>: Shape {
    /// The number of heads, which share a row of it.
    const HEADS: usize;
    /// The number of keys, which is the length of a row.
    const KEYS: usize;
}

#[diagnostic::do_not_recommend]
impl<B: Dim, H: Dim, T: Dim, S: Dim> PaddingShape<(B, H, T, S)> for (B, S) {
    const HEADS: usize = H::SIZE;
    const KEYS: usize = S::SIZE;
}

#[diagnostic::do_not_recommend]
impl<H: Dim, T: Dim, S: Dim> PaddingShape<(H, T, S)> for (S,) {
    const HEADS: usize = H::SIZE;
    const KEYS: usize = S::SIZE;
}
