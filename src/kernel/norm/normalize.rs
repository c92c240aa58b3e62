//! Vectors along an axis, divided by their norms.

use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::storage::Storage;

/// The norm below which [`normalize`] does not divide by it.
const EPSILON: f64 = 1e-12;

/// x / max(|x|, 1e-12) along the axis, and the divisors.
#[inline(never)]
pub(crate) fn normalize<E: Float>(x: Storage<E>, along: AxisLayout) -> (Storage<E>, Storage<E>) {
    let mut norms = Storage::filled(along.outer * along.inner, E::zero());
    let y = lanes::update_and_reduce(x, None, norms.make_mut(), along, |_, x, _, norms| {
        E::normalize(x, along.size, norms, E::from_f64(EPSILON));
    });
    (y, norms)
}

/// (g - y Σ g y) / |x|, and g / 1e-12 where the norm is smaller than that.
#[inline(never)]
pub(crate) fn normalize_backward<E: Float>(
    grad: Storage<E>,
    y: &[E],
    norms: &[E],
    along: AxisLayout,
) -> Storage<E> {
    lanes::update_with(grad, y, along, |first, g, y| {
        E::normalize_backward(g, y, along.size, &norms[first..], E::from_f64(EPSILON));
    })
}
