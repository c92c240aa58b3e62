//! Cumulative products, maxima and minima along an axis.

use crate::element::{Element, Numeric};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::{lanes, running};
use crate::storage::Storage;

/// The products of each element and those before it.
#[inline(never)]
pub(crate) fn running_product<E: Numeric>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    lanes::update(x, along, |_, lanes| {
        running::along(lanes, along.size, E::one(), false, |product, x| {
            *product *= x;
            *product
        });
    })
}

/// dxᵢ = pᵢ sᵢ, with the product p of what is before and sᵢ = gᵢ + xᵢ₊₁ sᵢ₊₁. Nothing is divided, so zeros are not a
/// case of their own.
#[inline(never)]
pub(crate) fn running_product_backward<E: Numeric>(
    grad: Storage<E>,
    x: &[E],
    along: AxisLayout,
) -> Storage<E> {
    lanes::update_with(grad, x, along, |_, grads, lanes| {
        for (g, x) in grads.chunks_exact_mut(along.size).zip(lanes.chunks_exact(along.size)) {
            for i in (1..g.len()).rev() {
                let later = x[i] * g[i];
                g[i - 1] += later;
            }
            let mut product = E::one();
            for (g, x) in g.iter_mut().zip(x) {
                *g *= product;
                product *= *x;
            }
        }
    })
}

/// The position of the best element so far, for each element along the axis.
#[inline(never)]
pub(crate) fn running_best<E: Element>(
    x: &[E],
    along: AxisLayout,
    beats: impl Fn(E, E) -> bool,
) -> Storage<i64> {
    let AxisLayout { size, inner, .. } = along;
    let mut positions = Storage::filled(x.len(), 0_i64);
    if x.is_empty() {
        return positions;
    }
    let blocks = positions.make_mut().chunks_exact_mut(size * inner).zip(x.chunks_exact(size * inner));
    for (positions, x) in blocks {
        for at in inner..x.len() {
            let best = positions[at - inner];
            let later = beats(x[at], x[best as usize * inner + at % inner]);
            positions[at] = if later { (at / inner) as i64 } else { best };
        }
    }
    positions
}
