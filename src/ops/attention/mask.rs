//! Masks of an attention: which keys a query may attend to.
//!
//! PyTorch's `scaled_dot_product_attention` takes masks in which `True` may be attended to, its `MultiheadAttention`
//! masks in which `True` may not. Here both take both, and the mask says what it means: [`allowed`](Mask::allowed) or
//! [`forbidden`](Mask::forbidden). The shape of the scores is a part of the type, so that what does not fit is found
//! where the mask is made.

use crate::element::{Element, Float};
use crate::kernel::attention::masks::{Grid, Masks, Values};
use crate::shape::{MaskShape, PaddingShape, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::fmt;
use std::marker::PhantomData;

/// The keys that each query attends to, for scores of shape `S`: `[.., T, S]` for `T` queries and `S` keys.
///
/// Start with a function of `Mask` and add to it with methods: `Mask::none()`, `Mask::causal()`,
/// `Mask::none().forbidden(&mask)`, `Mask::causal().key_padding(&padding)`. A key is attended to unless something forbids
/// it. A query that may attend to nothing has the result 0, as in PyTorch.
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::<Rank2<3, 2>>::ones();
/// let v = Tensor::from([[1.0], [2.0], [4.0]]);
/// let word = Tensor::from([true, false, true]);
/// let y = x.clone().scaled_dot_product_attention(&x, &v, Mask::none().allowed(&word));
/// assert_eq!(y, Tensor::full(2.5));
/// let y = x.clone().scaled_dot_product_attention(&x, &v, Mask::causal().allowed(&word));
/// assert_eq!(y, Tensor::from([[1.0], [1.0], [2.5]]));
/// ```
pub struct Mask<S, E = f32> {
    pub(crate) masks: Masks<E>,
    shape: PhantomData<fn() -> S>,
}

impl<S, E: Element> Mask<S, E> {
    /// Each query attends to each key.
    #[must_use]
    pub fn none() -> Self {
        Mask { masks: Masks { causal: false, grids: Vec::new() }, shape: PhantomData }
    }

    /// Query `t` attends to the keys `0..=t`: nothing looks ahead. PyTorch's `is_causal=True`.
    #[must_use]
    pub fn causal() -> Self {
        Mask { masks: Masks { causal: true, grids: Vec::new() }, shape: PhantomData }
    }

    /// A query may attend to a key only where `mask` is `true`: the bool `attn_mask` of PyTorch's
    /// `scaled_dot_product_attention`.
    ///
    /// In: `[.., T, S]`, the shape of the scores, or without leading axes of it.
    #[must_use]
    pub fn allowed<M: MaskShape<S>>(self, mask: &Tensor<M, bool>) -> Self {
        self.grid::<M, bool>(&mask.data, Values::Allowed)
    }

    /// A query may not attend to a key where `mask` is `true`: the bool `attn_mask` of PyTorch's
    /// `MultiheadAttention`.
    ///
    /// In: `[.., T, S]`, the shape of the scores, or without leading axes of it.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<2, 3>>::ones();
    /// let v = Tensor::from([[1.0], [2.0]]);
    /// let future = Tensor::from([[false, true], [false, false]]);
    /// let y = x.clone().scaled_dot_product_attention(&x, &v, Mask::none().forbidden(&future));
    /// assert_eq!(y, Tensor::from([[1.0], [1.5]]));
    /// ```
    #[must_use]
    pub fn forbidden<M: MaskShape<S>>(self, mask: &Tensor<M, bool>) -> Self {
        self.grid::<M, bool>(&mask.data, Values::Forbidden)
    }

    /// Adds `mask` to the scores; minus infinity forbids a key. PyTorch's float `attn_mask`. The mask is a constant.
    ///
    /// In: `[.., T, S]`, the shape of the scores, or without leading axes of it.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<2, 3>>::ones();
    /// let v = Tensor::from([[1.0], [3.0]]);
    /// let bias = Tensor::from([[0.0, f32::NEG_INFINITY], [0.0, 0.0]]);
    /// let y = x.clone().scaled_dot_product_attention(&x, &v, Mask::none().added(&bias));
    /// assert_eq!(y, Tensor::from([[1.0], [2.0]]));
    /// ```
    #[must_use]
    pub fn added<M: MaskShape<S>>(self, mask: &Tensor<M, E>) -> Self {
        self.grid::<M, E>(&mask.data, Values::Added)
    }

    /// Marks the keys where `padding` is `true` as padding, to which no query attends. PyTorch's `key_padding_mask`.
    ///
    /// In: `[B, S]` for scores `[B, H, T, S]`, and `[S]` for scores `[H, T, S]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank3<1, 2, 3>>::ones(); // heads, tokens, width
    /// let v = Tensor::from([[[1.0], [2.0]]]);
    /// let padding = Tensor::from([false, true]);
    /// let y = x.clone().scaled_dot_product_attention(&x, &v, Mask::none().key_padding(&padding));
    /// assert_eq!(y, Tensor::ones());
    /// ```
    #[must_use]
    pub fn key_padding<M: PaddingShape<S>>(mut self, padding: &Tensor<M, bool>) -> Self {
        let values = Values::Forbidden(padding.data.clone());
        let count = M::NUMEL.checked_div(M::KEYS).unwrap_or(1);
        self.masks.grids.push(Grid { values, shared: M::HEADS, count, block: M::KEYS, row: 0 });
        self
    }

    fn grid<M: MaskShape<S>, V: Element>(
        mut self,
        values: &Storage<V>,
        kind: fn(Storage<V>) -> Values<E>,
    ) -> Self {
        let keys = M::KEYS;
        // One number for all.
        let values = if M::RANK == 0 { Storage::filled(keys, values.as_slice()[0]) } else { values.clone() };
        let rows = if M::RANK < 2 { 1 } else { M::SIZES[M::RANK - 2] };
        let count = values.len().checked_div(rows * keys).unwrap_or(1);
        let row = if M::RANK < 2 { 0 } else { keys };
        self.masks.grids.push(Grid { values: kind(values), shared: 1, count, block: rows * keys, row });
        self
    }
}

impl<S, E: Float> Mask<S, E> {
    /// The same mask, causal if that is asked for.
    pub(crate) fn and_causal(mut self, causal: bool) -> Self {
        self.masks.causal |= causal;
        self
    }
}

impl<S, E: Clone> Clone for Mask<S, E> {
    /// The memory of the tensors is shared.
    fn clone(&self) -> Self {
        Mask { masks: self.masks.clone(), shape: PhantomData }
    }
}

impl<S: Shape, E> fmt::Debug for Mask<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let causal = if self.masks.causal { "causal, " } else { "" };
        write!(f, "Mask({causal}{} masks for {:?})", self.masks.grids.len(), S::SIZES)
    }
}
