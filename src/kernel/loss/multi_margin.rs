//! The hinge loss of one lane of scores.

use crate::element::Float;
use crate::kernel::elementwise::pointwise::at_level;

/// Elements whose terms are added side by side.
const WIDE: usize = 16;

/// Σ max(0, m - x\[label\] + x)ᵖ over the classes but the label, where p is 1, or 2 if `square` is set; and its gradient
/// times `scale` in place of the lane, if `wanted`.
pub(crate) fn multi_margin<E: Float>(
    lane: &mut [E],
    label: usize,
    [margin, scale]: [E; 2],
    square: bool,
    wanted: bool,
) -> E {
    let above = margin - lane[label];
    // Below every margin.
    lane[label] = E::neg_infinity();
    let [value, slopes] = at_level(
        #[inline(always)]
        || match (square, wanted) {
            (false, false) => terms::<_, false, false>(lane, above, scale),
            (false, true) => terms::<_, false, true>(lane, above, scale),
            (true, false) => terms::<_, true, false>(lane, above, scale),
            (true, true) => terms::<_, true, true>(lane, above, scale),
        },
    );
    if wanted {
        lane[label] = E::from_f64(-slopes);
    }
    E::from_f64(value)
}

/// The sums of the values and of the gradients of a lane.
#[inline(always)]
fn terms<E: Float, const SQUARE: bool, const WANTED: bool>(lane: &mut [E], above: E, scale: E) -> [f64; 2] {
    let mut sums = [[0.0; WIDE]; 2];
    let (chunks, rest) = lane.as_chunks_mut::<WIDE>();
    for chunk in chunks {
        some_terms::<E, WIDE, SQUARE, WANTED>(chunk, above, scale, &mut sums);
    }
    for x in rest.as_chunks_mut::<1>().0 {
        some_terms::<E, 1, SQUARE, WANTED>(x, above, scale, &mut sums);
    }
    sums.map(|sums| sums.iter().sum())
}

#[inline(always)]
fn some_terms<E: Float, const N: usize, const SQUARE: bool, const WANTED: bool>(
    x: &mut [E; N],
    above: E,
    scale: E,
    [values, slopes]: &mut [[f64; WIDE]; 2],
) {
    for i in 0..N {
        let missing = above + x[i];
        let counts = missing > E::zero();
        let missing = if counts { missing } else { E::zero() };
        values[i] += (if SQUARE { missing * missing } else { missing }).as_f64();
        if WANTED {
            let slope = if SQUARE { missing + missing } else { E::one() };
            x[i] = if counts { slope * scale } else { E::zero() };
            slopes[i] += x[i].as_f64();
        }
    }
}
