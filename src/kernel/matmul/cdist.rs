//! The distances of rows: P R M subtractions and multiplications, on tiles of a few rows of A and as many rows of B as two
//! vectors have lanes. A distance is a sum of 64 terms in sequence, of 64 such sums, and of those.

use super::cdist_norms::{Columns, FEW, HEIGHT, PANEL};
use crate::element::Float;
use crate::kernel::axis::lanes::for_each_part;
use crate::kernel::axis::long_sums::LongSums;
use crate::kernel::gemm::transpose;
use crate::storage::Storage;

/// The batch, the rows of both sides, and the length of a row.
pub(crate) type Sizes = [usize; 4];

/// (Σ |a - b|ᵖ)^(1/p), and its limits at p = 0 and ∞, by way of the differences.
fn distance<E: Float>(a: &[E], b: &[E], p: f64, differences: &mut Vec<E>) -> E {
    differences.clear();
    differences.extend_from_slice(a);
    E::differences(differences, b, E::zero());
    let mut norm = [E::zero()];
    E::norm(differences, differences.len(), p, &mut norm);
    norm[0]
}

/// The rows of A that a thread takes at a time are a multiple of this.
const ROWS: usize = 16;

/// The distance of each row of `a` to each of `b`.
#[inline(never)]
pub(crate) fn cdist<E: Float>(a: &[E], b: &[E], [batch, rows_a, rows_b, width]: Sizes, p: f64) -> Storage<E> {
    let panels = rows_b.div_ceil(PANEL) * PANEL * width;
    let mut columns = Storage::empty();
    if rows_a >= FEW || p != 2.0 {
        columns = Storage::filled(batch * panels, E::zero());
        if panels > 0 {
            let blocks = columns.make_mut().chunks_exact_mut(panels).zip(b.chunks_exact(rows_b * width));
            for (to, b) in blocks {
                for (to, b) in to.chunks_exact_mut(PANEL * width).zip(b.chunks(PANEL * width)) {
                    transpose([width, b.len() / width], (b, width), (to, PANEL));
                }
            }
        }
    }
    Storage::written(batch * rows_a * rows_b, |out| {
        for_each_part(out, rows_b.max(1) * ROWS.min(rows_a.max(1)), width, |at, out| {
            let mut differences = Vec::new();
            // The rows of A of one block of the batch after those of another.
            let mut done = 0;
            while done < out.len() {
                let row = (at + done) / rows_b;
                let n = row / rows_a;
                let rows = ((n + 1) * rows_a - row).min((out.len() - done) / rows_b);
                let a = &a[row * width..][..rows * width];
                let b = &b[n * rows_b * width..][..rows_b * width];
                let out = &mut out[done..][..rows * rows_b];
                if columns.is_empty() && width > 0 {
                    E::euclidean(a, b, width, out);
                } else {
                    let panels = &columns[n * panels..][..panels];
                    E::distances(a, Columns { panels, width, count: rows_b }, p, out);
                }
                // A count is in range: if it is NaN, so is a difference.
                for (i, out) in out.iter_mut().enumerate().filter(|(_, out)| out.is_nan() && p != 0.0) {
                    let (a, b) = (&a[i / rows_b * width..][..width], &b[i % rows_b * width..][..width]);
                    *out = distance(a, b, p, &mut differences);
                }
                done += rows * rows_b;
            }
        });
    })
}

/// The rows of B whose terms of a gradient are added in sequence.
const TERMS: usize = 64;

/// The gradient of the distances `y` for the rows of the first operand, or, `turned`, for those of the second, which are `a`
/// here: then `g` and `y` have a row for each of `b`.
#[inline(never)]
pub(crate) fn cdist_backward<E: Float>(
    [g, y]: [&[E]; 2],
    turned: bool,
    [a, b]: [&[E]; 2],
    [batch, rows_a, rows_b, width]: Sizes,
    p: f64,
) -> Storage<E> {
    if p == 0.0 {
        return Storage::filled(a.len(), E::zero());
    }
    Storage::written(batch * rows_a * width, |out| {
        for_each_part(out, width.max(1) * ROWS.min(rows_a.max(1)), rows_b, |at, out| {
            let mut factors = Storage::unspecified(2 * rows_b * HEIGHT);
            let mut part = Storage::unspecified(if rows_b > TERMS { HEIGHT * width } else { 0 });
            let mut done = 0;
            while done < out.len() {
                let row = (at + done) / width;
                let (n, i) = (row / rows_a, row % rows_a);
                // Of one block of the batch, as many as a tile has, or one.
                let rows = if (rows_a - i).min((out.len() - done) / width) < HEIGHT { 1 } else { HEIGHT };
                let (of_g, of_y) = factors.make_mut()[..2 * rows_b * rows].split_at_mut(rows_b * rows);
                for (to, from) in [(&mut *of_g, g), (&mut *of_y, y)] {
                    for (j, to) in to.chunks_exact_mut(rows).enumerate() {
                        for (r, to) in to.iter_mut().enumerate() {
                            let at = if turned {
                                (n * rows_b + j) * rows_a + i + r
                            } else {
                                (row + r) * rows_b + j
                            };
                            *to = from[at];
                        }
                    }
                }
                let b = &b[n * rows_b * width..][..rows_b * width];
                let (a, out) = (&a[row * width..][..rows * width], &mut out[done..][..rows * width]);
                done += rows * width;
                if rows_b <= TERMS {
                    E::distance_gradients(rows, [a, b], [of_g, of_y], p, out);
                    continue;
                }
                out.fill(E::zero());
                let (part, mut sums) = (&mut part.make_mut()[..out.len()], LongSums::new(out));
                let factors = of_g.chunks_mut(TERMS * rows).zip(of_y.chunks_mut(TERMS * rows));
                for (b, (of_g, of_y)) in b.chunks(TERMS * width).zip(factors) {
                    E::distance_gradients(rows, [a, b], [of_g, of_y], p, part);
                    E::accumulate(sums.more(1), part);
                }
                sums.finish();
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};

    fn numbers<E: Float>(n: usize, seed: usize) -> Vec<E> {
        (0..n).map(|i| E::from_f64(((i * 37 + seed * 91) % 101) as f64 / 32.0 - 1.5)).collect()
    }

    /// The distance of two rows, and its gradient for the first.
    fn naive(a: &[f64], b: &[f64], p: f64) -> (f64, Vec<f64>) {
        let d: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        let sum = |f: &dyn Fn(f64) -> f64| d.iter().map(|d| f(d.abs())).sum::<f64>();
        let y = match p {
            0.0 => sum(&|d| f64::from(d != 0.0)),
            f64::INFINITY => d.iter().fold(0.0, |y, d| d.abs().max(y)),
            _ => sum(&|d| d.powf(p)).powf(1.0 / p),
        };
        let dy = |d: &f64| match p {
            _ if y == 0.0 || *d == 0.0 || p == 0.0 => 0.0,
            f64::INFINITY => f64::from((d.abs() - y).abs() < 1e-9) * d.signum(),
            _ => d.signum() * (d.abs() / y).powf(p - 1.0),
        };
        (y, d.iter().map(dy).collect())
    }

    fn check<E: Float>(sizes: Sizes, p: f64, scale: f64, precision: f64) {
        let [batch, rows_a, rows_b, width] = sizes;
        let (a, b): (Vec<E>, Vec<E>) =
            (numbers(batch * rows_a * width, 1), numbers(batch * rows_b * width, 2));
        let g: Vec<E> = numbers(batch * rows_a * rows_b, 3);
        let wide = |x: &[E]| x.iter().map(|x| x.as_f64()).collect::<Vec<_>>();
        let (wide_a, wide_b) = (wide(&a), wide(&b));
        let mut want = [vec![], vec![0.0; a.len()], vec![0.0; b.len()]];
        for n in 0..batch {
            for i in n * rows_a..(n + 1) * rows_a {
                for j in n * rows_b..(n + 1) * rows_b {
                    let (at_a, at_b) = (i * width..(i + 1) * width, j * width..(j + 1) * width);
                    let (y, gradient) = naive(&wide_a[at_a.clone()], &wide_b[at_b.clone()], p);
                    let g = g[want[0].len()].as_f64();
                    want[0].push(if p == 0.0 { y } else { y * scale });
                    want[1][at_a].iter_mut().zip(&gradient).for_each(|(sum, dy)| *sum += g * dy);
                    want[2][at_b].iter_mut().zip(&gradient).for_each(|(sum, dy)| *sum -= g * dy);
                }
            }
        }
        let scaled = |x: &[E]| x.iter().map(|x| *x * E::from_f64(scale)).collect::<Vec<E>>();
        let (a, b) = (scaled(&a), scaled(&b));
        let y = cdist(&a, &b, sizes, p);
        let along = [&*g, y.as_slice()];
        let of_a = cdist_backward(along, false, [&a, &b], sizes, p);
        let of_b = cdist_backward(along, true, [&b, &a], [batch, rows_b, rows_a, width], p);
        let of_y = if p == 0.0 { 1.0 } else { scale };
        for (k, (got, unit)) in [(y, of_y), (of_a, 1.0), (of_b, 1.0)].into_iter().enumerate() {
            assert_eq!(got.len(), want[k].len());
            for (got, want) in got.iter().zip(&want[k]) {
                let error = (got.as_f64() - want).abs() / unit;
                assert!(error <= precision * (want.abs() / unit + 4.0), "{sizes:?} {p} {k}: {got} {want}");
            }
        }
    }

    const NORMS: [f64; 6] = [0.0, 1.0, 2.0, 2.5, 0.7, f64::INFINITY];

    #[test]
    fn distances_and_gradients_agree_with_the_definition_at_each_level() {
        for level in Level::ALL {
            with_level(level, || {
                for p in NORMS {
                    for width in (0..20).chain([31, 63, 64, 65, 70, 130]) {
                        check::<f32>([1, 5, 3, width], p, 1.0, 2e-5);
                        check::<f64>([1, 5, 3, width], p, 1.0, 1e-13);
                    }
                    for rows in [1, 2, 4, 7, 16, 17, 33, 70] {
                        check::<f32>([2, rows, 9, 5], p, 1.0, 2e-5);
                        check::<f32>([2, 4, rows, 5], p, 1.0, 2e-5);
                        check::<f64>([2, rows, 70 - rows, 3], p, 1.0, 1e-13);
                    }
                }
            });
        }
    }

    #[test]
    fn distances_do_not_leave_the_range() {
        for p in NORMS {
            for rows in [1, 5] {
                check::<f32>([1, rows, 5, 9], p, 2_f64.powi(120), 2e-5);
                check::<f32>([1, rows, 5, 9], p, 2_f64.powi(-120), 2e-5);
                check::<f64>([1, rows, 5, 9], p, 2_f64.powi(1000), 1e-13);
                check::<f64>([1, rows, 5, 9], p, 2_f64.powi(-1000), 1e-13);
            }
        }
    }
}
