//! Attention, head by head: softmax(Q Kᵀ / √d) V, and its gradients from the probabilities.
//!
//! Q, K and V may lie in one tensor, the heads of a row side by side, as a packed projection leaves them: each is
//! read with strides, results are written with them, and nothing is copied apart. The simple version is one product for
//! the scores of a head, the softmax of their rows, and one product with V. Beyond that:
//! 1. Queries are taken in blocks, so that scores are in the cache when the softmax reads them. Kᵀ is packed once for all
//!    blocks of a head.
//! 2. Under a causal mask a block of queries is multiplied with the keys up to its last query only; in the backward
//!    pass a block of keys with the queries from its first key on.
//! 3. Examples are shared by threads. Memory that grows with the square of the length: the scores of one head for
//!    each thread, and the probabilities, if the backward pass needs them.

use super::heads::{HeadRows, Heads};
use super::masks::{Kept, Masks};
use super::rows::Span;
use crate::element::Float;
use crate::kernel::gemm::{Epilogue, Factor, PackedB, multiply, reads_columns};
use crate::kernel::threads::{self, Chunks};
use crate::storage::Storage;

/// The tensors that the forward pass saves.
pub struct Attended<E> {
    /// The probabilities, `[batch, heads, queries, keys]`, before dropout.
    probabilities: Storage<E>,
    kept: Option<Kept<E>>,
}

impl<E> Attended<E> {
    /// The probabilities, `[batch, heads, queries, keys]`, if they were saved.
    pub(crate) fn into_probabilities(self) -> Storage<E> {
        self.probabilities
    }
}

/// A matrix in a slice, with its strides (row, column).
type View<'a, E> = (&'a [E], [usize; 2]);

/// The rows of one head.
fn view<E>(x: &[E], rows: HeadRows, b: usize, h: usize) -> View<'_, E> {
    (x.get(rows.start(b, h)..).unwrap_or(&[]), [rows.row, 1])
}

fn transposed<E>((x, [row, column]): View<'_, E>) -> View<'_, E> {
    (x, [column, row])
}

/// The rows of a matrix from `t` on.
fn from<E>((x, strides): View<'_, E>, t: usize) -> View<'_, E> {
    (x.get(t * strides[0]..).unwrap_or(&[]), strides)
}

/// C = A B, for C at `start` of a slice.
fn product<E: Float>(
    sizes: [usize; 3],
    a: View<'_, E>,
    b: Factor<'_, E>,
    (c, start, row): (&mut [E], usize, usize),
) {
    multiply(sizes, a, b, (c.get_mut(start..).unwrap_or(&mut []), row), false, Epilogue::Nothing);
}

/// The queries, or keys, of a block.
const BLOCK: usize = 32;

/// Blocks of `len` rows: where each begins, and its rows.
fn row_blocks(len: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..len).step_by(BLOCK).map(move |t| (t, BLOCK.min(len - t)))
}

/// A right operand that is multiplied once for each block of `rows`: packed if it is read more than a few times.
struct Right<'a, E: Float>(View<'a, E>, Option<PackedB<E>>);

impl<'a, E: Float> Right<'a, E> {
    fn new(rows: usize, sizes: [usize; 2], x: View<'a, E>) -> Self {
        let is_direct = rows == 1 || reads_columns(rows, sizes[0]);
        Right(x, (!is_direct).then(|| PackedB::new(sizes, x)))
    }

    fn factor(&self) -> Factor<'_, E> {
        self.1.as_ref().map_or(Factor::Plain(self.0.0, self.0.1), Factor::Packed)
    }
}

/// The result, and what the backward pass needs if `save` says that there is one.
#[inline(never)]
pub(crate) fn forward<E: Float>(
    sizes: Heads,
    [q, k, v]: [&[E]; 3],
    masks: &Masks<E>,
    kept: Option<Kept<E>>,
    save: bool,
) -> (Storage<E>, Attended<E>) {
    let Heads { batch, heads, queries, keys, width, values, .. } = sizes;
    let grid = queries * keys;
    let mut y = Storage::unspecified(batch * heads * queries * values);
    let mut p = Storage::unspecified(if save { batch * heads * grid } else { 0 });
    let share = sizes.share();
    let outs = Chunks::new(y.make_mut(), share * sizes.out.batch);
    let grids = Chunks::new(p.make_mut(), share * heads * grid);
    let (masked, scale) = (!masks.grids.is_empty(), E::from_f64(sizes.scale));
    threads::run(batch.div_ceil(share), &|part| {
        // SAFETY: `run` hands out every part once.
        let (out, all) = unsafe { (outs.get(part), grids.get(part)) };
        let mut scratch = Storage::unspecified(if save { 0 } else { grid });
        let mut dropped = Storage::unspecified(if kept.is_some() { BLOCK.min(queries) * keys } else { 0 });
        let (scratch, dropped) = (scratch.make_mut(), dropped.make_mut());
        for (n, b, h) in sizes.each(part * share, share) {
            let i = b * heads + h;
            let p = if save { &mut all[n * grid..][..grid] } else { &mut *scratch };
            let q = view(q, sizes.q, b, h);
            let v = view(v, sizes.v, b, h);
            let k = Right::new(queries, [width, keys], transposed(view(k, sizes.k, b, h)));
            let start = sizes.out.start(n / heads, h);
            for (t, rows) in row_blocks(queries) {
                let span = Span { keys, first: t, causal: masks.causal };
                let seen = span.seen(rows - 1);
                let p = &mut p[t * keys..][..rows * keys];
                product([rows, width, seen], from(q, t), k.factor(), (p, 0, keys));
                if masked {
                    for (i_row, row) in p.chunks_exact_mut(keys.max(1)).enumerate() {
                        let row = &mut row[..span.seen(i_row)];
                        row.iter_mut().for_each(|x| *x *= scale);
                        masks.apply(row, i, t + i_row);
                    }
                }
                E::score_softmax(p, span, if masked { E::one() } else { scale });
                let p = match &kept {
                    Some(kept) => {
                        let dropped = &mut dropped[..rows * keys];
                        dropped.copy_from_slice(p);
                        kept.apply(i * grid + t * keys, dropped);
                        dropped
                    }
                    None => p,
                };
                let to = (&mut *out, start + t * sizes.out.row, sizes.out.row);
                product([rows, seen, values], (p, [keys, 1]), Factor::Plain(v.0, v.1), to);
            }
        }
    });
    (y, Attended { probabilities: p, kept })
}

/// The gradients, as outputs.
pub enum Gradients<'a, E> {
    /// One tensor holds Q, K and V.
    Packed(&'a mut [E]),
    /// Q, and K with V, where they are needed.
    Apart(Option<&'a mut [E]>, Option<&'a mut [E]>),
}

/// The gradients of a part of the examples.
enum Part<'a, E> {
    Packed(&'a mut [E]),
    /// Q, and K with V in one tensor.
    Paired(&'a mut [E], &'a mut [E]),
    Apart([&'a mut [E]; 3]),
}

impl<E> Part<'_, E> {
    fn queries(&mut self) -> &mut [E] {
        match self {
            Part::Packed(x) | Part::Paired(x, _) | Part::Apart([x, ..]) => x,
        }
    }
    fn keys(&mut self) -> &mut [E] {
        match self {
            Part::Packed(x) | Part::Paired(_, x) | Part::Apart([_, x, _]) => x,
        }
    }
    fn values(&mut self) -> &mut [E] {
        match self {
            Part::Packed(x) | Part::Paired(_, x) | Part::Apart([.., x]) => x,
        }
    }
}

/// With G = dL/dy: dV = Pᵀ G, dS = P (G Vᵀ - Σ P G Vᵀ) with sums along rows, dQ = dS K / √d and dK = dSᵀ Q / √d.
/// Under dropout P is the dropped one in the first, and G Vᵀ is dropped in the second. All elements are written.
#[inline(never)]
pub(crate) fn backward<E: Float>(
    sizes: Heads,
    causal: bool,
    grad: &[E],
    operands: [&[E]; 3],
    attended: &Attended<E>,
    into: Gradients<'_, E>,
) {
    let share = sizes.share();
    let cut = |x, rows: HeadRows| Chunks::new(x, share * rows.batch);
    let parts = sizes.batch.div_ceil(share);
    match into {
        Gradients::Packed(all) => {
            let all = cut(all, sizes.q);
            threads::run(parts, &|part| {
                // SAFETY: `run` hands out every part once.
                let into = Part::Packed(unsafe { all.get(part) });
                part_backward(sizes, causal, grad, operands, attended, part * share, [true; 2], into);
            });
        }
        Gradients::Apart(queries, both) => {
            let needs_grad = [queries.is_some(), both.is_some()];
            let queries = cut(queries.unwrap_or_default(), sizes.q);
            let apart = sizes.values_at > 0;
            let (keys, values) =
                both.unwrap_or_default().split_at_mut(if needs_grad[1] { sizes.values_at } else { 0 });
            let (keys, values) = if apart { (keys, values) } else { (values, keys) };
            let (keys, values) = (cut(keys, sizes.k), cut(values, sizes.v));
            threads::run(parts, &|part| {
                // SAFETY: as above.
                let [queries, keys, values] =
                    unsafe { [queries.get(part), keys.get(part), values.get(part)] };
                let into =
                    if apart { Part::Apart([queries, keys, values]) } else { Part::Paired(queries, keys) };
                part_backward(sizes, causal, grad, operands, attended, part * share, needs_grad, into);
            });
        }
    }
}

/// [`backward`] for the examples of a part, from example `first` on.
#[expect(clippy::too_many_arguments, reason = "those of `backward`, and the part")]
fn part_backward<E: Float>(
    sizes: Heads,
    causal: bool,
    grad: &[E],
    [q, k, v]: [&[E]; 3],
    attended: &Attended<E>,
    first: usize,
    [queries_wanted, keys_wanted]: [bool; 2],
    mut into: Part<'_, E>,
) {
    let Heads { heads, queries, keys, width, values, .. } = sizes;
    let (grid, scale) = (queries * keys, E::from_f64(sizes.scale));
    let mut scores = Storage::unspecified(grid);
    let scores = scores.make_mut();
    // A block of keys whose first key is s is needed by the queries from here on.
    let from_query = |s: usize| if causal { s.min(queries) } else { 0 };
    for (n, b, h) in sizes.each(first, sizes.share()) {
        let (i, n) = (b * heads + h, n / heads);
        let p = &attended.probabilities.as_slice()[i * grid..][..grid];
        let g = view(grad, sizes.out, b, h);
        let (q, k, v) = (view(q, sizes.q, b, h), view(k, sizes.k, b, h), view(v, sizes.v, b, h));
        // Columns s.. of a grid, transposed, times rows of x.
        let columns = |grid: &[E], x: View<'_, E>, width: usize, rows: HeadRows, into: &mut [E]| {
            for (s, count) in row_blocks(keys) {
                let t = from_query(s);
                let a = (grid.get(t * keys + s..).unwrap_or(&[]), [1, keys]);
                let x = from(x, t);
                let to = (&mut *into, rows.start(n, h) + s * rows.row, rows.row);
                product([count, queries - t, width], a, Factor::Plain(x.0, x.1), to);
            }
        };
        if keys_wanted {
            let p = match &attended.kept {
                Some(kept) => {
                    scores.copy_from_slice(p);
                    kept.apply(i * grid, scores);
                    &*scores
                }
                None => p,
            };
            columns(p, g, values, sizes.v, into.values());
        }
        let v = Right::new(queries, [values, keys], transposed(v));
        for (t, rows) in row_blocks(queries) {
            let span = Span { keys, first: t, causal };
            let seen = span.seen(rows - 1);
            let block = &mut scores[t * keys..][..rows * keys];
            product([rows, values, seen], from(g, t), v.factor(), (block, 0, keys));
            if let Some(kept) = &attended.kept {
                kept.apply(i * grid + t * keys, block);
            }
            E::score_softmax_backward(block, &p[t * keys..][..rows * keys], span, scale);
            if queries_wanted {
                let to = (into.queries(), sizes.q.start(n, h) + t * sizes.q.row, sizes.q.row);
                product([rows, seen, width], (block, [keys, 1]), Factor::Plain(k.0, k.1), to);
            }
        }
        if keys_wanted {
            columns(scores, q, width, sizes.k, into.keys());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::masks::{Grid, Values};
    use super::*;
    use crate::rng::Rng;

    fn random(len: usize, rng: &mut Rng) -> Vec<f64> {
        (0..len).map(|_| rng.normal()).collect()
    }

    fn close(a: &[f64], b: &[f64]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    #[test]
    fn blocks_of_a_causal_mask_are_the_triangle() {
        for (queries, keys) in [(2 * BLOCK + 5, 2 * BLOCK + 1), (BLOCK - 3, 3 * BLOCK + 2), (3 * BLOCK, 7)] {
            let sizes = Heads::separate(2, [queries, keys], [3, 5]);
            let rng = &mut Rng::seed(3);
            let q = random(2 * queries * 3, rng);
            let (k, v) = (random(2 * keys * 3, rng), random(2 * keys * 5, rng));
            let g = random(2 * queries * 5, rng);
            let triangle = Values::Allowed(Storage::from_fn(queries * keys, |i| i % keys <= i / keys));
            let grid = Grid { values: triangle, shared: 1, count: 1, block: 0, row: keys };
            let [causal, masked] = [(true, vec![]), (false, vec![grid])].map(|(causal, grids)| {
                let masks = Masks { causal, grids };
                let (y, attended) = forward(sizes, [&q, &k, &v], &masks, None, true);
                let (unsaved, nothing) = forward(sizes, [&q, &k, &v], &masks, None, false);
                assert_eq!((&y, nothing.probabilities.len()), (&unsaved, 0));
                let (mut dq, mut dkv) = (vec![f64::NAN; q.len()], vec![f64::NAN; k.len() + v.len()]);
                let into = Gradients::Apart(Some(&mut dq), Some(&mut dkv));
                backward(sizes, causal, &g, [&q, &k, &v], &attended, into);
                [y, attended.probabilities, dq.into(), dkv.into()]
            });
            for (a, b) in causal.iter().zip(&masked) {
                assert!(!a.is_empty() && close(a, b));
            }
        }
    }

    #[test]
    fn bits_do_not_depend_on_the_number_of_threads() {
        let (batch, len, heads, dim) = (5, 70, 4, 32);
        let sizes = Heads::packed(batch, len, heads, dim);
        assert!(sizes.share() < batch, "threads share the examples");
        let rng = &mut Rng::seed(4);
        let (x, g) = (random(batch * len * 3 * dim, rng), random(batch * len * dim, rng));
        let masks = Masks { causal: true, grids: Vec::new() };
        let run = || {
            let (y, attended) = forward(sizes, [&x; 3], &masks, None, true);
            let mut dx = vec![f64::NAN; x.len()];
            backward(sizes, true, &g, [&x; 3], &attended, Gradients::Packed(&mut dx));
            (y, dx)
        };
        assert_eq!(run(), threads::inline(run));
    }
}
