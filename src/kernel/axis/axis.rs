//! Loops along one axis: memory is `outer` blocks of `size` rows of `inner` elements.

use super::lanes;
use crate::element::{Element, Numeric};
use crate::kernel::memory::List;
use crate::storage::Storage;

/// The position of an axis in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AxisLayout {
    /// The number of elements of the axes before.
    pub(crate) outer: usize,
    /// The length of the axis.
    pub(crate) size: usize,
    /// The number of elements of the axes after.
    pub(crate) inner: usize,
}

/// The sums along an axis.
#[inline(never)]
pub(crate) fn sum<E: Element>(x: &[E], along: AxisLayout) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    if size * inner == 0 {
        return Storage::filled(outer * inner, E::default());
    }
    let mut out = Storage::unspecified(outer * inner);
    if inner > 1 {
        lanes::for_each_part(out.make_mut(), inner, size, |at, out| {
            for (out, x) in out.chunks_exact_mut(inner).zip(x[at * size..].chunks_exact(size * inner)) {
                E::sum_rows(x, out);
            }
        });
    } else if size < LONG {
        lanes::for_each_part(out.make_mut(), (LONG / size).max(1), size, |at, out| {
            E::sum_lanes(&x[at * size..], size, out);
        });
    } else {
        for (out, lane) in out.make_mut().iter_mut().zip(x.chunks_exact(size)) {
            *out = E::total(lane);
        }
    }
    out
}

/// Lanes of so many elements are summed by several threads each.
pub(in crate::kernel) const LONG: usize = 1 << 16;

/// The sum of all elements.
pub(crate) fn total<E: Element>(x: &[E]) -> E {
    E::total(x)
}

/// The sum of terms that are not in memory: of at most 64 in sequence, and of such sums in pairs.
#[inline(always)]
pub(crate) fn total_of<E: Numeric>(mut terms: impl ExactSizeIterator<Item = E>) -> E {
    let first = terms.by_ref().take(64).fold(E::zero(), |sum, x| sum + x);
    if terms.len() == 0 {
        return first;
    }
    let mut parts = List::from_iter([first]);
    while terms.len() > 0 {
        parts.push(terms.by_ref().take(64).fold(E::zero(), |sum, x| sum + x));
    }
    E::total(&parts)
}

/// Each element of `x`, which lacks the axis, repeated along it: the gradient of a sum.
#[inline(never)]
pub(crate) fn repeat<E: Element>(x: &[E], along: AxisLayout) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let mut out = Storage::unspecified(outer * size * inner);
    if size * inner == 0 {
        return out;
    }
    if inner == 1 {
        lanes::for_each_part(out.make_mut(), size, 1, |at, out| {
            E::spread(out, size, &x[at / size..]);
        });
    } else {
        lanes::for_each_part(out.make_mut(), inner, 1, |at, out| {
            for (i, row) in out.chunks_exact_mut(inner).enumerate() {
                row.copy_from_slice(&x[(at / inner + i) / size * inner..][..inner]);
            }
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_agree_with_the_definition_for_each_axis() {
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
    fn the_sum_of_no_elements_is_zero() {
        assert_eq!(sum::<f32>(&[], AxisLayout { outer: 2, size: 0, inner: 1 }).as_slice(), [0.0; 2]);
        assert_eq!(sum::<f32>(&[], AxisLayout { outer: 2, size: 0, inner: 3 }).as_slice(), [0.0; 6]);
        assert!(sum::<f32>(&[], AxisLayout { outer: 0, size: 3, inner: 1 }).as_slice().is_empty());
        assert_eq!(total::<f32>(&[]), 0.0);
    }

    #[test]
    fn a_long_sum_keeps_its_small_terms() {
        // Added in sequence, the sum would be 100958.
        assert!((total(&vec![0.1_f32; 1 << 20]) - 104_857.6).abs() < 0.1);
    }

    #[test]
    fn repeating_puts_each_row_along_the_axis() {
        let out = repeat(&[1., 2., 3., 4.], AxisLayout { outer: 2, size: 2, inner: 2 });
        assert_eq!(out.as_slice(), [1., 2., 1., 2., 3., 4., 3., 4.]);
    }
}
