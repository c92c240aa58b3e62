//! Copies of whole blocks: memory is rows of equal length, and an operation takes, puts or joins parts of them.

use crate::element::Element;
use crate::storage::Storage;

/// The tensors `parts` side by side: row `i` of the result is row `i` of each part, in order.
#[inline(never)]
pub(crate) fn join<E: Element>(parts: &[Storage<E>], rows: usize) -> Storage<E> {
    let len = parts.iter().map(Storage::len).sum();
    let mut out = Storage::filled(len, E::default());
    if len == 0 {
        return out;
    }
    let row = len / rows;
    let elements = out.make_mut();
    let mut start = 0;
    for part in parts {
        let width = part.len() / rows;
        if width > 0 {
            for (out, part) in elements.chunks_exact_mut(row).zip(part.as_slice().chunks_exact(width)) {
                out[start..start + width].copy_from_slice(part);
            }
        }
        start += width;
    }
    out
}

/// The elements from `start`, `width` of them, of each row of `row` elements.
#[inline(never)]
pub(crate) fn cut<E: Element>(x: &[E], row: usize, start: usize, width: usize) -> Storage<E> {
    if row == 0 || width == 0 || x.is_empty() {
        return Storage::empty();
    }
    if row == width {
        return Storage::from_slice(x);
    }
    let mut out = Storage::filled(x.len() / row * width, E::default());
    for (out, x) in out.make_mut().chunks_exact_mut(width).zip(x.chunks_exact(row)) {
        out.copy_from_slice(&x[start..start + width]);
    }
    out
}

/// `len` zeros, with `part` put where [`cut`] takes it from: its gradient.
#[inline(never)]
pub(crate) fn put<E: Element>(part: &[E], len: usize, row: usize, start: usize, width: usize) -> Storage<E> {
    let mut out = Storage::filled(len, E::default());
    if row > 0 && width > 0 {
        for (out, part) in out.make_mut().chunks_exact_mut(row).zip(part.chunks_exact(width)) {
            out[start..start + width].copy_from_slice(part);
        }
    }
    out
}

/// Each row of `row` elements moved by `by` to the right, around its end.
#[inline(never)]
pub(crate) fn rotate<E: Element>(x: &[E], row: usize, by: usize) -> Storage<E> {
    let mut out = Storage::from_slice(x);
    if row > 0 {
        out.make_mut().chunks_exact_mut(row).for_each(|row| row.rotate_right(by));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_joined_can_be_cut_and_put_back() {
        let (a, b) = (Storage::from_slice(&[1, 2, 3, 4_i64]), Storage::from_slice(&[5, 6_i64]));
        let joined = join(&[a.clone(), b.clone()], 2);
        assert_eq!(joined.as_slice(), [1, 2, 5, 3, 4, 6]);
        assert_eq!(cut(joined.as_slice(), 3, 0, 2).as_slice(), a.as_slice());
        assert_eq!(cut(joined.as_slice(), 3, 2, 1).as_slice(), b.as_slice());
        assert_eq!(put(b.as_slice(), 6, 3, 2, 1).as_slice(), [0, 0, 5, 0, 0, 6]);
    }

    #[test]
    fn empty_parts_and_rows_are_no_special_case_to_the_caller() {
        let (a, none) = (Storage::from_slice(&[1, 2_i64]), Storage::<i64>::empty());
        assert_eq!(join(&[none.clone(), a.clone()], 1).as_slice(), [1, 2]);
        assert!(join(&[none.clone(), none.clone()], 0).as_slice().is_empty());
        assert!(cut(a.as_slice(), 2, 1, 0).as_slice().is_empty());
        assert_eq!(put(none.as_slice(), 2, 2, 1, 0).as_slice(), [0, 0]);
    }
}
