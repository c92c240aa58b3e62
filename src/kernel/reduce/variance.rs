//! Variances and standard deviations of lanes, and their gradients.

use super::reduce_over::pull;
use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::axis::sums_in_f64::Moments;
use crate::storage::Storage;

/// Σ (x - mean)² / (n - correction) along the axis; the divisor is at least 0.
#[inline(never)]
pub(crate) fn variance<E: Float>(x: &[E], along: AxisLayout, correction: f64) -> Storage<E> {
    let freedom = (along.size as f64 - correction).max(0.0);
    of_moments(x, along, |Moments { squares, scale, .. }| squares / freedom / scale / scale)
}

/// The root of the variance, which may be out of range where this is not.
#[inline(never)]
pub(crate) fn deviation<E: Float>(x: &[E], along: AxisLayout, correction: f64) -> Storage<E> {
    let freedom = (along.size as f64 - correction).max(0.0);
    of_moments(x, along, |Moments { squares, scale, .. }| (squares / freedom).sqrt() / scale)
}

fn of_moments<E: Float>(x: &[E], along: AxisLayout, f: impl Fn(Moments) -> f64 + Sync) -> Storage<E> {
    /// As many as a block on the stack; a row of moments for each lane.
    const SOME: usize = 64;
    lanes::reduce_blocks(x, along, |lanes, out| {
        let mut moments = [Moments::default(); SOME];
        for (i, out) in out.chunks_mut(SOME).enumerate() {
            let moments = &mut moments[..out.len()];
            E::moments(&lanes[i * SOME * along.size..], along.size, moments);
            out.iter_mut().zip(moments).for_each(|(out, m)| *out = E::from_f64(f(*m)));
        }
    })
}

/// 2 (x - mean) / (n - correction) times the gradient. Without a degree of freedom it is infinite, and NaN at the
/// mean, as in PyTorch.
#[inline(never)]
pub(crate) fn variance_backward<E: Float>(
    x: Storage<E>,
    grad: &[E],
    along: AxisLayout,
    correction: f64,
) -> Storage<E> {
    let freedom = (along.size as f64 - correction).max(0.0);
    if freedom <= 0.0 {
        return pull(x, along, |lane, i| {
            E::centered(lane, along.size, &[1.0]);
            lane.iter_mut().for_each(|d| {
                *d = if d.is_zero() { E::nan() } else { grad[i] * E::infinity() };
            });
        });
    }
    let factor = 2.0 / freedom;
    pull(x, along, |lane, i| E::centered(lane, along.size, &[grad[i].as_f64() * factor]))
}

/// (x - mean) / ((n - correction) y) times the gradient; 0 where y is 0, and NaN without a degree of freedom, as in
/// PyTorch.
#[inline(never)]
pub(crate) fn deviation_backward<E: Float>(
    x: Storage<E>,
    y: &[E],
    grad: &[E],
    along: AxisLayout,
    correction: f64,
) -> Storage<E> {
    let freedom = (along.size as f64 - correction).max(0.0);
    pull(x, along, |lane, i| {
        if y[i].is_zero() {
            lane.fill(E::zero());
        } else {
            let factor = if freedom > 0.0 { grad[i].as_f64() / y[i].as_f64() / freedom } else { f64::NAN };
            E::centered(lane, along.size, &[factor]);
        }
    })
}
