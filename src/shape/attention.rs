//! Which shapes meet in an attention.

use super::rank::for_each_rank;
use super::{Dim, DimExpr, Expr, Shape};
use std::fmt;
use std::marker::PhantomData;

/// Queries of shape `Self` can attend to keys of shape `K` with values of shape `V`.
#[diagnostic::on_unimplemented(
    message = "queries of shape `{Self}` cannot attend to keys of shape `{K}` with values of shape `{V}`",
    label = "`{Self}` to `{K}`",
    note = "queries are [.., T, D], keys [.., S, D] and values [.., S, V], with the same leading axes"
)]
pub trait AttentionShape<K, V>: Shape {
    /// The shape of the result, `[.., T, V]`.
    type Output: Shape;
    /// The shape of the scores, `[.., T, S]`.
    type Scores: Shape;
    /// The sizes: of the leading axes together, `[T, S]`, and `[D, V]`.
    #[doc(hidden)]
    const SIZES: (usize, [usize; 2], [usize; 2]);
}

macro_rules! impl_attention {
    // Two of the six axes are those of the matrices.
    ($a:ident $b:ident $c:ident $d:ident $e:ident $($f:ident)?) => {};
    ($($batch:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* T: Dim, S: Dim, W: Dim, V: Dim> AttentionShape<($($batch,)* S, W), ($($batch,)* S, V)>
            for ($($batch,)* T, W)
        {
            type Output = ($($batch,)* T, V);
            type Scores = ($($batch,)* T, S);
            const SIZES: (usize, [usize; 2], [usize; 2]) =
                (1 $(* $batch::SIZE)*, [T::SIZE, S::SIZE], [W::SIZE, V::SIZE]);
        }
    };
}
for_each_rank!(impl_attention);

/// As many elements as keys of shape `K` and values of shape `V` have together.
pub struct KeysAndValues<K, V>(PhantomData<fn() -> (K, V)>);

impl<K, V> fmt::Debug for KeysAndValues<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeysAndValues")
    }
}

impl<K: Shape, V: Shape> DimExpr for KeysAndValues<K, V> {
    const SIZE: usize = K::NUMEL + V::NUMEL;
}

/// The shape of the gradient of keys and values, one behind the other.
pub type KeyValue<K, V> = (Expr<KeysAndValues<K, V>>,);

/// `Self` is the shape of a [`KeyPadding`](crate::nn::KeyPadding) for scores of shape `S`.
pub trait PaddingShape<S>: Shape {
    /// The number of heads, which share a row of it.
    const HEADS: usize;
    /// The number of keys, which is the length of a row.
    const KEYS: usize;
}

impl<B: Dim, H: Dim, T: Dim, S: Dim> PaddingShape<(B, H, T, S)> for (B, S) {
    const HEADS: usize = H::SIZE;
    const KEYS: usize = S::SIZE;
}

impl<H: Dim, T: Dim, S: Dim> PaddingShape<(H, T, S)> for (S,) {
    const HEADS: usize = H::SIZE;
    const KEYS: usize = S::SIZE;
}
