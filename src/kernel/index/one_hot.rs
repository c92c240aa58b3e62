//! Classes as rows of zeros with a 1.

use crate::storage::Storage;

/// A row of `n` numbers for each class, with 1 at its position.
pub(crate) fn one_hot(classes: &[i64], n: usize) -> Storage<i64> {
    let mut y = Storage::filled(classes.len() * n, i64::default());
    let out = y.make_mut();
    classes.iter().enumerate().for_each(|(i, class)| out[i * n + *class as usize] = 1);
    y
}
