//! The order of the elements along an axis.
//!
//! The kernels give positions; the elements are gathered by them, and so is the gradient.

use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::storage::Storage;
use std::cmp::Ordering;

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// From the smallest to the largest.
    Ascending,
    /// From the largest to the smallest.
    Descending,
}

/// Ascending, where NaN is larger than every number, as in PyTorch. Zeros of both signs are equal.
fn compare<E: Element>(a: E, b: E) -> Ordering {
    // Only NaN is not equal to itself.
    #[expect(clippy::eq_op, reason = "elements have no `is_nan`")]
    let is_nan = |x: E| x != x;
    a.partial_cmp(&b).unwrap_or_else(|| is_nan(a).cmp(&is_nan(b)))
}

impl Order {
    fn compare<E: Element>(self, a: E, b: E) -> Ordering {
        match self {
            Order::Ascending => compare(a, b),
            Order::Descending => compare(b, a),
        }
    }
}

/// Calls `pick` with each row of the axis and its positions 0, 1, .., and writes the first `count` of the positions,
/// in the order that `pick` left them.
fn each_row<E: Element>(
    x: &[E],
    along: AxisLayout,
    count: usize,
    pick: impl Fn(&[E], &mut [i64]),
) -> Storage<i64> {
    let AxisLayout { outer, size, inner } = along;
    let mut out = Storage::unspecified(outer * count * inner);
    let result = out.make_mut();
    let mut row = vec![E::default(); size];
    let mut positions = vec![0; size];
    for o in 0..outer {
        for i in 0..inner {
            for k in 0..size {
                row[k] = x[(o * size + k) * inner + i];
                positions[k] = k as i64;
            }
            pick(&row, &mut positions);
            for (k, position) in positions[..count].iter().enumerate() {
                result[(o * count + k) * inner + i] = *position;
            }
        }
    }
    out
}

/// The positions of the elements in order; equal elements keep theirs.
#[inline(never)]
pub(crate) fn argsort<E: Element>(x: &[E], along: AxisLayout, order: Order) -> Storage<i64> {
    each_row(x, along, along.size, |row, positions| {
        positions.sort_by(|a, b| order.compare(row[*a as usize], row[*b as usize]));
    })
}

/// The positions of the first `count` elements in order; of equal elements the earlier comes first.
#[inline(never)]
pub(crate) fn first<E: Element>(x: &[E], along: AxisLayout, count: usize, order: Order) -> Storage<i64> {
    each_row(x, along, count, |row, positions| {
        // With the position as a tie breaker no two are equal, so that an unstable sort is as good.
        let compare = |a: &i64, b: &i64| order.compare(row[*a as usize], row[*b as usize]).then(a.cmp(b));
        if count > 0 && count < positions.len() {
            positions.select_nth_unstable_by(count - 1, compare);
        }
        positions[..count].sort_unstable_by(compare);
    })
}

/// The position of the element at one place of the order, which `place` finds for each row.
#[inline(never)]
pub(crate) fn nth<E: Element>(x: &[E], along: AxisLayout, place: impl Fn(&[E]) -> usize) -> Storage<i64> {
    each_row(x, along, 1, |row, positions| {
        let compare = |a: &i64, b: &i64| compare(row[*a as usize], row[*b as usize]).then(a.cmp(b));
        let place = place(row);
        positions.select_nth_unstable_by(place, compare);
        positions.swap(0, place);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: AxisLayout = AxisLayout { outer: 1, size: 9, inner: 1 };
    const X: [f32; 9] = [3.0, f32::NAN, -1.0, 3.0, 0.0, -0.0, f32::INFINITY, f32::NAN, f32::NEG_INFINITY];

    #[test]
    fn nan_is_the_largest_and_equal_elements_keep_their_order() {
        // torch.sort(x, stable=True), and descending=True
        assert_eq!(argsort(&X, ROW, Order::Ascending).as_slice(), [8, 2, 4, 5, 0, 3, 6, 1, 7]);
        assert_eq!(argsort(&X, ROW, Order::Descending).as_slice(), [1, 7, 6, 0, 3, 4, 5, 2, 8]);
    }

    #[test]
    fn the_first_ones_are_those_of_the_whole_order() {
        for order in [Order::Ascending, Order::Descending] {
            let all = argsort(&X, ROW, order);
            for count in 0..=9 {
                assert_eq!(first(&X, ROW, count, order).as_slice(), &all.as_slice()[..count]);
            }
        }
    }

    #[test]
    fn rows_of_an_inner_axis_are_sorted_each_for_itself() {
        let along = AxisLayout { outer: 2, size: 3, inner: 2 };
        let x = [5, 0, 3, 1, 4, 2, /**/ 1, 9, 1, 8, 0, 7];
        let got = argsort(&x, along, Order::Ascending);
        assert_eq!(got.as_slice(), [1, 0, 2, 1, 0, 2, /**/ 2, 2, 0, 1, 1, 0]);
        assert_eq!(
            argsort::<i64>(&[], AxisLayout { outer: 2, size: 0, inner: 3 }, Order::Ascending).len(),
            0
        );
    }
}
