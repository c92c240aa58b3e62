//! The distances of rows. Each is a sum of 16 parts, which run side by side: P R M subtractions and multiplications.

use crate::element::Float;
use crate::kernel::axis::lanes::parts;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::elementwise::scalar::sign;
use crate::storage::Storage;

/// The batch, the rows of both sides, and the length of a row.
pub(crate) type Sizes = [usize; 4];

/// Adds f(|a - b|) up in parts.
#[inline(always)]
fn total<E: Float>(a: &[E], b: &[E], f: impl Fn(E) -> E) -> E {
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

/// (Σ |a - b|ᵖ)^(1/p), and its limits at p = 0 and ∞.
#[inline(always)]
fn distance<E: Float>(a: &[E], b: &[E], p: f64) -> E {
    if p == 2.0 {
        total(a, b, |d| d * d).sqrt()
    } else if p == 1.0 {
        total(a, b, |d| d)
    } else if p == 0.0 {
        total(a, b, |d| if d.is_zero() { E::zero() } else { E::one() })
    } else if p.is_infinite() {
        a.iter().zip(b).fold(E::zero(), |most, (a, b)| {
            let d = (*a - *b).abs();
            if d > most || d.is_nan() { d } else { most }
        })
    } else {
        let p = E::from_f64(p);
        total(a, b, |d| d.powf(p)).powf(E::one() / p)
    }
}

/// The distance of each row of `a` to each of `b`.
#[inline(never)]
pub(crate) fn cdist<E: Float>(a: &[E], b: &[E], [batch, rows_a, rows_b, width]: Sizes, p: f64) -> Storage<E> {
    Storage::written(batch * rows_a * rows_b, |out| {
        parts(out, rows_b.max(1), width, |at, out| {
            at_level(|| {
                for (i, out) in out.iter_mut().enumerate().map(|(i, out)| (at + i, out)) {
                    let (row, j) = (i / rows_b, i % rows_b + i / rows_b / rows_a * rows_b);
                    *out = distance(&a[row * width..][..width], &b[j * width..][..width], p);
                }
            });
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
