//! Sums of products over named axes, as permuted copies around matrix products.
//!
//! The letters of a pair of operands fall in four groups: *batch* (both sides and the result), *left* and *right*
//! (one side and the result), *summed* (both sides only). In that order the contraction is a batch of matrix
//! products, `[batch, left, summed]` times `[batch, summed, right]`. A side whose letters have another order is
//! copied first, which also takes its diagonals and sums what no one else names; one whose matrices are merely
//! transposed is read that way.

use crate::element::Float;
use crate::kernel::matmul::matmul::{Layout, each};
use crate::kernel::memory::List;
use crate::storage::Storage;
use std::ops::Deref;

/// Up to this number, terms are added in sequence; more are added with compensation.
const FEW: usize = 64;

/// One letter: how often it repeats, and how far it moves on both sides of a copy.
struct Loop {
    size: usize,
    from: usize,
    to: usize,
}

/// A copy between an order of letters that may repeat and one in which each occurs once at most.
pub(crate) struct Reorder {
    loops: List<Loop>,
    from: usize,
    to: usize,
    identity: bool,
}

impl Reorder {
    /// From the letters `from`, with these sizes, to the letters `to`.
    pub(crate) fn new(from: &str, sizes: &[usize], to: &str) -> Self {
        let size_of = |letter| from.find(letter).map_or(1, |at| sizes[at]);
        let stride = |letters: &str, letter| -> usize {
            let places = letters.char_indices().filter(|&(_, other)| other == letter);
            places.map(|(at, _)| letters[at + 1..].chars().map(size_of).product::<usize>()).sum()
        };
        let first = from.char_indices().filter(|&(at, letter)| from.find(letter) == Some(at));
        let loops = first
            .map(|(_, letter)| Loop {
                size: size_of(letter),
                from: stride(from, letter),
                to: stride(to, letter),
            })
            .collect();
        let to_len = to.chars().map(size_of).product();
        Reorder { loops, from: sizes.iter().product(), to: to_len, identity: from == to }
    }

    /// The elements in the order `to`: the diagonal of a letter that repeats, the sum over one that is left out.
    pub(crate) fn gather<E: Float>(&self, x: &Storage<E>) -> Storage<E> {
        if self.identity {
            return x.clone();
        }
        let mut out = Storage::filled(self.to, E::zero());
        let (elements, x) = (out.make_mut(), x.as_slice());
        if self.from <= FEW * self.to {
            walk(&self.loops, 0, 0, &mut |from, to| elements[to] += x[from]);
            return out;
        }
        let mut errors = Storage::filled(self.to, E::zero());
        let errors = errors.make_mut();
        walk(&self.loops, 0, 0, &mut |from, to| {
            E::accumulate_exactly(&mut elements[to..=to], &mut errors[to..=to], &x[from..=from]);
        });
        E::accumulate(elements, errors);
        out
    }

    /// The gradient of [`gather`](Self::gather): back to where each element came from, zero off the diagonals.
    pub(crate) fn scatter<E: Float>(&self, grad: Storage<E>) -> Storage<E> {
        if self.identity {
            return grad;
        }
        let mut out = Storage::filled(self.from, E::zero());
        let (elements, grad) = (out.make_mut(), grad.as_slice());
        walk(&self.loops, 0, 0, &mut |from, to| elements[from] = grad[to]);
        out
    }
}

/// A short text, without an allocation: at most 52 letters, each once.
struct Letters {
    bytes: [u8; Letters::MOST],
    len: usize,
}

impl Letters {
    const MOST: usize = 64;

    fn joined(parts: [&str; 3]) -> Self {
        parts.into_iter().flat_map(str::chars).collect()
    }
}

impl FromIterator<char> for Letters {
    fn from_iter<I: IntoIterator<Item = char>>(letters: I) -> Self {
        let mut text = Letters { bytes: [0; Letters::MOST], len: 0 };
        for letter in letters {
            text.len += letter.encode_utf8(&mut text.bytes[text.len..]).len();
        }
        text
    }
}

impl Deref for Letters {
    type Target = str;
    fn deref(&self) -> &str {
        str::from_utf8(&self.bytes[..self.len]).expect("letters, each written whole")
    }
}

/// Calls `f` with the two positions of every index.
fn walk(loops: &[Loop], from: usize, to: usize, f: &mut impl FnMut(usize, usize)) {
    match loops {
        [] => f(from, to),
        [last] => (0..last.size).for_each(|i| f(from + i * last.from, to + i * last.to)),
        [first, rest @ ..] => {
            (0..first.size).for_each(|i| walk(rest, from + i * first.from, to + i * first.to, f));
        }
    }
}

/// The contraction of two operands.
pub(crate) struct Pair {
    left: (Reorder, Layout),
    right: (Reorder, Layout),
    out: Reorder,
    batch: usize,
    sizes: [usize; 3],
}

impl Pair {
    /// From the letters of the operands and the result, and the sizes of the operands.
    pub(crate) fn new([a, b, out]: [&str; 3], a_sizes: &[usize], b_sizes: &[usize]) -> Self {
        let size_of = |letter| match a.find(letter) {
            Some(at) => a_sizes[at],
            None => b.find(letter).map_or(1, |at| b_sizes[at]),
        };
        let count = |letters: &str| letters.chars().map(size_of).product::<usize>();
        // The letters of `side`, each once, that are or are not on the other side and in the result.
        let group = |side: &str, other: &str, shared: bool, kept: bool| {
            let first = side.char_indices().filter(|&(at, letter)| side.find(letter) == Some(at));
            first
                .map(|(_, letter)| letter)
                .filter(|&letter| other.contains(letter) == shared && out.contains(letter) == kept)
                .collect::<Letters>()
        };
        let (batch, summed) = (group(a, b, true, true), group(a, b, true, false));
        let (left, right) = (group(a, b, false, true), group(b, a, false, true));

        let side = |letters: &str, sizes: &[usize], rows: &str, columns: &str| {
            let transposed = Letters::joined([&batch, columns, rows]);
            if *letters == *transposed && !rows.is_empty() && !columns.is_empty() {
                return (Reorder::new(letters, sizes, &transposed), Layout::Transposed);
            }
            (Reorder::new(letters, sizes, &Letters::joined([&batch, rows, columns])), Layout::Normal)
        };
        let product = Letters::joined([&batch, &left, &right]);
        let product_sizes: List<_> = product.chars().map(size_of).collect();
        Pair {
            left: side(a, a_sizes, &left, &summed),
            right: side(b, b_sizes, &summed, &right),
            out: Reorder::new(&product, &product_sizes, out),
            batch: count(&batch),
            sizes: [count(&left), count(&summed), count(&right)],
        }
    }

    /// The operands as batches of matrices.
    pub(crate) fn pack<E: Float>(&self, a: &Storage<E>, b: &Storage<E>) -> (Storage<E>, Storage<E>) {
        (self.left.0.gather(a), self.right.0.gather(b))
    }

    /// The result, from packed operands.
    pub(crate) fn product<E: Float>(&self, a: &Storage<E>, b: &Storage<E>) -> Storage<E> {
        let a = (a.as_slice(), self.left.1, self.batch);
        let b = (b.as_slice(), self.right.1, self.batch);
        self.out.gather(&each(self.batch, self.sizes, a, b, self.batch))
    }

    /// The gradient of the product, as a batch of matrices, from that of the result.
    pub(crate) fn pack_gradient<E: Float>(&self, grad: Storage<E>) -> Storage<E> {
        self.out.scatter(grad)
    }

    /// The gradient of the left operand, from the packed gradient and the packed right operand: dL/dC Bᵀ, or
    /// B (dL/dC)ᵀ where the left matrices are transposed.
    pub(crate) fn left_gradient<E: Float>(&self, grad: &Storage<E>, b: &Storage<E>) -> Storage<E> {
        let ([m, k, n], count) = (self.sizes, self.batch);
        let (grad, b) = (grad.as_slice(), b.as_slice());
        let packed = match self.left.1 {
            Layout::Normal => {
                let b = (b, self.right.1.flipped(), count);
                each(count, [m, n, k], (grad, Layout::Normal, count), b, count)
            }
            Layout::Transposed => {
                let b = (b, self.right.1, count);
                each(count, [k, n, m], b, (grad, Layout::Transposed, count), count)
            }
        };
        self.left.0.scatter(packed)
    }

    /// The gradient of the right operand, likewise: Aᵀ dL/dC, or (dL/dC)ᵀ A.
    pub(crate) fn right_gradient<E: Float>(&self, a: &Storage<E>, grad: &Storage<E>) -> Storage<E> {
        let ([m, k, n], count) = (self.sizes, self.batch);
        let (grad, a) = (grad.as_slice(), a.as_slice());
        let packed = match self.right.1 {
            Layout::Normal => {
                let a = (a, self.left.1.flipped(), count);
                each(count, [k, m, n], a, (grad, Layout::Normal, count), count)
            }
            Layout::Transposed => {
                let a = (a, self.left.1, count);
                each(count, [n, m, k], (grad, Layout::Transposed, count), a, count)
            }
        };
        self.right.0.scatter(packed)
    }
}
