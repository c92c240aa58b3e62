//! ReLU with a negative slope for each channel, and its gradients.

use super::pointwise::at_level;
use crate::element::Float;
use crate::storage::Storage;

/// f(x, w) or f(g, x, w) with the weight of the channel.
fn each<E: Float>(out: &mut [E], x: &[E], weight: &[E], inner: usize, f: impl Fn(E, E, E) -> E) {
    if inner > 0 {
        at_level(
            #[inline(always)]
            || {
                let weights = weight.iter().cycle();
                for ((out, x), w) in out.chunks_exact_mut(inner).zip(x.chunks_exact(inner)).zip(weights) {
                    out.iter_mut().zip(x).for_each(|(out, x)| *out = f(*out, *x, *w));
                }
            },
        );
    }
}

/// x where it is positive, else w x.
pub(crate) fn prelu<E: Float>(x: &Storage<E>, weight: &[E], inner: usize) -> Storage<E> {
    let mut y = x.clone();
    let f = |_, x, w| if x > E::zero() { x } else { w * x };
    each(y.make_mut(), x.as_slice(), weight, inner, f);
    y
}

/// g where x is positive, else w g.
pub(crate) fn input_gradient<E: Float>(
    mut grad: Storage<E>,
    x: &[E],
    weight: &[E],
    inner: usize,
) -> Storage<E> {
    each(grad.make_mut(), x, weight, inner, |g, x, w| if x > E::zero() { g } else { w * g });
    grad
}

/// 0 where x is positive, else x g: the terms of the gradients of the weights.
pub(crate) fn weight_gradients<E: Float>(
    mut grad: Storage<E>,
    x: &[E],
    weight: &[E],
    inner: usize,
) -> Storage<E> {
    each(grad.make_mut(), x, weight, inner, |g, x, _| if x > E::zero() { E::zero() } else { x * g });
    grad
}
