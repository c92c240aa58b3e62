//! Attention, head by head: softmax(Q Kᵀ / √d) V, and its gradients from the probabilities.
//!
//! Q, K and V may lie in one tensor, the heads of a row side by side, as a packed projection leaves them: each is
//! read with strides, and nothing is copied apart. One head is three or five small products in scratch memory that
//! all heads use again; the probabilities, which the backward pass needs, are the one thing that grows with the
//! square of the length.

use crate::element::Float;
use crate::kernel::gemm::{Epilogue, Factor, multiply};
use crate::kernel::random::dropout;
use crate::rng::Rng;
use crate::storage::Storage;

/// Where the rows of one operand lie: row `t` of head `h` of example `b` begins at
/// `offset + b * batch + h * head + t * row`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    offset: usize,
    batch: usize,
    head: usize,
    row: usize,
}

impl Rows {
    fn start(self, b: usize, h: usize) -> usize {
        self.offset + b * self.batch + h * self.head
    }
}

/// The sizes of an attention, and where its operands lie.
#[derive(Clone, Copy, Debug)]
pub struct Heads {
    batch: usize,
    heads: usize,
    queries: usize,
    keys: usize,
    /// The length of a query and of a key.
    width: usize,
    /// The length of a value.
    values: usize,
    scale: f64,
    q: Rows,
    k: Rows,
    v: Rows,
    out: Rows,
    /// Where V begins in the gradient of K and V, if they are tensors of their own: behind K.
    behind: usize,
}

impl Heads {
    /// `[batch, queries, width]`, `[batch, keys, width]` and `[batch, keys, values]`, each on its own.
    pub(crate) fn separate(batch: usize, [queries, keys]: [usize; 2], [width, values]: [usize; 2]) -> Self {
        let rows = |len, width| Rows { offset: 0, batch: len * width, head: 0, row: width };
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
            behind: batch * keys * width,
        }
    }

    /// Q, K and V side by side: `[batch, len, 3 * dim]`.
    pub(crate) fn packed(batch: usize, len: usize, heads: usize, dim: usize) -> Self {
        let mut sizes = Heads::paired(batch, [len, len], heads, dim);
        sizes.q = Rows { offset: 0, batch: len * 3 * dim, head: sizes.width, row: 3 * dim };
        sizes.k = Rows { offset: dim, ..sizes.q };
        sizes.v = Rows { offset: 2 * dim, ..sizes.q };
        sizes
    }

    /// Q of `[batch, queries, dim]`, and K and V side by side: `[batch, keys, 2 * dim]`.
    pub(crate) fn paired(batch: usize, [queries, keys]: [usize; 2], heads: usize, dim: usize) -> Self {
        let width = dim / heads;
        let q = Rows { offset: 0, batch: queries * dim, head: width, row: dim };
        let k = Rows { offset: 0, batch: keys * 2 * dim, head: width, row: 2 * dim };
        let v = Rows { offset: dim, ..k };
        let scale = default_scale(width);
        Heads { batch, heads, queries, keys, width, values: width, scale, q, k, v, out: q, behind: 0 }
    }

    /// The same with another factor for the scores.
    pub(crate) fn scaled(mut self, scale: f64) -> Self {
        self.scale = scale;
        self
    }

    /// Example and head, one after the other.
    fn each(self) -> impl Iterator<Item = (usize, usize, usize)> {
        (0..self.batch * self.heads).map(move |i| (i, i / self.heads, i % self.heads))
    }
}

fn default_scale(width: usize) -> f64 {
    (width as f64).sqrt().recip()
}

/// What a grid of scores is masked with.
#[derive(Clone)]
pub(crate) enum Values<E> {
    /// `true` may be attended to.
    Allowed(Storage<bool>),
    /// `true` may not be attended to.
    Forbidden(Storage<bool>),
    /// Added to the scores.
    Added(Storage<E>),
}

/// One mask: the values for row `t` of the scores of head `i` (example by example) begin at
/// `i / shared % count * block + t * row`.
#[derive(Clone)]
pub(crate) struct Grid<E> {
    pub(crate) values: Values<E>,
    pub(crate) shared: usize,
    pub(crate) count: usize,
    pub(crate) block: usize,
    pub(crate) row: usize,
}

/// What each query may attend to.
#[derive(Clone)]
pub(crate) struct Masks<E> {
    pub(crate) causal: bool,
    pub(crate) grids: Vec<Grid<E>>,
}

impl<E: Float> Masks<E> {
    /// How many of the keys query `t` sees at most: the first ones.
    fn seen(&self, t: usize, keys: usize) -> usize {
        if self.causal { keys.min(t + 1) } else { keys }
    }

    fn apply(&self, row: &mut [E], i: usize, t: usize) {
        for grid in &self.grids {
            let start = i / grid.shared % grid.count * grid.block + t * grid.row;
            let never = E::neg_infinity();
            match &grid.values {
                Values::Allowed(mask) => {
                    let mask = &mask.as_slice()[start..];
                    row.iter_mut().zip(mask).filter(|(_, allowed)| !**allowed).for_each(|(x, _)| *x = never);
                }
                Values::Forbidden(mask) => {
                    let mask = &mask.as_slice()[start..];
                    row.iter_mut()
                        .zip(mask)
                        .filter(|(_, forbidden)| **forbidden)
                        .for_each(|(x, _)| *x = never);
                }
                Values::Added(mask) => {
                    row.iter_mut().zip(&mask.as_slice()[start..]).for_each(|(x, mask)| *x += *mask);
                }
            }
        }
    }
}

/// eˣ / Σ eˣ of a row; zeros where every score is minus infinity: such a query attends to nothing.
fn probabilities<E: Float>(row: &mut [E]) {
    let max = row.iter().fold(E::neg_infinity(), |a, b| if *b > a { *b } else { a });
    if max == E::neg_infinity() && row.iter().all(|x| *x == max) {
        row.fill(E::zero());
        return;
    }
    let mut sum = E::zero();
    for x in row.iter_mut() {
        *x = (*x - max).exp();
        sum += *x;
    }
    let factor = sum.recip();
    row.iter_mut().for_each(|x| *x *= factor);
}

/// Which probabilities dropout keeps, a bit for each, and what they are multiplied by.
pub(crate) struct Kept<E> {
    bits: Vec<u64>,
    factor: E,
}

impl<E: Float> Kept<E> {
    /// Each probability is dropped with the probability `p`.
    pub(crate) fn draw(sizes: Heads, p: f64, rng: &mut Rng) -> Self {
        let bits = dropout::mask(sizes.batch * sizes.heads * sizes.queries * sizes.keys, p, rng);
        Kept { bits, factor: E::from_f64((1.0 - p).recip()) }
    }

    /// Drops some of `x`, which begins at element `start` of all.
    fn apply(&self, start: usize, x: &mut [E]) {
        for (i, x) in (start..).zip(x) {
            *x = if self.bits[i / 64] >> (i % 64) & 1 == 1 { *x * self.factor } else { E::zero() };
        }
    }
}

/// What the forward pass leaves behind.
pub(crate) struct Attended<E> {
    /// The probabilities, `[batch, heads, queries, keys]`, before dropout.
    probabilities: Storage<E>,
    kept: Option<Kept<E>>,
}

/// Copies rows of `width` into their places.
fn put<E: Copy>(from: &[E], width: usize, to: &mut [E], rows: Rows, (b, h): (usize, usize)) {
    let start = rows.start(b, h);
    for (t, from) in from.chunks_exact(width.max(1)).enumerate() {
        to[start + t * rows.row..][..width].copy_from_slice(from);
    }
}

/// The rows of one head, with their strides, as an operand of a product.
fn view<E>(x: &[E], rows: Rows, (b, h): (usize, usize)) -> (&[E], [usize; 2]) {
    (x.get(rows.start(b, h)..).unwrap_or(&[]), [rows.row, 1])
}

/// The transpose of a matrix in a product.
fn transposed<E>((x, [row, column]): (&[E], [usize; 2])) -> (&[E], [usize; 2]) {
    (x, [column, row])
}

/// The queries of a block under a causal mask.
const BLOCK: usize = 48;

/// The result, and what the backward pass needs.
#[inline(never)]
pub(crate) fn forward<E: Float>(
    sizes: Heads,
    [q, k, v]: [&[E]; 3],
    masks: &Masks<E>,
    kept: Option<Kept<E>>,
) -> (Storage<E>, Attended<E>) {
    let Heads { queries, keys, width, values, .. } = sizes;
    let count = sizes.batch * sizes.heads;
    let mut y = Storage::filled(count * queries * values, E::default());
    let mut p = Storage::filled(count * queries * keys, E::default());
    let (out, all) = (y.make_mut(), p.make_mut());
    // Under a causal mask a block of queries sees the keys up to its last query.
    let together = if masks.causal { BLOCK } else { queries.max(1) };
    let blocks = || (0..queries).step_by(together).map(|t| (t, together.min(queries - t)));
    let mut dropped = vec![E::default(); if kept.is_some() { queries * keys } else { 0 }];
    let scale = E::from_f64(sizes.scale);
    for (i, b, h) in sizes.each() {
        let p = &mut all[i * queries * keys..][..queries * keys];
        let keys_here = transposed(view(k, sizes.k, (b, h)));
        let (queries_here, strides) = view(q, sizes.q, (b, h));
        for (t, rows) in blocks() {
            let size = [rows, width, masks.seen(t + rows - 1, keys)];
            let queries = queries_here.get(t * strides[0]..).unwrap_or(&[]);
            let keys_here = Factor::Plain(keys_here.0, keys_here.1);
            multiply(
                size,
                (queries, strides),
                keys_here,
                (&mut p[t * keys..], keys),
                false,
                Epilogue::Nothing,
            );
        }
        for (t, row) in p.chunks_exact_mut(keys.max(1)).enumerate() {
            let (row, unseen) = row.split_at_mut(masks.seen(t, keys));
            row.iter_mut().for_each(|x| *x *= scale);
            masks.apply(row, i, t);
            probabilities(row);
            unseen.fill(E::zero());
        }
        let p = match &kept {
            Some(kept) => {
                dropped.copy_from_slice(p);
                kept.apply(i * queries * keys, &mut dropped);
                &dropped
            }
            None => &*p,
        };
        let (values_here, strides) = view(v, sizes.v, (b, h));
        let out = &mut out[sizes.out.start(b, h)..];
        for (t, rows) in blocks() {
            let size = [rows, masks.seen(t + rows - 1, keys), values];
            let out = (&mut out[t * sizes.out.row..], sizes.out.row);
            let values_here = Factor::Plain(values_here, strides);
            multiply(size, (&p[t * keys..], [keys, 1]), values_here, out, false, Epilogue::Nothing);
        }
    }
    (y, Attended { probabilities: p, kept })
}

/// Where the gradients go, which is all zeros.
pub(crate) enum Gradients<'a, E> {
    /// One tensor holds Q, K and V.
    Packed(&'a mut [E]),
    /// Q, and K with V, where they are wanted.
    Apart(Option<&'a mut [E]>, Option<&'a mut [E]>),
}

impl<E> Gradients<'_, E> {
    fn queries(&mut self) -> Option<&mut [E]> {
        match self {
            Gradients::Packed(all) => Some(all),
            Gradients::Apart(queries, _) => queries.as_deref_mut(),
        }
    }

    fn keys(&mut self) -> Option<&mut [E]> {
        match self {
            Gradients::Packed(all) => Some(all),
            Gradients::Apart(_, keys) => keys.as_deref_mut(),
        }
    }
}

/// With G = dL/dy: dV = Pᵀ G, dS = P (G Vᵀ - Σ P G Vᵀ) with sums along rows, dQ = dS K / √d and dK = dSᵀ Q / √d.
/// Under dropout P is the dropped one in the first, and G Vᵀ is dropped in the second.
#[inline(never)]
pub(crate) fn backward<E: Float>(
    sizes: Heads,
    grad: &[E],
    [q, k, v]: [&[E]; 3],
    attended: &Attended<E>,
    mut into: Gradients<'_, E>,
) {
    let Heads { queries, keys, width, values, .. } = sizes;
    let scale = E::from_f64(sizes.scale);
    let v_into = Rows { offset: sizes.v.offset + sizes.behind, ..sizes.v };
    let mut scores = vec![E::default(); queries * keys];
    let mut part = vec![E::default(); queries.max(keys) * width.max(values)];
    for (i, b, h) in sizes.each() {
        let at = (b, h);
        let start = i * queries * keys;
        let p = &attended.probabilities.as_slice()[start..][..queries * keys];
        let g = view(grad, sizes.out, at);
        if let Some(into) = into.keys() {
            let p = match &attended.kept {
                Some(kept) => {
                    scores.copy_from_slice(p);
                    kept.apply(start, &mut scores);
                    &scores
                }
                None => p,
            };
            let part = &mut part[..keys * values];
            E::gemm([keys, queries, values], (p, [1, keys]), g, part);
            put(part, values, into, v_into, at);
        }
        E::gemm([queries, values, keys], g, transposed(view(v, sizes.v, at)), &mut scores);
        if let Some(kept) = &attended.kept {
            kept.apply(start, &mut scores);
        }
        for (slope, p) in scores.chunks_exact_mut(keys.max(1)).zip(p.chunks_exact(keys.max(1))) {
            let mean: E = slope.iter().zip(p).map(|(slope, p)| *slope * *p).sum();
            slope.iter_mut().zip(p).for_each(|(slope, p)| *slope = *p * (*slope - mean) * scale);
        }
        if let Some(into) = into.queries() {
            let part = &mut part[..queries * width];
            E::gemm([queries, keys, width], (&scores, [keys, 1]), view(k, sizes.k, at), part);
            put(part, width, into, sizes.q, at);
        }
        if let Some(into) = into.keys() {
            let part = &mut part[..keys * width];
            E::gemm([keys, queries, width], (&scores, [1, keys]), view(q, sizes.q, at), part);
            put(part, width, into, sizes.k, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_a_causal_mask_are_the_triangle() {
        let (queries, keys) = (2 * BLOCK + 5, 2 * BLOCK + 1);
        let sizes = Heads::separate(2, [queries, keys], [3, 5]);
        let rng = &mut Rng::seed(3);
        let mut random = |len: usize| (0..len).map(|_| rng.normal()).collect::<Vec<f64>>();
        let (q, k, v) = (random(2 * queries * 3), random(2 * keys * 3), random(2 * keys * 5));
        let triangle = Values::Allowed(Storage::from_fn(queries * keys, |i| i % keys <= i / keys));
        let grid = Grid { values: triangle, shared: 1, count: 1, block: 0, row: keys };
        let [causal, masked] = [(true, vec![]), (false, vec![grid])].map(|(causal, grids)| {
            let (y, attended) = forward(sizes, [&q, &k, &v], &Masks { causal, grids }, None);
            [y, attended.probabilities]
        });
        for (a, b) in causal.iter().zip(&masked) {
            assert!(!a.is_empty() && a.iter().zip(b.iter()).all(|(a, b)| (a - b).abs() < 1e-12));
        }
    }
}
