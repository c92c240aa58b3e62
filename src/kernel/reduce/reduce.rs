//! Reductions of lanes and their gradients.

use crate::element::{Element, Float, Numeric};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::axis::sums_in_f64::Moments;
use crate::kernel::elementwise::pointwise::{at_level, map};
use crate::kernel::reduce::argmax::is_nan;
use crate::kernel::simd::{self, Kernel, Simd, SimdFloat, dispatch};
use crate::storage::Storage;
use num_traits::NumCast;

/// The gradient of a reduction: f(lane of x, its number) in place of x.
fn pull<E: Element>(x: Storage<E>, along: AxisLayout, f: impl Fn(&mut [E], usize) + Sync) -> Storage<E> {
    lanes::update(x, along, |first, lanes| {
        at_level(
            #[inline(always)]
            || {
                for (i, lane) in lanes.chunks_exact_mut(along.size).enumerate() {
                    f(lane, first + i);
                }
            },
        );
    })
}

/// The product of a lane, N chains of products side by side.
#[inline(always)]
fn product_of<const N: usize, E: Numeric>(lane: &[E]) -> E {
    let multiply = |x: &mut [E; N], y: &[E; N]| {
        for i in 0..N {
            x[i] *= y[i];
        }
    };
    let (chunks, rest) = lane.as_chunks::<N>();
    let mut products = [E::one(); N];
    for chunk in chunks {
        multiply(&mut products, chunk);
    }
    let mut last = [E::one(); N];
    last[..rest.len()].copy_from_slice(rest);
    multiply(&mut products, &last);
    simd::product_of_all(products)
}

/// The products of lanes of more than 64 floats.
struct Products<'a, E> {
    lanes: &'a [E],
    size: usize,
    out: &'a mut [E],
}

impl<E: SimdFloat> Kernel for Products<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        for (lane, out) in self.lanes.chunks_exact(self.size).zip(self.out) {
            *out = simd::product::<S, E>(lane);
        }
    }
}

pub(super) fn products_of_floats<E: SimdFloat>(lanes: &[E], size: usize, out: &mut [E]) {
    if size > 64 { dispatch(Products { lanes, size, out }) } else { products_of_numbers(lanes, size, out) }
}

pub(super) fn products_of_numbers<E: Numeric>(lanes: &[E], size: usize, out: &mut [E]) {
    at_level(
        #[inline(always)]
        || {
            for (lane, out) in lanes.chunks_exact(size).zip(&mut *out) {
                // Two vectors at 512 bits, where they are used more than once.
                *out = match size {
                    0..=8 => lane.iter().fold(E::one(), |product, x| product * *x),
                    9..=64 => product_of::<16, E>(lane),
                    _ => product_of::<32, E>(lane),
                };
            }
        },
    );
}

/// The product along the axis.
#[inline(never)]
pub(crate) fn product<E: Numeric>(x: &[E], along: AxisLayout) -> Storage<E> {
    lanes::reduce_blocks(x, along, |lanes, out| match along.size {
        0 => out.fill(E::one()),
        size => E::products_of_lanes(lanes, size, out),
    })
}

/// For each element the product of the others and the gradient. Nothing is divided, so zeros are not a special case.
#[inline(never)]
pub(crate) fn product_backward<E: Numeric>(x: Storage<E>, grad: &[E], along: AxisLayout) -> Storage<E> {
    lanes::update(x, along, |first, lanes| {
        let mut before = Storage::unspecified(along.size * 8);
        let before = before.make_mut();
        let rest = (lanes, &grad[first..]);
        // As many chains of products hide the latency of one.
        let rest = products_of_others::<8, E>(rest, along.size, before);
        let rest = products_of_others::<3, E>(rest, along.size, before);
        products_of_others::<1, E>(rest, along.size, before);
    })
}

/// [`product_backward`] for N lanes at a time; returns the lanes that are left.
#[inline(always)]
fn products_of_others<'a, const N: usize, E: Numeric>(
    (lanes, grads): (&'a mut [E], &'a [E]),
    size: usize,
    before: &mut [E],
) -> (&'a mut [E], &'a [E]) {
    let done = lanes.len() / (size * N) * N;
    let (now, rest) = lanes.split_at_mut(done * size);
    for (lanes, grad) in now.chunks_exact_mut(size * N).zip(grads.chunks_exact(N)) {
        let mut products = [E::one(); N];
        for (i, before) in before[..size * N].chunks_exact_mut(N).enumerate() {
            before.copy_from_slice(&products);
            for k in 0..N {
                products[k] *= lanes[k * size + i];
            }
        }
        let mut after = [E::one(); N];
        for (i, before) in before[..size * N].chunks_exact(N).enumerate().rev() {
            for k in 0..N {
                let x = &mut lanes[k * size + i];
                let next = after[k] * *x;
                *x = before[k] * after[k] * grad[k];
                after[k] = next;
            }
        }
    }
    (rest, &grads[done..])
}

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

/// ln Σ eˣ along the axis.
#[inline(never)]
pub(crate) fn logsumexp<E: Float>(x: &[E], along: AxisLayout) -> Storage<E> {
    lanes::reduce_blocks(x, along, |lanes, out| E::logsumexp(lanes, along.size, out))
}

/// eˣ⁻ʸ times the gradient.
#[inline(never)]
pub(crate) fn logsumexp_backward<E: Float>(
    x: Storage<E>,
    y: &[E],
    grad: &[E],
    along: AxisLayout,
) -> Storage<E> {
    lanes::update(x, along, |first, lanes| {
        E::logsumexp_backward(lanes, along.size, &y[first..], &grad[first..]);
    })
}

/// The gradient of the largest or smallest value, in equal parts where it is. A NaN is equal to nothing, and the
/// gradient is NaN then, as in PyTorch.
#[inline(never)]
pub(crate) fn amax_backward<E: Numeric>(x: Storage<E>, y: &[E], grad: &[E], along: AxisLayout) -> Storage<E> {
    pull(x, along, |lane, i| {
        let y = y[i];
        if is_nan(y) {
            lane.fill(y);
            return;
        }
        let part = grad[i] / number(lane.iter().filter(|x| **x == y).count());
        lane.iter_mut().for_each(|x| *x = if *x == y { part } else { E::zero() });
    })
}

/// The gradient of the largest or smallest of all elements, in equal parts where it is, a NaN too.
pub(crate) fn max_of_all_backward<E: Numeric>(x: Storage<E>, y: E, grad: E) -> Storage<E> {
    let is_best = |x: E| x == y || (is_nan(x) && is_nan(y));
    let part = grad / number(x.iter().filter(|x| is_best(**x)).count());
    map(x, |x| if is_best(x) { part } else { E::zero() })
}

/// A count, as a number of the element type.
pub(crate) fn number<E: Numeric>(count: usize) -> E {
    <E as NumCast>::from(count).unwrap_or_else(E::zero)
}

/// The sums of each element and those before it.
#[inline(never)]
pub(crate) fn running_sum<E: Numeric>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    lanes::update(x, along, |_, lanes| E::running_sums(lanes, along.size, false))
}

/// The sums of each element and those after it.
#[inline(never)]
pub(crate) fn running_sum_backward<E: Numeric>(grad: Storage<E>, along: AxisLayout) -> Storage<E> {
    lanes::update(grad, along, |_, lanes| E::running_sums(lanes, along.size, true))
}

/// (Σ |x|ᵖ)^(1/p) along the axis, and its limits at p = 0 and at the infinities.
#[inline(never)]
pub(crate) fn norm<E: Float>(x: &[E], along: AxisLayout, p: f64) -> Storage<E> {
    lanes::reduce_blocks(x, along, |lanes, out| E::norm(lanes, along.size, p, out))
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
    lanes::update(x, along, |first, lanes| {
        E::norm_backward(lanes, along.size, &y[first..], &grad[first..], p);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};

    #[test]
    fn products_of_floats_keep_signs_and_what_is_not_a_number() {
        for size in [1, 3, 8, 9, 17, 64, 65, 130] {
            let along = AxisLayout { outer: 1, size, inner: 1 };
            for level in Level::ALL {
                let product_with = |last: f32| {
                    let x =
                        Vec::from_iter((1..size).map(|i| if i % 2 == 0 { 2.0 } else { 0.5 }).chain([last]));
                    with_level(level, || product(&x, along))[0]
                };
                let of_others = if size % 2 == 0 { 0.5 } else { 1.0 };
                assert_eq!(product_with(-3.0), -3.0 * of_others, "{size} {level}");
                assert!(product_with(f32::NAN).is_nan(), "{size} {level}");
                assert_eq!(product_with(f32::INFINITY), f32::INFINITY, "{size} {level}");
                let zero = product_with(-0.0);
                assert!(zero == 0.0 && zero.is_sign_negative(), "{size} {level}");
            }
        }
    }

    #[test]
    fn products_of_lanes_of_any_length_agree_with_a_loop() {
        for size in (0..70).chain([333]) {
            for inner in [1, 3] {
                let along = AxisLayout { outer: 5, size, inner };
                let x: Vec<i64> = (0..5 * size * inner).map(|i| [1, -1, 2, 1, 1, -1, 1][i % 7]).collect();
                let lane = |o: usize, i: usize| (0..size).map(move |k| (o * size + k) * inner + i);
                for level in Level::ALL {
                    let got = with_level(level, || product(&x, along));
                    for (at, got) in got.as_slice().iter().enumerate() {
                        let want = lane(at / inner, at % inner).map(|k| x[k]).product::<i64>();
                        assert_eq!(*got, want, "{size} {inner}");
                    }
                }
            }
        }
    }
}
