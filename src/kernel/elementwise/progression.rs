//! Numbers in equal steps.

use super::pointwise::at_level;
use crate::element::Float;

/// Numbers in equal steps from `start` to `end`, both exactly. Each is computed in `f64` from the end that it is nearer to, with
/// one rounding to `E`.
pub(crate) fn equal_steps<E: Float>(start: E, end: E, to: &mut [E]) {
    let n = to.len();
    let (from, until) = (start.as_f64(), end.as_f64());
    let step = (until - from) / n.saturating_sub(1) as f64;
    let (first, second) = to.split_at_mut(n / 2);
    // From the beginning upwards, and from the end downwards.
    write(first.iter_mut(), from, step);
    write(second.iter_mut().rev(), until, -step);
    if let Some(first) = to.first_mut() {
        // Also where one number is all, and 0 / 0 its step.
        *first = start;
    }
}

/// `from + i * step` at the i-th place.
fn write<'a, E: Float>(to: impl ExactSizeIterator<Item = &'a mut E>, from: f64, step: f64) {
    // With the instruction set of the machine, since without FMA `mul_add` is a function call. Vectors of AVX2 convert 32-bit
    // integers only.
    if let Ok(n) = i32::try_from(to.len()) {
        at_level(
            #[inline(always)]
            || to.zip(0..n).for_each(|(x, i)| *x = E::from_f64(step.mul_add(f64::from(i), from))),
        );
    } else {
        at_level(
            #[inline(always)]
            || to.enumerate().for_each(|(i, x)| *x = E::from_f64(step.mul_add(i as f64, from))),
        );
    }
}
