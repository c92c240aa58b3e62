//! Indices are checked once, before a kernel reads or writes at them.

use crate::kernel::elementwise::pointwise::{self, at_level};
use crate::storage::Storage;

/// The kind of index, for the message that names a wrong one.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    /// The positions of an axis.
    Axis(isize),
    /// All elements, in row-major order.
    Elements,
    /// Classes, which the elements name.
    Classes,
}

/// The position on each axis of the element `at`, in row-major order.
pub(crate) fn position(at: usize, sizes: &[usize]) -> Vec<usize> {
    let (mut position, mut rest) = (vec![0; sizes.len()], at);
    for (place, size) in position.iter_mut().zip(sizes).rev() {
        *place = rest % size;
        rest /= size;
    }
    position
}

#[track_caller]
fn out_of_range(operation: &str, of: Of, size: usize, indices: &[i64], at: usize, sizes: &[usize]) -> ! {
    let (index, position) = (indices[at], position(at, sizes));
    match of {
        Of::Axis(axis) => {
            panic!(
                "{operation}: index {index} at position {position:?} is out of range for axis {axis}, which has size {size}"
            )
        }
        Of::Elements => panic!(
            "{operation}: index {index} at position {position:?} is out of range for a tensor of {size} elements"
        ),
        Of::Classes => panic!(
            "{operation}: class {index} at position {position:?} is out of range: there are {size} classes, 0..{size}"
        ),
    }
}

/// Panics at the caller's line if an index is not a position among `size`. The indices have the shape `sizes`.
#[track_caller]
pub(crate) fn check(operation: &str, of: Of, size: usize, indices: &[i64], sizes: &[usize]) {
    // As an unsigned number, a negative index is larger than every size.
    if let Some(at) = first(indices, |index| index as u64 >= size as u64) {
        out_of_range(operation, of, size, indices, at, sizes);
    }
}

/// Where the first index is that is `wrong`: blocks are searched with vectors, and then the block in which one is.
#[inline(always)]
fn first(indices: &[i64], wrong: impl Fn(i64) -> bool + Copy) -> Option<usize> {
    const BLOCK: usize = 512;
    let block = at_level(
        #[inline(always)]
        || {
            indices.chunks(BLOCK).position(
                #[inline(always)]
                |block| block.iter().fold(false, |any, index| any | wrong(*index)),
            )
        },
    )?;
    let in_block = indices[block * BLOCK..].iter().position(|index| wrong(*index))?;
    Some(block * BLOCK + in_block)
}

/// The same positions counted from the front, where a negative index counts from the back. Panics at the caller's
/// line if one is out of range. The indices have the shape `sizes`.
#[track_caller]
pub(crate) fn from_the_front(
    operation: &str,
    of: Of,
    size: usize,
    indices: &Storage<i64>,
    sizes: &[usize],
) -> Storage<i64> {
    let len = size as i64;
    if let Some(at) = first(indices.as_slice(), |index| (index >= len) | (index < -len)) {
        out_of_range(operation, of, size, indices.as_slice(), at, sizes);
    }
    pointwise::map(indices.clone(), |index| if index < 0 { index + len } else { index })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(
        expected = "gather: index 3 at position [0, 2] is out of range for axis -1, which has size 3"
    )]
    fn the_size_itself_is_out_of_range() {
        check("gather", Of::Axis(-1), 3, &[0, 2, 3], &[1, 3]);
    }

    #[test]
    #[should_panic(
        expected = "gather: index -1 at position [0] is out of range for axis 0, which has size 3"
    )]
    fn a_negative_index_is_out_of_range() {
        check("gather", Of::Axis(0), 3, &[-1], &[1]);
    }

    #[test]
    fn a_negative_index_counts_from_the_back_where_it_may() {
        let front = from_the_front("take", Of::Elements, 3, &Storage::from_slice(&[-1, -3, 0, 2]), &[4]);
        assert_eq!(front.as_slice(), [2, 0, 0, 2]);
    }

    #[test]
    #[should_panic(expected = "take: index -4 at position [1, 0] is out of range for a tensor of 3 elements")]
    fn the_index_is_named_as_it_was_given() {
        from_the_front("take", Of::Elements, 3, &Storage::from_slice(&[-3, -4]), &[2, 1]);
    }
}
