//! The hinge loss of one lane of scores.

use crate::element::Float;
use crate::kernel::elementwise::pointwise::at_level;

/// Elements whose terms are added side by side.
const WIDE: usize = 16;

/// Σ max(0, m - x\[label\] + x)ᵖ over the classes but the label, where p is 1, or 2 if `square` is set; and its gradient
/// times `scale` in place of the lane, if `needs_grad`.
pub(crate) fn multi_margin<E: Float>(
    lane: &mut [E],
    label: usize,
    [margin, scale]: [E; 2],
    square: bool,
    needs_grad: bool,
) -> E {
    let above = margin - lane[label];
    // Below every margin.
    lane[label] = E::neg_infinity();
    let [value, gradients] = at_level(
        #[inline(always)]
        || match (square, needs_grad) {
            (false, false) => terms::<_, false, false>(lane, above, scale),
            (false, true) => terms::<_, false, true>(lane, above, scale),
            (true, false) => terms::<_, true, false>(lane, above, scale),
            (true, true) => terms::<_, true, true>(lane, above, scale),
        },
    );
    if needs_grad {
        lane[label] = E::from_f64(-gradients);
    }
    E::from_f64(value)
}

/// The sums of the values and of the gradients of a lane.
#[inline(always)]
fn terms<E: Float, const SQUARE: bool, const NEEDS_GRAD: bool>(
    lane: &mut [E],
    above: E,
    scale: E,
) -> [f64; 2] {
    let mut sums = [[0.0; WIDE]; 2];
    let (chunks, rest) = lane.as_chunks_mut::<WIDE>();
    for chunk in chunks {
        some_terms::<E, WIDE, SQUARE, NEEDS_GRAD>(chunk, above, scale, &mut sums);
    }
    for x in rest.as_chunks_mut::<1>().0 {
        some_terms::<E, 1, SQUARE, NEEDS_GRAD>(x, above, scale, &mut sums);
    }
    sums.map(|sums| sums.iter().sum())
}

#[inline(always)]
fn some_terms<E: Float, const N: usize, const SQUARE: bool, const NEEDS_GRAD: bool>(
    x: &mut [E; N],
    above: E,
    scale: E,
    [values, gradients]: &mut [[f64; WIDE]; 2],
) {
    for i in 0..N {
        let missing = above + x[i];
        let counts = missing > E::zero();
        let missing = if counts { missing } else { E::zero() };
        values[i] += (if SQUARE { missing * missing } else { missing }).as_f64();
        if NEEDS_GRAD {
            let gradient = if SQUARE { missing + missing } else { E::one() };
            x[i] = if counts { gradient * scale } else { E::zero() };
            gradients[i] += x[i].as_f64();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};
    use crate::rng::Rng;

    #[test]
    fn lanes_of_any_length_agree_with_the_definition_at_each_level() {
        let rng = &mut Rng::seed(1);
        for len in (1..70).chain([333]) {
            let x: Vec<f64> = (0..len).map(|_| rng.normal()).collect();
            let (label, margin, scale) = (rng.below(len), 0.7, 0.3);
            for square in [false, true] {
                let missing = |k: usize| if k == label { 0.0 } else { (margin - x[label] + x[k]).max(0.0) };
                let (power, factor) = if square { (2, 2.0) } else { (1, 1.0) };
                let want: f64 = (0..len).map(|k| missing(k).powi(power)).sum();
                let mut gradient: Vec<f64> = (0..len)
                    .map(|k| match missing(k) {
                        0.0 => 0.0,
                        missing => scale * factor * missing.powi(power - 1),
                    })
                    .collect();
                gradient[label] = -gradient.iter().sum::<f64>();
                let mut values = Vec::new();
                for level in Level::ALL {
                    let mut lane = x.clone();
                    let value =
                        with_level(level, || multi_margin(&mut lane, label, [margin, scale], square, true));
                    assert!((value - want).abs() <= 1e-13 * want);
                    assert!(
                        lane.iter()
                            .zip(&gradient)
                            .all(|(g, want)| (g - want).abs() <= 1e-13 * (1.0 + want.abs()))
                    );
                    assert_eq!(multi_margin(&mut x.clone(), label, [margin, scale], square, false), value);
                    values.push((value, lane));
                }
                assert!(values.iter().all(|value| *value == values[0]), "bits do not depend on the level");
            }
        }
    }

    #[test]
    fn numbers_that_are_not_numbers_count_as_nothing() {
        let mut lane = [f64::NAN, 1.0, f64::NEG_INFINITY];
        assert_eq!(multi_margin(&mut lane, 1, [1.0, 1.0], false, true), 0.0);
        assert_eq!(lane, [0.0, -0.0, 0.0]);
        assert_eq!(multi_margin(&mut [0.0, f64::NEG_INFINITY], 1, [1.0, 1.0], false, false), f64::INFINITY);
    }
}
