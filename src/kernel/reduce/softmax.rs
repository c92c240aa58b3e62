//! Exponentials that sum to one. The maximum is subtracted first, so that no finite row overflows.

use super::columns;
use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::storage::Storage;

/// eˣ / Σ eˣ along the axis.
#[inline(never)]
pub(crate) fn softmax<E: Float>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    if columns::fit(along) {
        return of_columns(x, None, along, |x, _| E::softmax_columns(x, along.size, along.inner, false));
    }
    lanes::update(x, along, |_, lanes| E::softmax(lanes, along.size))
}

/// From the softmax y and the gradient g: y (g - Σ g y).
#[inline(never)]
pub(crate) fn softmax_backward<E: Float>(grad: Storage<E>, y: &[E], along: AxisLayout) -> Storage<E> {
    if columns::fit(along) {
        let AxisLayout { size, inner, .. } = along;
        return of_columns(grad, Some(y), along, |g, y| {
            E::softmax_columns_backward(g, y, size, inner, false)
        });
    }
    lanes::update_with(grad, y, along, |_, g, y| E::softmax_backward(g, y, along.size))
}

/// x - ln Σ eˣ along the axis.
#[inline(never)]
pub(crate) fn log_softmax<E: Float>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    if columns::fit(along) {
        return of_columns(x, None, along, |x, _| E::softmax_columns(x, along.size, along.inner, true));
    }
    lanes::update(x, along, |_, lanes| E::log_softmax(lanes, along.size))
}

/// From the logarithm y of the softmax and the gradient g: g - eʸ Σ g.
#[inline(never)]
pub(crate) fn log_softmax_backward<E: Float>(grad: Storage<E>, y: &[E], along: AxisLayout) -> Storage<E> {
    if columns::fit(along) {
        let AxisLayout { size, inner, .. } = along;
        return of_columns(grad, Some(y), along, |g, y| E::softmax_columns_backward(g, y, size, inner, true));
    }
    lanes::update_with(grad, y, along, |_, g, y| E::log_softmax_backward(g, y, along.size))
}

/// f(block of x, block of y) for each block of lanes side by side.
fn of_columns<E: Float>(
    x: Storage<E>,
    y: Option<&[E]>,
    along: AxisLayout,
    f: impl Fn(&mut [E], &[E]) + Sync,
) -> Storage<E> {
    let mut nothing = vec![(); along.outer * along.inner];
    lanes::update_blocks(x, y, &mut nothing, along, |_, x, y, _| f(x, y))
}
