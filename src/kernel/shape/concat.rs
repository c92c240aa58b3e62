//! Copies of whole blocks: memory is rows of equal length, and an operation takes, puts or concatenates parts of them.

use crate::element::Element;
use crate::kernel::threads::for_each_chunk;
use crate::storage::Storage;

/// The elements of a part, where a copy is cut into parts for threads, and those from which on it is: 50 us of copying.
pub(super) const PART: usize = 64 * 1024;
pub(super) const LARGE: usize = 4 * PART;

/// Copies `from` to `to`, which is as long.
fn copy<E: Element>(to: &mut [E], from: &[E]) {
    if to.len() < LARGE {
        return to.copy_from_slice(from);
    }
    for_each_chunk(to, PART, |part, to| to.copy_from_slice(&from[part * PART..][..to.len()]));
}

/// Runs `f` with the number of the first row and some rows of `row` elements of `out`, until all were there.
fn some_rows<E: Element>(out: &mut [E], row: usize, f: impl Fn(usize, &mut [E]) + Sync) {
    if out.len() < LARGE {
        return f(0, out);
    }
    let rows = (PART / row).max(1);
    for_each_chunk(out, rows * row, |part, out| f(part * rows, out));
}

/// The tensors `parts` side by side: row `i` of the result is row `i` of each part, in order.
#[inline(never)]
pub(crate) fn concat<E: Element>(parts: &[Storage<E>], rows: usize) -> Storage<E> {
    let len = parts.iter().map(Storage::len).sum();
    let mut out = Storage::unspecified(len);
    if len == 0 {
        return out;
    }
    if rows == 1 {
        let mut rest = out.make_mut();
        for part in parts {
            let (to, after) = rest.split_at_mut(part.len());
            copy(to, part.as_slice());
            rest = after;
        }
        return out;
    }
    let row = len / rows;
    if row == parts.len() && parts.iter().all(|part| part.len() == rows) {
        some_rows(out.make_mut(), row, |first, out| interleave(parts, first, out));
        return out;
    }
    some_rows(out.make_mut(), row, |first, out| {
        let mut start = 0;
        for part in parts {
            let width = part.len() / rows;
            if width > 0 {
                let part = &part.as_slice()[first * width..];
                for (out, part) in out.chunks_exact_mut(row).zip(part.chunks_exact(width)) {
                    out[start..start + width].copy_from_slice(part);
                }
            }
            start += width;
        }
    });
    out
}

/// Parts of one column: rows from `first` on of an element of each.
fn interleave<E: Element>(parts: &[Storage<E>], first: usize, out: &mut [E]) {
    /// So many rows at a time, which stay in the first level of the cache.
    const ROWS: usize = 512;
    if let [a, b] = parts {
        let pairs = a[first..].iter().zip(&b[first..]);
        return out.as_chunks_mut::<2>().0.iter_mut().zip(pairs).for_each(|(out, (a, b))| *out = [*a, *b]);
    }
    let row = parts.len();
    for (i, out) in out.chunks_mut(ROWS * row).enumerate() {
        for (k, part) in parts.iter().enumerate() {
            let column = out[k..].iter_mut().step_by(row);
            column.zip(&part[first + i * ROWS..]).for_each(|(out, x)| *out = *x);
        }
    }
}

/// The elements from `start`, `width` of them, of each row of `row` elements.
#[inline(never)]
pub(crate) fn narrow<E: Element>(x: &[E], row: usize, start: usize, width: usize) -> Storage<E> {
    if row == 0 || width == 0 || x.is_empty() {
        return Storage::empty();
    }
    if row == x.len() {
        return Storage::written(width, |out| copy(out, &x[start..start + width]));
    }
    Storage::written(x.len() / row * width, |out| {
        some_rows(out, width, |first, out| {
            if width == 1 {
                let column = x[first * row + start..].iter().step_by(row);
                return out.iter_mut().zip(column).for_each(|(out, x)| *out = *x);
            }
            for (out, x) in out.chunks_exact_mut(width).zip(x[first * row..].chunks_exact(row)) {
                out.copy_from_slice(&x[start..start + width]);
            }
        });
    })
}

/// `len` zeros, with `part` put where [`narrow`] takes it from: its gradient.
#[inline(never)]
pub(crate) fn narrow_backward<E: Element>(
    part: &[E],
    len: usize,
    row: usize,
    start: usize,
    width: usize,
) -> Storage<E> {
    if row == 0 || width == 0 {
        return Storage::filled(len, E::default());
    }
    Storage::written(len, |out| {
        for (out, part) in out.chunks_exact_mut(row).zip(part.chunks_exact(width)) {
            out[..start].fill(E::default());
            out[start..start + width].copy_from_slice(part);
            out[start + width..].fill(E::default());
        }
    })
}

/// Each row of `row` elements moved by `by` to the right, around its end.
#[inline(never)]
pub(crate) fn roll<E: Element>(x: &[E], row: usize, by: usize) -> Storage<E> {
    Storage::written(x.len(), |out| {
        if row > 0 {
            for (out, x) in out.chunks_exact_mut(row).zip(x.chunks_exact(row)) {
                let (left, right) = x.split_at(row - by % row);
                out[..right.len()].copy_from_slice(right);
                out[right.len()..].copy_from_slice(left);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cat_and_split_are_inverse() {
        let (a, b) = (Storage::from_slice(&[1, 2, 3, 4_i64]), Storage::from_slice(&[5, 6_i64]));
        let joined = concat(&[a.clone(), b.clone()], 2);
        assert_eq!(joined.as_slice(), [1, 2, 5, 3, 4, 6]);
        assert_eq!(narrow(joined.as_slice(), 3, 0, 2).as_slice(), a.as_slice());
        assert_eq!(narrow(joined.as_slice(), 3, 2, 1).as_slice(), b.as_slice());
        assert_eq!(narrow_backward(b.as_slice(), 6, 3, 2, 1).as_slice(), [0, 0, 5, 0, 0, 6]);
    }

    #[test]
    fn columns_are_concatenated_and_narrowed_as_rows_are() {
        for rows in [1, 3, 511, 1025, LARGE / 2 + 7] {
            for count in 2..4 {
                let column = |k: usize| (0..rows).map(|i| (i * count + k) as i64).collect::<Vec<_>>();
                let parts: Vec<_> = (0..count).map(|k| Storage::from(column(k))).collect();
                let joined = concat(&parts, rows);
                assert!(joined.iter().copied().eq(0..(rows * count) as i64));
                for (k, part) in parts.iter().enumerate() {
                    assert_eq!(&narrow(&joined, count, k, 1), part);
                }
            }
        }
    }

    #[test]
    fn cat_and_split_of_empty_parts_and_rows() {
        let (a, none) = (Storage::from_slice(&[1, 2_i64]), Storage::<i64>::empty());
        assert_eq!(concat(&[none.clone(), a.clone()], 1).as_slice(), [1, 2]);
        assert!(concat(&[none.clone(), none.clone()], 0).as_slice().is_empty());
        assert!(narrow(a.as_slice(), 2, 1, 0).as_slice().is_empty());
        assert_eq!(narrow_backward(none.as_slice(), 2, 2, 1, 0).as_slice(), [0, 0]);
    }
}
