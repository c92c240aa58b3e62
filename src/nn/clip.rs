//! Gradient clipping, by the norm of all gradients together or element-wise.

use super::{Module, Param, Visitor, VisitorMut};
use crate::element::Float;
use crate::error_format::debug_as_display;
use crate::shape::Shape;

/// Fails if there are parameters, and none has a gradient.
#[track_caller]
pub(super) fn assert_gradients(module: &impl Module) {
    #[derive(Default)]
    struct Any {
        parameters: bool,
        gradients: bool,
    }
    impl<'a> Visitor<'a> for Any {
        fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
            self.parameters = true;
            self.gradients |= param.gradient.lock().is_some();
        }
    }
    let mut any = Any::default();
    module.visit(&mut any);
    assert!(
        any.gradients || !any.parameters,
        "no parameter has a gradient to clip: clip after `backward` and before `step`, which clears the gradients"
    );
}

/// The p-norm of all gradients, computed in f64 in the order of the parameters; for p = ∞ the largest magnitude.
pub(super) fn norm(module: &impl Module, p: f64) -> f64 {
    let sum = powers(module, p, 1.0);
    if p == 1.0 || p == f64::INFINITY {
        return sum;
    }
    let root = |sum: f64| if p == 2.0 { sum.sqrt() } else { libm::pow(sum, 1.0 / p) };
    // Powers of finite numbers may leave the range: then the powers of the ratios to the largest one are summed.
    if !sum.is_normal() {
        let largest = powers(module, f64::INFINITY, 1.0);
        if largest > 0.0 && largest.is_finite() {
            return largest * root(powers(module, p, largest));
        }
    }
    root(sum)
}

/// The sum of the powers of all gradients, each divided by `unit`; for p = ∞ the largest magnitude.
fn powers(module: &impl Module, p: f64, unit: f64) -> f64 {
    struct Powers {
        p: f64,
        unit: f64,
        sum: f64,
    }
    impl<'a> Visitor<'a> for Powers {
        fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
            let Some(grad) = &*param.gradient.lock() else { return };
            let magnitudes = grad.as_slice().iter().map(|g| g.as_f64().abs());
            if self.p == f64::INFINITY {
                // NaN is larger than all, as in PyTorch.
                self.sum = magnitudes.fold(self.sum, |max, g| if g > max || g.is_nan() { g } else { max });
            } else if self.p == 2.0 {
                let norm = E::norm_in_f64(grad.as_slice()) / self.unit;
                self.sum += norm * norm;
            } else if self.p == 1.0 {
                self.sum += magnitudes.sum::<f64>();
            } else {
                self.sum += magnitudes.map(|g| libm::pow(g / self.unit, self.p)).sum::<f64>();
            }
        }
    }
    let mut powers = Powers { p, unit, sum: 0.0 };
    module.visit(&mut powers);
    powers.sum
}

/// The gradients have no norm that they could be scaled by.
#[derive(Clone, Copy, PartialEq, thiserror::Error)]
#[error("the norm of the gradients is {norm:?}: they are not scaled")]
pub struct NonFiniteNorm {
    /// NaN or infinity.
    pub norm: f64,
}

debug_as_display!(NonFiniteNorm);

/// Scales the gradients, whose norm this is, so that it is at most `max_norm`.
pub(super) fn scale_to(module: &mut impl Module, norm: f64, max_norm: f64) {
    let factor = max_norm / (norm + 1e-6);
    scale(module, if factor > 1.0 { 1.0 } else { factor });
}

/// Multiplies each gradient by a factor.
fn scale(module: &mut impl Module, factor: f64) {
    struct Scale(f64);
    impl<'a> VisitorMut<'a> for Scale {
        fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
            E::scale(param.gradient_mut(), E::from_f64(self.0));
        }
    }
    module.visit_mut(&mut Scale(factor));
}

/// Moves each element of each gradient into ±`limit`; NaN stays.
pub(super) fn clamp(module: &mut impl Module, limit: f64) {
    struct Clamp(f64);
    impl<'a> VisitorMut<'a> for Clamp {
        fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
            let limit = E::from_f64(self.0);
            for g in param.gradient_mut() {
                if *g < -limit {
                    *g = -limit;
                }
                if *g > limit {
                    *g = limit;
                }
            }
        }
    }
    module.visit_mut(&mut Clamp(limit));
}
