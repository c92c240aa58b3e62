//! cos(a, b) = a·b / (|a| |b|), and d cos/da = (b / |b| - cos a / |a|) / |a|, and with respect to b likewise.
//! The loss is 1 - cos for the label 1, and max(0, cos - m) for the label -1.

use super::along::{Factors, LaneLoss};
use crate::element::Float;
use crate::kernel::axis::axis::total_of;
use crate::kernel::axis::sums_of_products::{Products, squares_in_range, sums_of_products};
use crate::kernel::math::Coefficients;
use crate::kernel::simd::{Simd, Vector};

/// Cosines, and the loss of them.
#[derive(Clone, Copy, Debug)]
pub enum Cosine<'a, E> {
    /// The cosine, where a norm is at least ε, as a factor; PyTorch's gradient of it is that of the norm itself.
    Least { eps: E },
    /// The loss of the cosine for labels of 1 or -1, where ε is added to the squares.
    Loss { margin: E, labels: &'a [i64] },
}

/// The ε that PyTorch's loss adds to the squares: a number of `f32`, whatever the elements are.
const EPSILON: f64 = 1e-12_f32 as f64;

/// The loss of a cosine, and its local gradient.
#[inline(always)]
fn loss_of<E: Float>(cosine: E, margin: E, label: i64) -> [E; 2] {
    match label {
        1 => [E::one() - cosine, -E::one()],
        _ if cosine - margin > E::zero() => [cosine - margin, E::one()],
        // A NaN stays one.
        _ => [if cosine.is_nan() { cosine } else { E::zero() }, E::zero()],
    }
}

impl<E: Coefficients> LaneLoss<E, 2> for Cosine<'_, E> {
    #[inline(always)]
    fn value<S: Simd>(self, row: usize, lanes: [&[E]; 2], scale: E) -> Option<(E, Factors<E>)> {
        let n = lanes[0].len();
        let [aa, bb, ab] = sums_of_products::<S, E, 2, 3>(lanes, [E::ZERO; 2], Products);
        if !(squares_in_range::<E>(aa, n) && squares_in_range::<E>(bb, n) && ab.is_finite()) {
            return None;
        }
        let (norm_a, norm_b, least_a, least_b) = match self {
            Cosine::Least { eps } => {
                let (a, b) = (aa.sqrt(), bb.sqrt());
                (a, b, a.max(eps.as_f64()), b.max(eps.as_f64()))
            }
            Cosine::Loss { .. } => {
                let (a, b) = ((aa + EPSILON).sqrt(), (bb + EPSILON).sqrt());
                (a, b, a, b)
            }
        };
        let cosine = ab / least_a / least_b;
        let (value, local_gradient) = match self {
            Cosine::Least { .. } => (E::from_f64(cosine), E::one()),
            Cosine::Loss { margin, labels } => {
                let [value, local_gradient] = loss_of(E::from_f64(cosine), margin, labels[row]);
                (value, local_gradient)
            }
        };
        let scale = (scale * local_gradient).as_f64();
        let factors = [
            1.0 / least_a,
            1.0 / least_b,
            cosine / norm_a,
            cosine / norm_b,
            scale / least_a,
            scale / least_b,
        ];
        let mut rounded = [E::ZERO; 6];
        for (rounded, factor) in rounded.iter_mut().zip(factors) {
            *rounded = E::from_f64(factor);
        }
        Some((value, rounded))
    }

    #[inline(always)]
    fn gradients<V: Vector<E>>(factors: Factors<V>, [a, b]: [V; 2]) -> [V; 2] {
        let [over_a, over_b, back_a, back_b, scaled_a, scaled_b] = factors;
        [a.neg_mul_add(back_a, b * over_b) * scaled_a, b.neg_mul_add(back_b, a * over_a) * scaled_b]
    }

    fn carefully(self, row: usize, lanes: &mut [Vec<E>; 2]) -> E {
        match self {
            Cosine::Least { eps } => with_least(lanes, eps),
            Cosine::Loss { margin, labels } => {
                let cosine = with_sum(lanes);
                let [value, local_gradient] = loss_of(cosine, margin, labels[row]);
                lanes.iter_mut().flatten().for_each(|d| *d *= local_gradient);
                value
            }
        }
    }
}

fn dot<E: Float>(a: &[E], b: &[E]) -> E {
    total_of(a.iter().zip(b).map(|(a, b)| *a * *b))
}

fn norm<E: Float>(x: &[E]) -> E {
    let mut norm = [E::zero()];
    E::norm(x, x.len(), 2.0, &mut norm);
    norm[0]
}

/// The cosine of two lanes, which are overwritten with its gradients.
fn with_least<E: Float>(lanes: &mut [Vec<E>; 2], eps: E) -> E {
    let [a, b] = lanes;
    let (norm_a, norm_b) = (norm(a), norm(b));
    // A NaN stays one.
    let least = |norm: E| if norm < eps { eps } else { norm };
    let (least_a, least_b) = (least(norm_a), least(norm_b));
    let cosine = total_of(a.iter().zip(b.iter()).map(|(a, b)| *a / least_a * (*b / least_b)));
    let part = |x: E, norm: E| if norm == E::zero() { E::zero() } else { x / norm * cosine };
    for (a, b) in a.iter_mut().zip(b) {
        let da = (*b / least_b - part(*a, norm_a)) / least_a;
        (*a, *b) = (da, (*a / least_a - part(*b, norm_b)) / least_b);
    }
    cosine
}

/// The same with ε as in the loss.
fn with_sum<E: Float>(lanes: &mut [Vec<E>; 2]) -> E {
    let [a, b] = lanes;
    let eps = E::from_f64(EPSILON);
    let (square_a, square_b) = (dot(a, a) + eps, dot(b, b) + eps);
    let over = (square_a * square_b).sqrt();
    let cosine = dot(a, b) / over;
    let (back_a, back_b) = (cosine / square_a, cosine / square_b);
    for (a, b) in a.iter_mut().zip(b) {
        (*a, *b) = (*b / over - *a * back_a, *a / over - *b * back_b);
    }
    cosine
}
