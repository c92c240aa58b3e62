//! Binary search.
//!
//! Floor: a load and a comparison for each halving of the row. Each waits for the one before, so several values are searched
//! side by side, without branches.

use crate::element::Element;
use crate::kernel::axis::lanes;
use crate::storage::Storage;

/// The values that are searched side by side.
const VALUES: usize = 8;

/// The position of each value in a sorted row: before equal elements, or after them if `right`.
pub(crate) fn searchsorted<E: Element>(row: &[E], values: &[E], right: bool) -> Storage<i64> {
    let mut places = Storage::unspecified(values.len());
    let halvings = row.len().checked_ilog2().unwrap_or(0) as usize + 1;
    lanes::for_each_part(places.make_mut(), VALUES, halvings, |at, places| {
        let values = &values[at..][..places.len()];
        let (blocks, rest) = places.as_chunks_mut::<VALUES>();
        let (values, others) = values.as_chunks::<VALUES>();
        for (places, values) in blocks.iter_mut().zip(values) {
            search(row, values, right, places);
        }
        for (place, value) in rest.iter_mut().zip(others) {
            search(row, &[*value], right, std::array::from_mut(place));
        }
    });
    places
}

#[inline(always)]
fn search<E: Element, const N: usize>(row: &[E], values: &[E; N], right: bool, places: &mut [i64; N]) {
    // Written so that NaN, which is neither less nor greater, belongs at the end.
    let before = |x: E, value: E| !(if right { x > value } else { x >= value });
    // The place is one of those from `first` to `first + len`.
    let (mut first, mut len) = ([0; N], row.len());
    while len > 1 {
        let half = len / 2;
        for (first, value) in first.iter_mut().zip(values) {
            let is_before = before(row[*first + half - 1], *value);
            *first = std::hint::select_unpredictable(is_before, *first + half, *first);
        }
        len -= half;
    }
    for ((place, first), value) in places.iter_mut().zip(first).zip(values) {
        *place = first as i64 + i64::from(row.get(first).is_some_and(|x| before(*x, *value)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_as_the_standard_library_finds_them() {
        for n in (0..70).chain([1000, 4097]) {
            let row: Vec<f64> = (0..n).map(|i| (i / 2) as f64).collect();
            let values: Vec<f64> = (0..2 * n + 5).map(|i| i as f64 / 4.0 - 1.0).chain([f64::NAN]).collect();
            for right in [false, true] {
                let got = searchsorted(&row, &values, right);
                for (value, got) in values.iter().zip(got.iter()) {
                    let before = |x: &f64| !(if right { x > value } else { x >= value });
                    assert_eq!(*got as usize, row.partition_point(before), "{value} in {n}, right: {right}");
                }
            }
        }
    }

    #[test]
    fn many_values_are_shared_by_threads() {
        let row: Vec<i64> = (0..333).map(|i| 3 * i).collect();
        let values: Vec<i64> = (0..100_003).map(|i| i * 7919 % 1100 - 40).collect();
        let got = searchsorted(&row, &values, false);
        assert!(values.iter().zip(got.iter()).all(|(v, at)| *at as usize == row.partition_point(|x| x < v)));
    }
}
