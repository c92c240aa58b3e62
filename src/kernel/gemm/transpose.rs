//! Transposed copies of any elements.

use super::check;
use super::levels::Levels;
use crate::element::Element;
use crate::kernel::simd::level;

/// Copies a matrix of `rows` x `columns` whose columns are contiguous to one whose rows are:
/// `to[r * to_row + c] = from[c * apart + r]`.
///
/// # Panics
/// If a slice is too short, or the rows of the result overlap.
pub(crate) fn transpose<E: Element>(
    [rows, columns]: [usize; 2],
    (from, apart): (&[E], usize),
    (to, to_row): (&mut [E], usize),
) {
    check([columns, rows], from, [apart, 1], "transposed");
    check([rows, columns], to, [to_row, 1], "resulting");
    assert!(rows <= 1 || to_row >= columns, "the rows of the result overlap");
    let (source, target) = (from.as_ptr(), to.as_mut_ptr());
    // SAFETY: `check` compared the largest offset of each matrix with the length of its slice, and `to` is borrowed
    // uniquely. Elements of four or eight bytes are numbers, so they are read and written as floats of this size, whose
    // values are all patterns of bits; they are moved as they are. `level` is one that the machine has.
    unsafe {
        match size_of::<E>() {
            4 => (f32::kernels(level()).transpose)(
                [rows, columns],
                (source.cast(), apart),
                (target.cast(), to_row),
            ),
            8 => (f64::kernels(level()).transpose)(
                [rows, columns],
                (source.cast(), apart),
                (target.cast(), to_row),
            ),
            _ => transpose_in_blocks([rows, columns], (from, apart), (to, to_row)),
        }
    }
}

/// The same in square blocks: each row alone would touch a new line of the cache with each element.
fn transpose_in_blocks<E: Element>(
    [rows, columns]: [usize; 2],
    (from, apart): (&[E], usize),
    (to, to_row): (&mut [E], usize),
) {
    const BLOCK: usize = 16;
    for first in (0..rows).step_by(BLOCK) {
        for start in (0..columns).step_by(BLOCK) {
            for r in first..rows.min(first + BLOCK) {
                let row = &mut to[r * to_row + start..r * to_row + columns.min(start + BLOCK)];
                for (to, c) in row.iter_mut().zip(start..) {
                    *to = from[c * apart + r];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};

    fn check_all<E: Element>(make: impl Fn(usize) -> E) {
        for rows in (0..20).chain([31, 33, 64]) {
            for columns in (0..20).chain([37, 130]) {
                let (apart, to_row) = (rows + columns % 3, columns + rows % 4);
                let from: Vec<E> = (0..apart * columns).map(&make).collect();
                for level in Level::ALL {
                    let mut to = vec![make(7); to_row * rows];
                    with_level(level, || transpose([rows, columns], (&from, apart), (&mut to, to_row)));
                    for (i, x) in to.iter().enumerate() {
                        let (r, c) = (i / to_row, i % to_row);
                        assert_eq!(*x, if c < columns { from[c * apart + r] } else { make(7) });
                    }
                }
            }
        }
    }

    #[test]
    fn matrices_of_any_size_are_transposed_at_each_level() {
        check_all(|i| i as f32);
        check_all(|i| i as f64);
        check_all(|i| i as i64);
        check_all(|i| i % 3 == 0);
    }

    #[test]
    #[should_panic(expected = "transposed matrix is too short")]
    fn a_slice_that_is_too_short_is_not_read() {
        transpose([3, 4], (&[1.0_f32; 14], 4), (&mut [0.0; 12], 4));
    }
}
