//! Binary search.

use crate::element::Element;
use crate::storage::Storage;

/// The position of each value in a sorted row: before equal elements, or after them if `right`.
pub(crate) fn searchsorted<E: Element>(row: &[E], values: &[E], right: bool) -> Storage<i64> {
    let place = |value: &E| {
        // Written so that NaN, which is neither less nor greater, belongs at the end.
        let before = |x: &E| {
            let later = if right { x > value } else { x >= value };
            !later
        };
        row.partition_point(before) as i64
    };
    Storage::collect(values.iter().map(place))
}
