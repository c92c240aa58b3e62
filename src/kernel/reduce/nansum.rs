//! Sums of what is not NaN.

use crate::element::Float;
use crate::kernel::axis::axis::{AxisLayout, LONG, sum};
use crate::kernel::axis::lanes;
use crate::kernel::elementwise::float::FloatMap;
use crate::kernel::elementwise::function::UnaryFunction;
use crate::kernel::reduce::reduce_over::number;
use crate::kernel::simd::{Kernel, Simd, SimdFloat, Term, Vector, dispatch, sum_of};
use crate::storage::Storage;

/// The sums of what is not NaN, with the bits of [`sum`] of the elements with 0 in place of NaN.
#[inline(never)]
pub(crate) fn sum_without_nan<E: Float>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    if inner != 1 || size == 0 || size >= LONG {
        return sum(&FloatMap::NanAsZero.map(x), along);
    }
    let mut out = Storage::unspecified(outer);
    lanes::for_each_part(out.make_mut(), LONG / size, size, |at, out| {
        E::lanes_without_nan(&x.as_slice()[at * size..], size, out);
    });
    out
}

/// The number of elements along the axis that are not NaN.
pub(crate) fn count_without_nan<E: Float>(is_nan: &[bool], along: AxisLayout) -> Storage<E> {
    lanes::reduce(is_nan, along, |lane| number::<E>(lane.iter().filter(|nan| !**nan).count()))
}

/// The gradient, times 0 where x is NaN: a product, so that the gradient of a mean of no elements is NaN everywhere, as in
/// PyTorch.
pub(crate) fn without_gradient_of_nan<E: Float>(mut grad: Storage<E>, is_nan: &[bool]) -> Storage<E> {
    let of_nan = grad.make_mut().iter_mut().zip(is_nan).filter(|(_, nan)| **nan);
    of_nan.for_each(|(g, _)| *g *= E::zero());
    grad
}

/// The sum of each lane, as many as `out` has.
pub(crate) fn of_lanes<E: SimdFloat>(x: &[E], size: usize, out: &mut [E]) {
    dispatch(OfLanes { x, size, out });
}

struct OfLanes<'a, E> {
    x: &'a [E],
    size: usize,
    out: &'a mut [E],
}

impl<E: SimdFloat> Kernel for OfLanes<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        for (x, out) in self.x.chunks_exact(self.size).zip(self.out) {
            *out = sum_of::<S, E>(x, E::ZERO, NanAsZero);
        }
    }
}

#[derive(Clone, Copy)]
struct NanAsZero;

impl<E: SimdFloat> Term<E> for NanAsZero {
    const LONG: bool = false;
    #[inline(always)]
    fn of<V: Vector<E>>(self, x: V) -> V {
        V::select(x.eq(x), x, V::zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_without_nan_are_those_of_zeros_in_its_place() {
        for (outer, size, inner) in
            [(3, 5, 1), (700, 7, 1), (1, 2048, 1), (3, 3000, 1), (5, 4, 3), (0, 3, 1), (40_000, 5, 1)]
        {
            let along = AxisLayout { outer, size, inner };
            let x: Vec<f32> = (0..outer * size * inner)
                .map(|i| if i % 3 == 1 { f32::NAN } else { (i % 1009) as f32 / 7.0 - 50.0 })
                .collect();
            let zeros: Vec<f32> = x.iter().map(|x| if x.is_nan() { 0.0 } else { *x }).collect();
            let got = sum_without_nan(Storage::from_slice(&x), along);
            assert_eq!(got.as_slice(), sum(&zeros, along).as_slice());
        }
        let all = sum_without_nan(
            Storage::from_slice(&[f64::NAN, f64::INFINITY]),
            AxisLayout { outer: 1, size: 2, inner: 1 },
        );
        assert_eq!(all.as_slice(), [f64::INFINITY]);
    }
}
