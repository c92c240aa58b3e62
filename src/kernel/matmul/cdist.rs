//! The distances of rows. Each is a sum of 16 parts, which run side by side, of at most 64 terms each, and of such sums in
//! pairs: P R M subtractions and multiplications.

use crate::element::Float;
use crate::kernel::axis::lanes::parts;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::elementwise::scalar::sign;
use crate::storage::Storage;

/// The batch, the rows of both sides, and the length of a row.
pub(crate) type Sizes = [usize; 4];

/// The terms that are added before they are paired.
const LEAF: usize = 1024;

/// The sum of f(|a - b|), pairwise.
#[inline(always)]
fn total<E: Float>(a: &[E], b: &[E], f: impl Fn(E) -> E) -> E {
    if a.len() <= LEAF {
        return leaf(a, b, f);
    }
    // The sums of 2ⁱ leaves, where bit i of `count` is set.
    let (mut sums, mut count) = ([E::zero(); usize::BITS as usize], 0_usize);
    for (a, b) in a.chunks(LEAF).zip(b.chunks(LEAF)) {
        let (mut sum, mut i) = (leaf(a, b, &f), 0);
        while count >> i & 1 == 1 {
            sum += sums[i];
            i += 1;
        }
        sums[i] = sum;
        count += 1;
    }
    let mut total = E::zero();
    for (i, sum) in sums.iter().enumerate() {
        if count >> i & 1 == 1 {
            total += *sum;
        }
    }
    total
}

/// Adds f(|a - b|) up in parts.
#[inline(always)]
fn leaf<E: Float>(a: &[E], b: &[E], f: impl Fn(E) -> E) -> E {
    let mut sums = [E::zero(); 16];
    let (a, rest_a) = a.as_chunks::<16>();
    let (b, rest_b) = b.as_chunks::<16>();
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += f((*a - *b).abs());
        }
    }
    for (sum, (a, b)) in sums.iter_mut().zip(rest_a.iter().zip(rest_b)) {
        *sum += f((*a - *b).abs());
    }
    let mut half = 8;
    while half > 0 {
        for i in 0..half {
            let upper = sums[i + half];
            sums[i] += upper;
        }
        half /= 2;
    }
    sums[0]
}

/// (Σ (a - b)²)^½, or NaN if the sum may have left the range.
#[inline(always)]
fn euclidean<E: Float>(a: &[E], b: &[E]) -> E {
    let squares = total(a, b, |d| d * d);
    let exact = squares.is_finite() && squares > E::min_positive_value() / E::epsilon();
    if exact { squares.sqrt() } else { E::nan() }
}

/// (Σ |a - b|ᵖ)^(1/p), and its limits at p = 0 and ∞, by way of the differences.
fn distance<E: Float>(a: &[E], b: &[E], p: f64, differences: &mut Vec<E>) -> E {
    differences.clear();
    differences.extend(a.iter().zip(b).map(|(a, b)| *a - *b));
    let mut norm = [E::zero()];
    E::norm(differences, differences.len(), p, &mut norm);
    norm[0]
}

/// The distance of each row of `a` to each of `b`.
#[inline(never)]
pub(crate) fn cdist<E: Float>(a: &[E], b: &[E], [batch, rows_a, rows_b, width]: Sizes, p: f64) -> Storage<E> {
    Storage::written(batch * rows_a * rows_b, |out| {
        parts(out, rows_b.max(1), width, |at, out| {
            let pair = |i: usize| {
                let (row, j) = ((at + i) / rows_b, (at + i) % rows_b + (at + i) / rows_b / rows_a * rows_b);
                (&a[row * width..][..width], &b[j * width..][..width])
            };
            at_level(|| {
                for (i, out) in out.iter_mut().enumerate() {
                    let (a, b) = pair(i);
                    *out = if p == 2.0 {
                        euclidean(a, b)
                    } else if p == 1.0 {
                        total(a, b, |d| d)
                    } else {
                        E::nan()
                    };
                }
            });
            let mut differences = Vec::new();
            for (i, out) in out.iter_mut().enumerate().filter(|(_, out)| out.is_nan()) {
                let (a, b) = pair(i);
                *out = distance(a, b, p, &mut differences);
            }
        });
    })
}

/// The gradient of the distances for the first rows; with the sides exchanged, and the gradient transposed, for the others.
#[inline(never)]
pub(crate) fn cdist_backward<E: Float>(
    g: impl Fn(usize, usize, usize) -> (E, E) + Sync,
    a: &[E],
    b: &[E],
    [batch, rows_a, rows_b, width]: Sizes,
    p: f64,
) -> Storage<E> {
    let power = E::from_f64(p - 1.0);
    Storage::written(batch * rows_a * width, |out| {
        parts(out, width.max(1), rows_b, |at, out| {
            for (row, out) in
                out.chunks_exact_mut(width.max(1)).enumerate().map(|(i, out)| (at / width + i, out))
            {
                out.fill(E::zero());
                let (n, i) = (row / rows_a, row % rows_a);
                let a = &a[row * width..][..width];
                for j in 0..rows_b {
                    let (g, d) = g(n, i, j);
                    // Equal rows have no direction: 0, as in PyTorch.
                    if d.is_zero() || p == 0.0 {
                        continue;
                    }
                    let b = &b[(n * rows_b + j) * width..][..width];
                    let pairs = out.iter_mut().zip(a.iter().zip(b));
                    if p == 2.0 {
                        pairs.for_each(|(out, (a, b))| *out += g * ((*a - *b) / d));
                    } else if p == 1.0 {
                        pairs.for_each(|(out, (a, b))| *out += g * sign(*a - *b));
                    } else if p.is_infinite() {
                        pairs
                            .filter(|(_, (a, b))| (**a - **b).abs() == d)
                            .for_each(|(out, (a, b))| *out += g * sign(*a - *b));
                    } else {
                        pairs.filter(|(_, (a, b))| a != b).for_each(|(out, (a, b))| {
                            *out += g * sign(*a - *b) * ((*a - *b).abs() / d).powf(power);
                        });
                    }
                }
            }
        });
    })
}
