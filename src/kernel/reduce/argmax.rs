//! The largest or smallest element, and where it is. NaN beats everything, and the first of equals wins.

use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::storage::Storage;

/// Whether `x` is NaN, for any element type.
#[expect(clippy::eq_op, reason = "only NaN differs from itself")]
pub(crate) fn is_nan<E: Element>(x: E) -> bool {
    x != x
}

/// Whether a later `x` takes the place of the maximum so far.
pub(crate) fn larger<E: Element>(x: E, best: E) -> bool {
    x > best || (is_nan(x) && !is_nan(best))
}

/// Whether a later `x` takes the place of the minimum so far.
pub(crate) fn smaller<E: Element>(x: E, best: E) -> bool {
    x < best || (is_nan(x) && !is_nan(best))
}

/// The best element along an axis that has one, and its index on the axis.
#[inline(never)]
pub(crate) fn best<E: Element>(
    x: &[E],
    along: AxisLayout,
    beats: impl Fn(E, E) -> bool,
) -> (Storage<E>, Storage<i64>) {
    let AxisLayout { outer, size, inner } = along;
    let mut values = Storage::filled(outer * inner, E::default());
    let mut indices = Storage::filled(outer * inner, 0);
    if inner == 1 && size > 0 {
        let places = values.make_mut().iter_mut().zip(indices.make_mut());
        for ((value, at), lane) in places.zip(x.chunks_exact(size)) {
            *value = lane[0];
            for (index, x) in lane.iter().enumerate().skip(1) {
                if beats(*x, *value) {
                    (*value, *at) = (*x, index as i64);
                }
            }
        }
    } else if size * inner > 0 {
        let places = values.make_mut().chunks_mut(inner).zip(indices.make_mut().chunks_mut(inner));
        for ((values, indices), block) in places.zip(x.chunks(size * inner)) {
            values.copy_from_slice(&block[..inner]);
            for (index, row) in block.chunks(inner).enumerate().skip(1) {
                for ((value, at), x) in values.iter_mut().zip(&mut *indices).zip(row) {
                    if beats(*x, *value) {
                        (*value, *at) = (*x, index as i64);
                    }
                }
            }
        }
    }
    (values, indices)
}

/// Each element of `grad`, which lacks the axis, at its index on the axis, and 0 elsewhere.
#[inline(never)]
pub(crate) fn place<E: Element>(grad: &[E], indices: &[i64], along: AxisLayout) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let mut out = Storage::filled(outer * size * inner, E::default());
    let elements = out.make_mut();
    for (i, (grad, index)) in grad.iter().zip(indices).enumerate() {
        elements[(i / inner * size + *index as usize) * inner + i % inner] = *grad;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equals_and_the_first_nan_win() {
        let nan = f32::NAN;
        let rows = [1., 3., 3., 0., nan, 9., nan, 1., -0., 0., -1., -2.];
        let (values, indices) = best(&rows, AxisLayout { outer: 3, size: 4, inner: 1 }, larger);
        assert_eq!(indices.as_slice(), [1, 0, 0]);
        assert!(values.as_slice()[1].is_nan());
        let (_, indices) = best(&rows, AxisLayout { outer: 3, size: 4, inner: 1 }, smaller);
        assert_eq!(indices.as_slice(), [3, 0, 3]);
    }

    #[test]
    fn the_gradient_goes_back_to_where_the_value_came_from() {
        let x = [5, 1, 2, 4, 3, 6, 0, 8, 7, 9, 10, 11];
        let along = AxisLayout { outer: 2, size: 3, inner: 2 };
        let (values, indices) = best(&x, along, larger);
        assert_eq!((values.as_slice(), indices.as_slice()), (&[5, 6, 10, 11][..], &[0, 2, 2, 2][..]));
        let back = place(values.as_slice(), indices.as_slice(), along);
        assert_eq!(back.as_slice(), [5, 0, 0, 0, 0, 6, 0, 0, 0, 0, 10, 11]);
    }
}
