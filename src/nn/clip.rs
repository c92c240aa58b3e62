//! Gradient clipping, by the norm of all gradients together and element by element.

use super::Param;
use super::module::{Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::shape::Shape;

/// The 2-norm of all gradients, summed in f64 in the order of the parameters.
pub(super) fn norm(module: &impl Module) -> f64 {
    struct Squares(f64);
    impl<'a> Visitor<'a> for Squares {
        fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
            if let Some(grad) = &*param.gradient.lock() {
                self.0 += grad.as_slice().iter().map(|g| g.as_f64() * g.as_f64()).sum::<f64>();
            }
        }
    }
    let mut squares = Squares(0.0);
    module.visit(&mut squares);
    squares.0.sqrt()
}

/// Multiplies each gradient by a factor.
pub(super) fn scale(module: &mut impl Module, factor: f64) {
    struct Scale(f64);
    impl<'a> VisitorMut<'a> for Scale {
        fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
            let factor = E::from_f64(self.0);
            param.gradient_mut().iter_mut().for_each(|g| *g *= factor);
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
