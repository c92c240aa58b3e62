//! Rows of scores: their softmax and its gradient, with the instruction set of the machine. A row stays in L1.
//!
//! Floor: an exponential, a load and a store for an element.

use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::reduce::row_math::exp_minus_and_sum;
use crate::kernel::simd::{Kernel, Simd, dispatch, dot, max_number};

/// Rows of `keys` scores, of the queries from `first` on.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub(super) keys: usize,
    pub(super) first: usize,
    pub(super) causal: bool,
}

impl Span {
    /// How many of the keys row `i` may see: the first ones.
    #[inline(always)]
    pub(super) fn seen(self, i: usize) -> usize {
        if self.causal { self.keys.min(self.first + i + 1) } else { self.keys }
    }
}

/// The softmax of scores for an element type, compiled in this crate.
pub trait ScoreRows: Sized {
    /// The softmax of `scale` times each row; zeros where a key is not seen, and in rows whose scores are all minus infinity:
    /// such a query attends to nothing.
    #[doc(hidden)]
    fn score_softmax(rows: &mut [Self], span: Span, scale: Self);
    /// `scale` p (g - Σ g p) for each row; zeros where a key is not seen.
    #[doc(hidden)]
    fn score_softmax_backward(grad: &mut [Self], p: &[Self], span: Span, scale: Self);
}

macro_rules! impl_score_rows {
    ($($t:ty),*) => { $(
        impl ScoreRows for $t {
            fn score_softmax(rows: &mut [Self], span: Span, scale: Self) {
                dispatch(Softmax { rows, span, scale });
            }
            fn score_softmax_backward(grad: &mut [Self], p: &[Self], span: Span, scale: Self) {
                dispatch(SoftmaxBackward { grad, p, span, scale });
            }
        }
    )* };
}
impl_score_rows!(f32, f64);

struct Softmax<'a, E> {
    rows: &'a mut [E],
    span: Span,
    scale: E,
}

impl<E: Coefficients> Kernel for Softmax<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Softmax { rows, span, scale } = self;
        for (i, row) in rows.chunks_exact_mut(span.keys.max(1)).enumerate() {
            let (row, unseen) = row.split_at_mut(span.seen(i));
            unseen.fill(E::ZERO);
            row.iter_mut().for_each(|x| *x *= scale);
            let most = max_number::<S, E>(row);
            if most == E::NEG_INFINITY && row.iter().all(|x| *x == most) {
                row.fill(E::ZERO);
                continue;
            }
            let factor = E::one() / exp_minus_and_sum::<S, E>(row, most);
            row.iter_mut().for_each(|x| *x *= factor);
        }
    }
}

struct SoftmaxBackward<'a, E> {
    grad: &'a mut [E],
    p: &'a [E],
    span: Span,
    scale: E,
}

impl<E: Coefficients> Kernel for SoftmaxBackward<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let SoftmaxBackward { grad, p, span, scale } = self;
        let keys = span.keys.max(1);
        for (i, (grad, p)) in grad.chunks_exact_mut(keys).zip(p.chunks_exact(keys)).enumerate() {
            let (grad, unseen) = grad.split_at_mut(span.seen(i));
            unseen.fill(E::ZERO);
            let p = &p[..grad.len()];
            let mean = dot::<S, E>(grad, p);
            grad.iter_mut().zip(p).for_each(|(g, p)| *g = *p * (*g - mean) * scale);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};
    use crate::rng::Rng;

    /// The definitions in `f64`.
    fn naive(row: &[f64], seen: usize, scale: f64) -> Vec<f64> {
        let e: Vec<f64> =
            row.iter().enumerate().map(|(j, x)| if j < seen { (scale * x).exp() } else { 0.0 }).collect();
        let sum: f64 = e.iter().sum();
        e.iter().map(|e| e / sum).collect()
    }

    #[test]
    fn each_level_agrees_with_the_definition_for_each_length() {
        let rng = &mut Rng::seed(2);
        for level in Level::ALL {
            for keys in 1..70 {
                for (first, causal) in [(0, false), (0, true), (keys / 2, true)] {
                    let span = Span { keys, first, causal };
                    let x: Vec<f64> = (0..3 * keys).map(|_| 4.0 * rng.normal()).collect();
                    let g: Vec<f64> = (0..3 * keys).map(|_| rng.normal()).collect();
                    let (mut y, mut y32) = (x.clone(), x.iter().map(|x| *x as f32).collect::<Vec<_>>());
                    let (mut dx, mut dx32) = (g.clone(), g.iter().map(|x| *x as f32).collect::<Vec<_>>());
                    with_level(level, || {
                        f64::score_softmax(&mut y, span, 0.3);
                        f64::score_softmax_backward(&mut dx, &y, span, 0.3);
                        f32::score_softmax(&mut y32, span, 0.3);
                        f32::score_softmax_backward(&mut dx32, &y32, span, 0.3);
                    });
                    for t in 0..3 {
                        let row = t * keys..(t + 1) * keys;
                        let p = naive(&x[row.clone()], span.seen(t), 0.3);
                        let mean: f64 = p.iter().zip(&g[row.clone()]).map(|(p, g)| p * g).sum();
                        for (i, p) in row.zip(p) {
                            let want = 0.3 * p * (g[i] - mean);
                            assert!((y[i] - p).abs() < 1e-14 && (f64::from(y32[i]) - p).abs() < 1e-6);
                            assert!((dx[i] - want).abs() < 1e-14 && (f64::from(dx32[i]) - want).abs() < 1e-6);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_row_of_minus_infinity_is_zero_and_nan_is_not_hidden() {
        let never = f32::NEG_INFINITY;
        let span = Span { keys: 3, first: 0, causal: false };
        let mut rows = [never, never, never, 0.0, never, f32::NAN, 0.0, never, 0.0];
        f32::score_softmax(&mut rows, span, 1.0);
        assert_eq!(rows[..3], [0.0; 3]);
        assert!(rows[3..6].iter().all(|x| x.is_nan()));
        assert_eq!(rows[6..], [0.5, 0.0, 0.5]);
    }
}
