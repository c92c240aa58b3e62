//! Products of lanes and their gradients.

use crate::element::Numeric;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::simd::{self, Kernel, Simd, SimdFloat, dispatch};
use crate::storage::Storage;

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
