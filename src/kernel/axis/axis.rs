//! Loops along one axis: memory is `outer` blocks of `size` rows of `inner` elements.

use crate::element::{Element, Numeric};
use crate::storage::Storage;

/// The place of an axis in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AxisLayout {
    /// The number of elements of the axes before.
    pub(crate) outer: usize,
    /// The length of the axis.
    pub(crate) size: usize,
    /// The number of elements of the axes after.
    pub(crate) inner: usize,
}

/// The sums along an axis.
#[inline(never)]
pub(crate) fn sum<E: Numeric>(x: &[E], along: AxisLayout) -> Storage<E> {
    if along.inner == 1 {
        return Storage::collect(x.chunks(along.size.max(1)).map(total).chain(empty_rows(along)));
    }
    let mut out = Storage::filled(along.outer * along.inner, E::zero());
    for (out, block) in
        out.make_mut().chunks_mut(along.inner.max(1)).zip(x.chunks((along.size * along.inner).max(1)))
    {
        for row in block.chunks(along.inner) {
            E::accumulate(out, row);
        }
    }
    out
}

/// The results of sums over no elements: one zero for each row of an axis of length 0.
fn empty_rows<E: Numeric>(along: AxisLayout) -> impl Iterator<Item = E> {
    std::iter::repeat_n(E::zero(), if along.size == 0 { along.outer } else { 0 })
}

/// The sum of all elements; see [`total_of`].
#[inline(never)]
pub(crate) fn total<E: Numeric>(x: &[E]) -> E {
    total_of(x, &|x| x)
}

/// Σ f(x), added in pairs of halves, so that the error grows with the logarithm of the length.
pub(crate) fn total_of<E: Numeric>(x: &[E], f: &impl Fn(E) -> E) -> E {
    const DIRECT: usize = 512;
    if x.len() > DIRECT {
        let (a, b) = x.split_at((x.len() / 2).next_multiple_of(32));
        return total_of(a, f) + total_of(b, f);
    }
    // Many sums at a time: independent, so that they can run side by side.
    let mut sums = [E::zero(); 8];
    let (chunks, x) = x.as_chunks::<32>();
    if !chunks.is_empty() {
        let mut wide = [E::zero(); 32];
        for chunk in chunks {
            for i in 0..32 {
                wide[i] += f(chunk[i]);
            }
        }
        for i in 0..8 {
            sums[i] = (wide[i] + wide[i + 8]) + (wide[i + 16] + wide[i + 24]);
        }
    }
    let (chunks, rest) = x.as_chunks::<8>();
    for chunk in chunks {
        for i in 0..8 {
            sums[i] += f(chunk[i]);
        }
    }
    let rest = rest.iter().fold(E::zero(), |a, b| a + f(*b));
    let [a, b, c, d, e, g, h, i] = sums;
    // Halves onto halves, as vectors are added.
    ((a + e) + (c + h)) + ((b + g) + (d + i)) + rest
}

/// Each element of `x`, which lacks the axis, repeated along it: the gradient of a sum.
#[inline(never)]
pub(crate) fn repeat<E: Element>(x: &[E], along: AxisLayout) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let mut out = Storage::filled(outer * size * inner, E::default());
    if size * inner > 0 {
        for (block, x) in out.make_mut().chunks_mut(size * inner).zip(x.chunks(inner)) {
            for row in block.chunks_mut(inner) {
                row.copy_from_slice(x);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_agree_with_the_definition_for_each_place_of_the_axis() {
        let x: Vec<f64> = (0..24).map(|i| f64::from(i * i)).collect();
        for (outer, size, inner) in [(1, 24, 1), (4, 6, 1), (2, 3, 4), (1, 4, 6), (24, 1, 1)] {
            let got = sum(&x, AxisLayout { outer, size, inner });
            for o in 0..outer {
                for i in 0..inner {
                    let want: f64 = (0..size).map(|s| x[(o * size + s) * inner + i]).sum();
                    assert_eq!(got.as_slice()[o * inner + i], want);
                }
            }
        }
    }

    #[test]
    fn the_sum_of_nothing_is_zero() {
        assert_eq!(sum::<f32>(&[], AxisLayout { outer: 2, size: 0, inner: 1 }).as_slice(), [0.0; 2]);
        assert_eq!(sum::<f32>(&[], AxisLayout { outer: 2, size: 0, inner: 3 }).as_slice(), [0.0; 6]);
        assert!(sum::<f32>(&[], AxisLayout { outer: 0, size: 3, inner: 1 }).as_slice().is_empty());
        assert_eq!(total::<f32>(&[]), 0.0);
    }

    #[test]
    fn a_long_sum_keeps_its_small_terms() {
        // Added one after the other, the sum would be 100958.
        assert!((total(&vec![0.1_f32; 1 << 20]) - 104_857.6).abs() < 0.1);
    }

    #[test]
    fn repeating_puts_each_row_along_the_axis() {
        let out = repeat(&[1., 2., 3., 4.], AxisLayout { outer: 2, size: 2, inner: 2 });
        assert_eq!(out.as_slice(), [1., 2., 1., 2., 3., 4., 3., 4.]);
    }
}
