//! Masks of an attention: which keys a query may attend to.
//!
//! PyTorch's `scaled_dot_product_attention` takes masks in which `True` may be attended to, its `MultiheadAttention`
//! masks in which `True` may not. Here both take both, and the mask says what it means: [`Allowed`] or [`Forbidden`].
//! A mask owns its tensor, a constant, whose clone shares the memory; so nothing borrows it.

use crate::element::{Element, Float};
use crate::kernel::attention::{GRIDS, Grid, Masks, Values};
use crate::shape::{Broadcast, PaddingShape, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// Every query attends to every key.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMask;

/// Query `t` attends to the keys `0..=t`: nothing looks ahead. PyTorch's `is_causal=True`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Causal;

/// A mask in which `true` may be attended to: PyTorch's bool `attn_mask` of `scaled_dot_product_attention`.
///
/// `[.., T, S]` for `T` queries and `S` keys, or without leading axes of it.
#[derive(Clone)]
pub struct Allowed<M>(pub Tensor<M, bool>);

/// A mask in which `true` may not be attended to: PyTorch's bool `attn_mask` of `MultiheadAttention`.
///
/// `[.., T, S]` for `T` queries and `S` keys, or without leading axes of it.
#[derive(Clone)]
pub struct Forbidden<M>(pub Tensor<M, bool>);

/// Numbers that are added to the scores, minus infinity to forbid: PyTorch's float `attn_mask`. A constant.
///
/// `[.., T, S]` for `T` queries and `S` keys, or without leading axes of it.
#[derive(Clone)]
pub struct Added<M, E>(pub Tensor<M, E>);

/// Keys that nothing attends to, because they are padding, where `true`: PyTorch's `key_padding_mask`.
///
/// `[B, S]` for scores `[B, H, T, S]`, and `[S]` for scores `[H, T, S]`.
#[derive(Clone)]
pub struct KeyPadding<M>(pub Tensor<M, bool>);

/// A mask for scores of shape `S`. A pair of masks forbids what either forbids.
///
/// A query that may attend to nothing has the result 0, as in PyTorch.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no mask for attention scores of shape `{S}`",
    label = "does not fit scores of shape `{S}`",
    note = "the shape of `Allowed`, `Forbidden` and `Added` is that of the scores, [.., queries, keys], or lacks leading axes of \
            it; that of `KeyPadding` is [batch, keys]",
    note = "`Allowed`, `Forbidden` and `KeyPadding` hold bools; `Added` holds numbers, without a graph"
)]
pub trait AttentionMask<S, E: Element> {
    /// How many masks it is, not counting [`Causal`].
    const GRIDS: usize;
    #[doc(hidden)]
    fn into_masks(self) -> Masks<E>;
}

impl<S, E: Element> AttentionMask<S, E> for NoMask {
    const GRIDS: usize = 0;
    fn into_masks(self) -> Masks<E> {
        Masks { causal: false, grids: [None, None, None] }
    }
}

impl<S, E: Element> AttentionMask<S, E> for Causal {
    const GRIDS: usize = 0;
    fn into_masks(self) -> Masks<E> {
        Masks { causal: true, grids: [None, None, None] }
    }
}

fn one<E>(grid: Grid<E>) -> Masks<E> {
    Masks { causal: false, grids: [Some(grid), None, None] }
}

/// A mask of shape `M`, which is `S` without some leading axes.
fn grid<S: Shape, M: Shape, E, V: Element>(
    values: Storage<V>,
    kind: fn(Storage<V>) -> Values<E>,
) -> Masks<E> {
    let keys = S::SIZES[S::RANK - 1];
    // One number for all.
    let values = if M::RANK == 0 { Storage::filled(keys, values.as_slice()[0]) } else { values };
    let rows = if M::RANK < 2 { 1 } else { M::SIZES[M::RANK - 2] };
    let block = rows * keys;
    let count = values.len().checked_div(block).unwrap_or(1);
    one(Grid { values: kind(values), shared: 1, count, block, row: if M::RANK < 2 { 0 } else { keys } })
}

macro_rules! impl_mask {
    ($($mask:ident $of:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<S: Broadcast<M, Output = S>, M: Shape, E: Element> AttentionMask<S, E> for $of {
            const GRIDS: usize = 1;
            fn into_masks(self) -> Masks<E> {
                grid::<S, M, E, _>(self.0.data, Values::$mask)
            }
        }
    )* };
}
impl_mask!(Allowed Allowed<M>, Forbidden Forbidden<M>, Added Added<M, E>);

#[diagnostic::do_not_recommend]
impl<S, M: PaddingShape<S>, E: Element> AttentionMask<S, E> for KeyPadding<M> {
    const GRIDS: usize = 1;
    fn into_masks(self) -> Masks<E> {
        let values = Values::Forbidden(self.0.data);
        let count = M::NUMEL.checked_div(M::KEYS).unwrap_or(1);
        one(Grid { values, shared: M::HEADS, count, block: M::KEYS, row: 0 })
    }
}

impl<S, E: Float, A: AttentionMask<S, E>, B: AttentionMask<S, E>> AttentionMask<S, E> for (A, B) {
    const GRIDS: usize = A::GRIDS + B::GRIDS;
    fn into_masks(self) -> Masks<E> {
        const { assert!(A::GRIDS + B::GRIDS <= GRIDS, "an attention takes up to three masks beside `Causal`") };
        let (mut masks, other) = (self.0.into_masks(), self.1.into_masks());
        masks.causal |= other.causal;
        for grid in other.grids.into_iter().flatten() {
            if let Some(free) = masks.grids.iter_mut().find(|grid| grid.is_none()) {
                *free = Some(grid);
            }
        }
        masks
    }
}
