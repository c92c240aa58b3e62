//! Reductions of lanes and their gradients.

use crate::element::{Element, Float, Numeric};
use crate::kernel::axis::axis::{AxisLayout, total, total_of};
use crate::kernel::axis::lanes;
use crate::kernel::reduce::argmax::is_nan;
use crate::storage::Storage;

/// The gradient of a reduction: f(lane of x, gradient of its result) in place of x.
fn pull<E: Element>(
    x: Storage<E>,
    grad: &[E],
    along: AxisLayout,
    mut f: impl FnMut(&mut [E], E),
) -> Storage<E> {
    // Lanes are visited in the order of the results.
    let mut grad = grad.iter();
    lanes::update(x, along, |lane| {
        if let Some(g) = grad.next() {
            f(lane, *g);
        }
    })
}

/// The same where the result is needed, too.
fn pull_with<E: Element>(
    x: Storage<E>,
    y: &[E],
    grad: &[E],
    along: AxisLayout,
    mut f: impl FnMut(&mut [E], E, E),
) -> Storage<E> {
    let mut y = y.iter();
    pull(x, grad, along, |lane, g| {
        if let Some(y) = y.next() {
            f(lane, *y, g);
        }
    })
}

/// The product along the axis.
#[inline(never)]
pub(crate) fn product<E: Numeric>(x: &[E], along: AxisLayout) -> Storage<E> {
    lanes::reduce(x, along, |lane| lane.iter().fold(E::one(), |a, b| a * *b))
}

/// For each element the product of the others and the gradient. Nothing is divided, so that zeros are no case.
#[inline(never)]
pub(crate) fn product_backward<E: Numeric>(x: Storage<E>, grad: &[E], along: AxisLayout) -> Storage<E> {
    let mut before = Vec::with_capacity(along.size);
    pull(x, grad, along, |lane, g| {
        before.clear();
        let mut product = E::one();
        for x in &*lane {
            before.push(product);
            product *= *x;
        }
        let mut behind = E::one();
        for (x, before) in lane.iter_mut().zip(&before).rev() {
            let next = behind * *x;
            *x = *before * behind * g;
            behind = next;
        }
    })
}

/// Σ (x - mean)² / (n - correction) along the axis; the divisor is at least 0.
#[inline(never)]
pub(crate) fn variance<E: Float>(x: &[E], along: AxisLayout, correction: usize) -> Storage<E> {
    let freedom = E::from_f64(along.size.saturating_sub(correction) as f64);
    let n = E::from_f64(along.size as f64);
    lanes::reduce(x, along, |lane| {
        let mean = total(lane) / n;
        total_of(lane, &|x| (x - mean) * (x - mean)) / freedom
    })
}

/// 2 (x - mean) / (n - correction) times the gradient. Without a degree of freedom it is infinite, and NaN at the
/// mean, as in PyTorch.
#[inline(never)]
pub(crate) fn variance_backward<E: Float>(
    x: Storage<E>,
    grad: &[E],
    along: AxisLayout,
    correction: usize,
) -> Storage<E> {
    let n = E::from_f64(along.size as f64);
    let freedom = along.size.saturating_sub(correction);
    let factor = E::from_f64(2.0 / freedom as f64);
    pull(x, grad, along, |lane, g| {
        let mean = total(lane) / n;
        for x in lane {
            *x = match freedom {
                0 if *x == mean => E::nan(),
                0 => g * E::infinity(),
                _ => g * factor * (*x - mean),
            };
        }
    })
}

/// ln Σ eˣ along the axis.
#[inline(never)]
pub(crate) fn logsumexp<E: Float>(x: &[E], along: AxisLayout) -> Storage<E> {
    lanes::reduce(x, along, |lane| {
        let max = lane.iter().fold(E::neg_infinity(), |a, b| if *b > a { *b } else { a });
        // Infinity minus itself is no number.
        let max = if max.is_infinite() { E::zero() } else { max };
        total_of(lane, &|x| (x - max).exp()).ln() + max
    })
}

/// eˣ⁻ʸ times the gradient.
#[inline(never)]
pub(crate) fn logsumexp_backward<E: Float>(
    x: Storage<E>,
    y: &[E],
    grad: &[E],
    along: AxisLayout,
) -> Storage<E> {
    pull_with(x, y, grad, along, |lane, y, g| lane.iter_mut().for_each(|x| *x = (*x - y).exp() * g))
}

/// The gradient of the largest or smallest value, in equal parts where it is. A NaN is equal to nothing, and the
/// gradient is NaN then, as in PyTorch.
#[inline(never)]
pub(crate) fn extreme_backward<E: Numeric>(
    x: Storage<E>,
    y: &[E],
    grad: &[E],
    along: AxisLayout,
) -> Storage<E> {
    pull_with(x, y, grad, along, |lane, y, g| {
        if is_nan(y) {
            lane.fill(y);
            return;
        }
        let part = g / count(lane.iter().filter(|x| **x == y));
        lane.iter_mut().for_each(|x| *x = if *x == y { part } else { E::zero() });
    })
}

/// How many there are, as a number of the element type.
fn count<'a, E: Numeric>(elements: impl Iterator<Item = &'a E>) -> E {
    elements.fold(E::zero(), |n, _| n + E::one())
}

/// The sums of each element and those before it.
#[inline(never)]
pub(crate) fn running_sum<E: Numeric>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    lanes::update(x, along, |lane| {
        let mut sum = E::zero();
        for x in lane {
            sum += *x;
            *x = sum;
        }
    })
}

/// The sums of each element and those behind it.
#[inline(never)]
pub(crate) fn running_sum_backward<E: Numeric>(grad: Storage<E>, along: AxisLayout) -> Storage<E> {
    lanes::update(grad, along, |lane| {
        let mut sum = E::zero();
        for x in lane.iter_mut().rev() {
            sum += *x;
            *x = sum;
        }
    })
}

/// (Σ |x|ᵖ)^(1/p) along the axis, and its limits at p = 0 and at the infinities.
#[inline(never)]
pub(crate) fn norm<E: Float>(x: &[E], along: AxisLayout, p: f64) -> Storage<E> {
    let best = |lane: &[E], beats: fn(E, E) -> bool| {
        let first = lane.first().map_or(E::zero(), |x| x.abs());
        lane.iter().fold(first, |a, b| if beats(b.abs(), a) { b.abs() } else { a })
    };
    let power = E::from_f64(p);
    lanes::reduce(x, along, |lane| {
        if p == 2.0 {
            total_of(lane, &|x| x * x).sqrt()
        } else if p == 1.0 {
            total_of(lane, &|x| x.abs())
        } else if p == 0.0 {
            count(lane.iter().filter(|x| !x.is_zero()))
        } else if p == f64::INFINITY {
            best(lane, crate::kernel::reduce::argmax::larger)
        } else if p == f64::NEG_INFINITY {
            best(lane, crate::kernel::reduce::argmax::smaller)
        } else {
            total_of(lane, &|x| x.abs().powf(power)).powf(power.recip())
        }
    })
}

/// The sign of x, and 0 at 0 and at NaN, as PyTorch's `sgn`.
fn sign<E: Float>(x: E) -> E {
    if x > E::zero() {
        E::one()
    } else if x < E::zero() {
        -E::one()
    } else {
        E::zero()
    }
}

/// sign(x) (|x| / norm)^(p - 1) times the gradient, and 0 where x or the norm is 0.
#[inline(never)]
pub(crate) fn norm_backward<E: Float>(
    x: Storage<E>,
    y: &[E],
    grad: &[E],
    along: AxisLayout,
    p: f64,
) -> Storage<E> {
    let power = E::from_f64(p - 1.0);
    pull_with(x, y, grad, along, |lane, norm, g| {
        if p == 0.0 || (norm.is_zero() && p != 1.0) {
            lane.fill(E::zero());
        } else if p == 2.0 {
            lane.iter_mut().for_each(|x| *x = *x / norm * g);
        } else if p == 1.0 {
            lane.iter_mut().for_each(|x| *x = sign(*x) * g);
        } else if p.is_infinite() {
            let is_best = |x: E| x.abs() == norm || (is_nan(x) && is_nan(norm));
            let part = g / count(lane.iter().filter(|x| is_best(**x)));
            lane.iter_mut().for_each(|x| *x = if is_best(*x) { sign(*x) * part } else { E::zero() });
        } else {
            for x in lane {
                let ratio = x.abs() / norm;
                // A zero has no slope where p < 1; next to a NaN, nothing has.
                *x = if ratio.is_zero() { E::zero() } else { x.signum() * ratio.powf(power) * g };
            }
        }
    })
}

/// The norm below which [`normalize`] does not divide by it.
const EPSILON: f64 = 1e-12;

/// x / max(|x|, 1e-12) along the axis, and the divisors.
#[inline(never)]
pub(crate) fn normalize<E: Float>(x: Storage<E>, along: AxisLayout) -> (Storage<E>, Storage<E>) {
    let norms = norm(x.as_slice(), along, 2.0);
    let y = pull(x, norms.as_slice(), along, |lane, norm| {
        let divisor = if norm < E::from_f64(EPSILON) { E::from_f64(EPSILON) } else { norm };
        lane.iter_mut().for_each(|x| *x /= divisor);
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
    let epsilon = E::from_f64(EPSILON);
    let mut norms = norms.iter();
    lanes::update_with(grad, y, along, |g, y| {
        let norm = norms.next().copied().unwrap_or(epsilon);
        if norm < epsilon {
            g.iter_mut().for_each(|g| *g /= epsilon);
        } else {
            let dot: E = g.iter().zip(y).map(|(g, y)| *g * *y).sum();
            g.iter_mut().zip(y).for_each(|(g, y)| *g = (*g - *y * dot) / norm);
        }
    })
}
