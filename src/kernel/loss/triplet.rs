//! l = max(0, m + d(a, p) - d(a, n)), where d is the norm of the difference plus ε; dl/da = d'(a, p) - d'(a, n),
//! dl/dp = -d'(a, p), dl/dn = d'(a, n). With `swap`, d(p, n) takes the place of d(a, n) where it is smaller.

use super::along::{Factors, LaneLoss};
use crate::element::Float;
use crate::kernel::axis::sums_of_products::{SquaredDifferences, squares_in_range, sums_of_products};
use crate::kernel::math::Coefficients;
use crate::kernel::simd::{Simd, Vector};

/// The options of the loss.
#[derive(Clone, Copy, Debug)]
pub struct Triplet<E> {
    pub(crate) margin: E,
    pub(crate) p: f64,
    pub(crate) eps: E,
    pub(crate) swap: bool,
}

/// The value for the distances of a and p, of a and n, and of p and n, and the local gradient of each.
#[inline(always)]
fn of_distances<E: Float>(margin: E, swap: bool, [near, far, across]: [E; 3]) -> (E, [E; 3]) {
    let (zero, one) = (E::zero(), E::one());
    // PyTorch's minimum of two equal distances has half of the gradient of each.
    let share = if !swap || far < across {
        one
    } else if across < far {
        zero
    } else {
        E::from_f64(0.5)
    };
    let nearest = if swap && across < far { across } else { far };
    let missing = near + margin - nearest;
    // A NaN stays one.
    let value = if missing <= zero { zero } else { missing };
    let active = if missing > zero { one } else { zero };
    (value, [active, active * share, active * (one - share)])
}

impl<E: Coefficients> LaneLoss<E, 3> for Triplet<E> {
    #[inline(always)]
    fn value<S: Simd>(self, _: usize, lanes: [&[E]; 3], scale: E) -> Option<(E, Factors<E>)> {
        if self.p != 2.0 {
            return None;
        }
        let [a, p, n] = lanes;
        let mut norms = [0.0; 3];
        // One loop, since the sum is inlined into it.
        for (norm, [x, y]) in
            norms.iter_mut().zip([[a, p], [a, n], [p, n]]).take(if self.swap { 3 } else { 2 })
        {
            let [sum] =
                sums_of_products::<S, E, 2, 1>([x, y], [E::ZERO, self.eps], SquaredDifferences(self.eps));
            if !squares_in_range::<E>(sum, a.len()) {
                return None;
            }
            *norm = sum.sqrt();
        }
        let [near, far, across] = norms;
        let rounded = [E::from_f64(near), E::from_f64(far), E::from_f64(across)];
        let (value, gradients) = of_distances(self.margin, self.swap, rounded);
        let factor = |gradient: E, norm: f64| {
            if gradient == E::ZERO { E::ZERO } else { E::from_f64((scale * gradient).as_f64() / norm) }
        };
        let factors = [
            self.eps,
            factor(gradients[0], near),
            factor(gradients[1], far),
            factor(gradients[2], across),
            E::ZERO,
            E::ZERO,
        ];
        Some((value, factors))
    }

    #[inline(always)]
    fn gradients<V: Vector<E>>(factors: Factors<V>, [a, p, n]: [V; 3]) -> [V; 3] {
        let [eps, near, far, across, ..] = factors;
        let near = (a - p + eps) * near;
        let far = (a - n + eps) * far;
        let across = (p - n + eps) * across;
        [near - far, -(near + across), far + across]
    }

    fn carefully(self, _: usize, lanes: &mut [Vec<E>; 3]) -> E {
        let [a, p, n] = lanes;
        let difference = |x: &[E], y: &[E]| -> Vec<E> {
            let mut d = x.to_vec();
            E::differences(&mut d, y, self.eps);
            d
        };
        let mut near = difference(a, p);
        let mut far = difference(a, n);
        let mut across = if self.swap { difference(p, n) } else { Vec::new() };
        let mut norms = [E::ZERO; 3];
        for (norm, d) in norms.iter_mut().zip([&near, &far, &across]) {
            E::norm(d, d.len(), self.p, std::slice::from_mut(norm));
        }
        let (value, gradients) = of_distances(self.margin, self.swap, norms);
        for ((d, norm), gradient) in [&mut near, &mut far, &mut across].into_iter().zip(norms).zip(gradients)
        {
            let size = d.len();
            E::norm_backward(d, size, &[norm], &[gradient], self.p);
        }
        across.resize(a.len(), E::ZERO);
        for (i, (near, (far, across))) in near.iter().zip(far.iter().zip(&across)).enumerate() {
            a[i] = *near - *far;
            p[i] = -*near - *across;
            n[i] = *far + *across;
        }
        value
    }
}
