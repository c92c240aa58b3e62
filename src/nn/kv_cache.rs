//! Generation token by token: keys and values of the tokens so far are kept.

use super::multihead_attention::plus_part;
use super::{Biases, Forward, MultiheadAttention, TransformerEncoderLayer};
use crate::element::Float;
use crate::kernel::attention::cached::{CachedSizes, attend_cached};
use crate::shape::{Const, Rank3};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::fmt;

/// The keys and values of the tokens so far, of one attention, so that the cost of a token grows with its position and not
/// with its square. It holds `B` sequences of up to `T` tokens.
///
/// Each layer has a cache of its own. [`MultiheadAttention::infer_step`] and [`TransformerEncoderLayer::infer_step`] take
/// the next token, and give the row that the whole causal pass gives for it.
///
/// ```
/// use typegrad::nn::KvCache;
/// use typegrad::prelude::*;
/// let rng = &mut Rng::seed(0);
/// let layer = TransformerEncoderLayer::<8, 2, 16>::new(rng).causal().norm_first();
/// let x = Tensor::<Rank3<1, 5, 8>>::randn(rng);
/// let whole = layer.infer(x.clone());
///
/// let mut cache = KvCache::<1, 5, 8>::new();
/// for t in 0..5 {
///     let token = x.clone().narrow_from::<1, 1>(t);
///     let y = layer.infer_step(token, &mut cache);
///     assert!(y.allclose_with(whole.clone().narrow_from::<1, 1>(t), 1e-4, 1e-5, false));
/// }
/// ```
#[derive(Clone)]
pub struct KvCache<const B: usize, const T: usize, const D: usize, E = f32> {
    keys: Storage<E>,
    values: Storage<E>,
    len: usize,
}

impl<const B: usize, const T: usize, const D: usize, E: Float> KvCache<B, T, D, E> {
    /// A cache without tokens.
    #[must_use]
    pub fn new() -> Self {
        let empty = || Storage::filled(B * T * D, E::zero());
        KvCache { keys: empty(), values: empty(), len: 0 }
    }

    /// The number of tokens: the position of the next one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no tokens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Keeps the first `len` tokens only, to continue them in another way.
    ///
    /// # Panics
    /// If the cache has fewer tokens.
    #[track_caller]
    pub fn truncate(&mut self, len: usize) {
        assert!(len <= self.len, "a cache of {} tokens cannot be truncated to {len}", self.len);
        self.len = len;
    }

    /// Appends a row of keys and values for each sequence; `rows` are [q, k, v] next to each other.
    #[track_caller]
    fn append(&mut self, rows: &[E]) {
        assert!(self.len < T, "the cache is full: it holds {T} tokens");
        for (part, into) in [(1, &mut self.keys), (2, &mut self.values)] {
            let into = into.make_mut();
            for (b, row) in rows.chunks_exact((3 * D).max(1)).enumerate() {
                into[(b * T + self.len) * D..][..D].copy_from_slice(&row[part * D..][..D]);
            }
        }
        self.len += 1;
    }
}

impl<const B: usize, const T: usize, const D: usize, E: Float> Default for KvCache<B, T, D, E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const B: usize, const T: usize, const D: usize, E> fmt::Debug for KvCache<B, T, D, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KvCache({B} sequences, {} of {T} tokens, width {D})", self.len)
    }
}

impl<const D: usize, const HEADS: usize, E: Float, P: Biases> MultiheadAttention<D, HEADS, E, P> {
    /// Causal self-attention of the next token to those of the cache and itself, without a graph and without dropout.
    ///
    /// In: `[B, 1, D]`, the token that follows those of the cache, which is appended. Out: `[B, 1, D]`, the row that the
    /// [`causal`](Self::causal) pass over all tokens gives at its position, also if the layer itself is not causal.
    ///
    /// ```
    /// use typegrad::nn::KvCache;
    /// use typegrad::prelude::*;
    /// let attention = MultiheadAttention::<4, 2>::new(&mut Rng::seed(0)).causal();
    /// let x = Tensor::<Rank3<1, 3, 4>>::randn(&mut Rng::seed(1));
    /// let whole = attention.infer(x.clone());
    /// let mut cache = KvCache::<1, 3, 4>::new();
    /// for t in 0..3 {
    ///     let y = attention.infer_step(x.clone().narrow_from::<1, 1>(t), &mut cache);
    ///     assert!(y.allclose_with(whole.clone().narrow_from::<1, 1>(t), 1e-4, 1e-5, false));
    /// }
    /// ```
    ///
    /// # Panics
    /// If the cache is full.
    #[track_caller]
    pub fn infer_step<const B: usize, const T: usize>(
        &self,
        x: Tensor<Rank3<B, 1, D>, E>,
        cache: &mut KvCache<B, T, D, E>,
    ) -> Tensor<Rank3<B, 1, D>, E> {
        let rows = plus_part(x.project(self.in_proj_weight.value()), &self.in_proj_bias, 0);
        cache.append(rows.as_slice());
        let queries = rows.as_slice().chunks_exact((3 * D).max(1)).flat_map(|row| &row[..D]);
        let queries: Vec<E> = queries.copied().collect();
        let sizes = CachedSizes { heads: HEADS, width: D, capacity: T, filled: cache.len };
        let y = attend_cached(&queries, cache.keys.as_slice(), cache.values.as_slice(), sizes);
        self.out_proj.infer(Tensor::<Rank3<B, 1, D>, E>::constant(y))
    }
}

impl<const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases>
    TransformerEncoderLayer<D, HEADS, FF, E, P>
{
    /// The layer on the next token, which attends to those of the cache and itself, without a graph and without dropout.
    ///
    /// In: `[B, 1, D]`, the token that follows those of the cache, which is appended. Out: `[B, 1, D]`, the row that the
    /// [`causal`](Self::causal) pass over all tokens gives at its position.
    ///
    /// # Panics
    /// If the cache is full.
    #[track_caller]
    pub fn infer_step<const B: usize, const T: usize>(
        &self,
        x: Tensor<Rank3<B, 1, D>, E>,
        cache: &mut KvCache<B, T, D, E>,
    ) -> Tensor<Rank3<B, 1, D>, E> {
        let feed_forward = |x: Tensor<Rank3<B, 1, D>, E>| {
            let x: Tensor<(Const<B>, Const<1>, Const<FF>), E> = self.linear1.infer(x);
            self.linear2.infer(if self.gelu { x.gelu() } else { x.relu() })
        };
        if self.norm_first {
            let x = x.clone() + self.self_attn.infer_step(self.norm1.infer(x), cache);
            x.clone() + feed_forward(self.norm2.infer(x))
        } else {
            let x = self.norm1.infer(x.clone() + self.self_attn.infer_step(x, cache));
            self.norm2.infer(x.clone() + feed_forward(x))
        }
    }
}
