//! How often each class occurs.

use crate::storage::Storage;

/// The number of elements of each of `n` classes.
pub(crate) fn bincount(classes: &[i64], n: usize) -> Storage<i64> {
    let mut counts = Storage::filled(n, 0);
    let bins = counts.make_mut();
    classes.iter().for_each(|class| bins[*class as usize] += 1);
    counts
}
