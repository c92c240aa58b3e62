//! Differences of neighbors along an axis, and their gradient: one pass over memory each.

use crate::element::Numeric;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::storage::Storage;

/// xᵢ₊₁ - xᵢ along the axis, which becomes shorter by 1.
#[inline(never)]
pub(crate) fn differences<E: Numeric>(x: &[E], along: AxisLayout) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let (row, width) = (size * inner, size.saturating_sub(1) * inner);
    let mut out = Storage::unspecified(outer * width);
    if width == 0 {
        return out;
    }
    lanes::for_each_part(out.make_mut(), width, 1, |at, out| {
        for (x, out) in x[at / width * row..].chunks_exact(row).zip(out.chunks_exact_mut(width)) {
            E::subtract(&x[inner..], &x[..width], out);
        }
    });
    out
}

/// The gradient: that of xᵢ is that of yᵢ₋₁ less that of yᵢ.
#[inline(never)]
pub(crate) fn differences_back<E: Numeric>(grad: &[E], along: AxisLayout) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let (row, width) = (size * inner, size.saturating_sub(1) * inner);
    if width == 0 {
        return Storage::filled(outer * row, E::zero());
    }
    let mut out = Storage::unspecified(outer * row);
    lanes::for_each_part(out.make_mut(), row, 1, |at, out| {
        for (grad, out) in grad[at / row * width..].chunks_exact(width).zip(out.chunks_exact_mut(row)) {
            let (first, out) = out.split_at_mut(inner);
            let (middle, last) = out.split_at_mut(width - inner);
            first.iter_mut().zip(grad).for_each(|(out, g)| *out = E::zero() - *g);
            E::subtract(&grad[..width - inner], &grad[inner..], middle);
            last.copy_from_slice(&grad[width - inner..]);
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_and_their_gradients_agree_with_the_definition_for_each_axis() {
        for (outer, size, inner) in
            [(1, 1, 3), (1, 2, 5), (4, 2, 1), (3, 7, 1), (2, 5, 4), (1, 40_000, 5), (70_000, 3, 1), (2, 0, 3)]
        {
            let along = AxisLayout { outer, size, inner };
            let x: Vec<f64> = (0..outer * size * inner).map(|i| ((i * i) % 1001) as f64).collect();
            let y = differences(&x, along);
            let dx = differences_back(&y, along);
            let width = size.saturating_sub(1);
            assert_eq!((y.len(), dx.len()), (outer * width * inner, x.len()));
            for o in 0..outer {
                for i in 0..inner {
                    let at = |s: usize| x[(o * size + s) * inner + i];
                    let y = |s: usize| if s < width { y[(o * width + s) * inner + i] } else { 0.0 };
                    for s in 0..size {
                        assert!(s == width || y(s) == at(s + 1) - at(s));
                        let before = if s == 0 { 0.0 } else { y(s - 1) };
                        assert_eq!(dx[(o * size + s) * inner + i], before - y(s));
                    }
                }
            }
        }
    }
}
