//! The sizes of an attention, and where its operands lie.

/// The layout of the rows of one operand: row `t` of head `h` of example `b` is at
/// `offset + b * batch + h * head + t * row`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadRows {
    offset: usize,
    pub(super) batch: usize,
    head: usize,
    pub(super) row: usize,
}

impl HeadRows {
    pub(super) fn start(self, b: usize, h: usize) -> usize {
        self.offset + b * self.batch + h * self.head
    }
}

/// The sizes of an attention, and where its operands lie.
#[derive(Clone, Copy, Debug)]
pub struct Heads {
    pub(super) batch: usize,
    pub(super) heads: usize,
    pub(super) queries: usize,
    pub(super) keys: usize,
    /// The length of a query and of a key.
    pub(super) width: usize,
    /// The length of a value.
    pub(super) values: usize,
    pub(super) scale: f64,
    pub(super) q: HeadRows,
    pub(super) k: HeadRows,
    pub(super) v: HeadRows,
    pub(super) out: HeadRows,
    /// Where V begins in the gradient of K and V, if they are tensors of their own: after K.
    pub(super) values_at: usize,
}

impl Heads {
    /// `[batch, queries, width]`, `[batch, keys, width]` and `[batch, keys, values]`, each on its own.
    pub(crate) fn separate(batch: usize, [queries, keys]: [usize; 2], [width, values]: [usize; 2]) -> Self {
        let rows = |len, width| HeadRows { offset: 0, batch: len * width, head: 0, row: width };
        Heads {
            batch,
            heads: 1,
            queries,
            keys,
            width,
            values,
            scale: default_scale(width),
            q: rows(queries, width),
            k: rows(keys, width),
            v: rows(keys, values),
            out: rows(queries, values),
            values_at: batch * keys * width,
        }
    }

    /// Q, K and V side by side: `[batch, len, 3 * dim]`.
    pub(crate) fn packed(batch: usize, len: usize, heads: usize, dim: usize) -> Self {
        let mut sizes = Heads::paired(batch, [len, len], heads, dim);
        sizes.q = HeadRows { offset: 0, batch: len * 3 * dim, head: sizes.width, row: 3 * dim };
        sizes.k = HeadRows { offset: dim, ..sizes.q };
        sizes.v = HeadRows { offset: 2 * dim, ..sizes.q };
        sizes
    }

    /// Q of `[batch, queries, dim]`, and K and V side by side: `[batch, keys, 2 * dim]`.
    pub(crate) fn paired(batch: usize, [queries, keys]: [usize; 2], heads: usize, dim: usize) -> Self {
        let width = dim / heads;
        let q = HeadRows { offset: 0, batch: queries * dim, head: width, row: dim };
        let k = HeadRows { offset: 0, batch: keys * 2 * dim, head: width, row: 2 * dim };
        let v = HeadRows { offset: dim, ..k };
        let scale = default_scale(width);
        Heads { batch, heads, queries, keys, width, values: width, scale, q, k, v, out: q, values_at: 0 }
    }

    /// Q of `[batch, queries, dim]`, K and V of `[batch, keys, dim]`, each on its own, with its heads side by side.
    pub(crate) fn apart(batch: usize, [queries, keys]: [usize; 2], heads: usize, dim: usize) -> Self {
        let sizes = Heads::paired(batch, [queries, keys], heads, dim);
        let k = HeadRows { batch: keys * dim, row: dim, ..sizes.k };
        Heads { k, v: k, values_at: batch * keys * dim, ..sizes }
    }

    /// The same with another factor for the scores.
    pub(crate) fn scaled(mut self, scale: f64) -> Self {
        self.scale = scale;
        self
    }

    /// The heads of `count` examples from `first` on: the number of the head in this part, its example, and its number in
    /// that.
    pub(super) fn each(self, first: usize, count: usize) -> impl Iterator<Item = (usize, usize, usize)> {
        let count = count.min(self.batch - first);
        (0..count * self.heads).map(move |n| (n, first + n / self.heads, n % self.heads))
    }

    /// The examples that are worth a thread.
    pub(super) fn share(self) -> usize {
        /// The multiply-adds that are.
        const PART: usize = 1 << 20;
        let work = self.heads * self.queries * self.keys * (self.width + self.values);
        PART.div_ceil(work.max(1)).clamp(1, self.batch.max(1))
    }
}

fn default_scale(width: usize) -> f64 {
    (width as f64).sqrt().recip()
}
