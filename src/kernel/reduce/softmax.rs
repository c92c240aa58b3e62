//! Exponentials that sum to one, and the logarithm of their sum. The maximum is subtracted first, so that no finite row overflows.

use super::{columns, narrow};
use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::storage::Storage;

/// The bytes of the longest rows that are transposed: the backward pass of longer ones would take more time. Measured.
const NARROW: usize = 128;

/// eˣ / Σ eˣ along the axis.
#[inline(never)]
pub(crate) fn softmax<E: Float>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    if columns::fit(along) {
        return of_columns(x, None, along, |x, _| E::softmax_columns(x, along.size, along.inner, false));
    }
    if narrow::fit::<E>(along, NARROW) {
        return of_rows(x, None, along.size, |x, _, columns| {
            E::softmax_columns(x, along.size, columns, false)
        });
    }
    lanes::update_from(x, along, |x, out| E::softmax(x, out, along.size))
}

/// From the softmax y and the gradient g: y (g - Σ g y).
#[inline(never)]
pub(crate) fn softmax_backward<E: Float>(grad: Storage<E>, y: &[E], along: AxisLayout) -> Storage<E> {
    if columns::fit(along) {
        let AxisLayout { size, inner, .. } = along;
        return of_columns(grad, Some(y), along, |g, y| {
            E::softmax_columns_backward(g, y, size, inner, false)
        });
    }
    if narrow::fit::<E>(along, NARROW) {
        let size = along.size;
        return of_rows(grad, Some(y), size, |g, y, columns| {
            E::softmax_columns_backward(g, y, size, columns, false)
        });
    }
    lanes::update_with(grad, y, along, |_, g, y| E::softmax_backward(g, y, along.size))
}

/// x - ln Σ eˣ along the axis.
#[inline(never)]
pub(crate) fn log_softmax<E: Float>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    if columns::fit(along) {
        return of_columns(x, None, along, |x, _| E::softmax_columns(x, along.size, along.inner, true));
    }
    if narrow::fit::<E>(along, NARROW) {
        return of_rows(x, None, along.size, |x, _, columns| {
            E::softmax_columns(x, along.size, columns, true)
        });
    }
    lanes::update_from(x, along, |x, out| E::log_softmax(x, out, along.size))
}

/// From the logarithm y of the softmax and the gradient g: g - eʸ Σ g.
#[inline(never)]
pub(crate) fn log_softmax_backward<E: Float>(grad: Storage<E>, y: &[E], along: AxisLayout) -> Storage<E> {
    if columns::fit(along) {
        let AxisLayout { size, inner, .. } = along;
        return of_columns(grad, Some(y), along, |g, y| E::softmax_columns_backward(g, y, size, inner, true));
    }
    if narrow::fit::<E>(along, NARROW) {
        let size = along.size;
        return of_rows(grad, Some(y), size, |g, y, columns| {
            E::softmax_columns_backward(g, y, size, columns, true)
        });
    }
    lanes::update_with(grad, y, along, |_, g, y| E::log_softmax_backward(g, y, along.size))
}

/// f(block of x, block of y) for each block of lanes side by side.
fn of_columns<E: Float>(
    x: Storage<E>,
    y: Option<&[E]>,
    along: AxisLayout,
    f: impl Fn(&mut [E], &[E]) + Sync,
) -> Storage<E> {
    let mut nothing = vec![(); along.outer * along.inner];
    lanes::update_blocks(x, y, &mut nothing, along, |_, x, y, _| f(x, y))
}

/// f(columns of x, columns of y, their number) for each block of narrow rows.
fn of_rows<E: Float>(
    x: Storage<E>,
    y: Option<&[E]>,
    size: usize,
    f: impl Fn(&mut [E], &[E], usize) + Sync,
) -> Storage<E> {
    let mut nothing = vec![(); x.len() / size];
    narrow::update(x, y, &mut nothing, size, |_, x, y, _| {
        let columns = x.len() / size;
        f(x, y, columns);
    })
}

/// ln Σ eˣ along the axis.
#[inline(never)]
pub(crate) fn logsumexp<E: Float>(x: &[E], along: AxisLayout) -> Storage<E> {
    lanes::reduce_blocks(x, along, |lanes, out| E::logsumexp(lanes, along.size, out))
}

/// eˣ⁻ʸ times the gradient.
#[inline(never)]
pub(crate) fn logsumexp_backward<E: Float>(
    x: Storage<E>,
    y: &[E],
    grad: &[E],
    along: AxisLayout,
) -> Storage<E> {
    lanes::update(x, along, |first, lanes| {
        E::logsumexp_backward(lanes, along.size, &y[first..], &grad[first..]);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};
    use crate::rng::Rng;

    /// Rows in memory that something else holds have the bits of rows in place, and are near sums in `f64`.
    fn check<E: Float>([outer, size]: [usize; 2], rng: &mut Rng) {
        let along = AxisLayout { outer, size, inner: 1 };
        let x: Vec<E> = (0..outer * size).map(|_| E::from_f64(9.0 * rng.uniform())).collect();
        let held = Storage::from_slice(&x);
        let [y, log] = [softmax, log_softmax].map(|f| {
            let y = f(held.clone(), along);
            assert_eq!(held.as_slice(), x);
            assert_eq!(f(Storage::from_slice(&x), along).as_slice(), y.as_slice(), "{size}");
            y
        });
        let near = |got: E, want: f64, scale: f64| {
            let error = (got.as_f64() - want).abs() / scale;
            // The sum of the loop is less accurate than that of the kernel.
            assert!(error <= 16.0 * E::epsilon().as_f64() + 1e-13, "{size}: {got} is {want}");
        };
        for i in 0..outer * size {
            let row = &x[i / size * size..][..size];
            let sum: f64 = row.iter().map(|x| x.as_f64().exp()).sum();
            let want = x[i].as_f64().exp() / sum;
            near(y[i], want, want);
            near(log[i], x[i].as_f64() - sum.ln(), 9.0);
        }
    }

    /// In a row NaN or ∞ makes all results NaN, wherever it is, and -∞ beside numbers has the probability 0.
    fn check_special<E: Float>([outer, size]: [usize; 2]) {
        let along = AxisLayout { outer, size, inner: 1 };
        let rows = |x: E, at: usize| {
            let number = |i: usize| E::from_f64((i % 7) as f64 - 3.0);
            Storage::from_fn(outer * size, |i| if i == at || (i == 0 && at < size) { x } else { number(i) })
        };
        for at in [0, size / 2, size - 1] {
            for x in [E::nan(), E::infinity()] {
                for y in [softmax(rows(x, at), along), log_softmax(rows(x, at), along)] {
                    assert!(y[..size].iter().all(|y| y.is_nan()), "{x} at {at} of {size}");
                    assert!(y[size..].iter().all(|y| y.is_finite()), "the row after {x} at {at} of {size}");
                }
            }
            let y = softmax(rows(E::neg_infinity(), at), along);
            let nothing_else = (1..size).all(|i| i == at);
            assert!(if nothing_else { y[0].is_nan() } else { y[0] == E::zero() && y[at] == E::zero() });
        }
    }

    #[test]
    fn rows_with_nan_and_infinities_are_those_of_the_definition_at_every_level() {
        for size in [1, 2, 5, 16, 63, 64, 65, 130, 2049] {
            for level in Level::ALL {
                for outer in [2, 20] {
                    let sizes = [outer, size];
                    with_level(level, || (check_special::<f32>(sizes), check_special::<f64>(sizes)));
                }
            }
        }
    }

    #[test]
    fn rows_are_the_same_in_place_and_apart_at_every_level() {
        let rng = &mut Rng::seed(5);
        for size in (1..=140).chain([1000, 2048, 2049, 5000]) {
            for level in Level::ALL {
                with_level(level, || (check::<f32>([3, size], rng), check::<f64>([3, size], rng)));
            }
        }
    }

    #[test]
    fn narrow_rows_are_those_of_the_definition_at_every_level() {
        let rng = &mut Rng::seed(6);
        for sizes in (1..=33).flat_map(|size| [15, 16, 17, 64, 65, 143].map(|outer| [outer, size])) {
            for level in Level::ALL {
                with_level(level, || (check::<f32>(sizes, rng), check::<f64>(sizes, rng)));
            }
        }
    }

    #[test]
    fn gradients_of_narrow_rows_are_those_of_the_definition_at_every_level() {
        let rng = &mut Rng::seed(7);
        for (outer, size) in [(16, 1), (17, 2), (64, 5), (70, 16), (33, 31), (143, 32)] {
            let along = AxisLayout { outer, size, inner: 1 };
            let [x, g] =
                [(); 2].map(|()| (0..outer * size).map(|_| rng.uniform() - 0.5).collect::<Vec<f64>>());
            let p = softmax(Storage::from_slice(&x), along);
            for level in Level::ALL {
                let [dx, log_dx] = with_level(level, || {
                    let log = log_softmax(Storage::from_slice(&x), along);
                    let g = Storage::from_slice(&g);
                    [softmax_backward(g.clone(), &p, along), log_softmax_backward(g, &log, along)]
                });
                for i in 0..outer * size {
                    let row = i / size * size..i / size * size + size;
                    let dot: f64 = p[row.clone()].iter().zip(&g[row.clone()]).map(|(p, g)| p * g).sum();
                    assert!((dx[i] - p[i] * (g[i] - dot)).abs() < 1e-14, "{outer} rows of {size}");
                    let want = g[i] - p[i] * g[row].iter().sum::<f64>();
                    assert!((log_dx[i] - want).abs() < 1e-13, "{outer} rows of {size}");
                }
            }
        }
    }
}
