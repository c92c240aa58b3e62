//! The trait that all tables of functions implement, for the operations.

use super::float::FloatMap;
use super::float_zip::{FloatZip, FloatZipGrad};
use super::number::{NumberMap, NumberZip, NumberZipGrad};
use super::pointwise::Value;
use crate::element::{Float, Numeric};
use crate::kernel::math::Function;
use crate::storage::Storage;

/// A function of one number.
pub(crate) trait UnaryFunction<E> {
    /// f(x) for each x, in the memory of `x` if nothing else holds it.
    fn map(self, x: Storage<E>) -> Storage<E>;
}

/// A function of two numbers.
pub(crate) trait BinaryFunction<E>: Sized {
    /// f(a, b) for each pair; what is shorter repeats. In the memory of an operand, if nothing else holds it.
    fn zip_values(self, a: Value<E>, b: Value<E>) -> Storage<E>;
    /// f(a, b) for each pair of elements.
    fn zip(self, a: Storage<E>, b: Storage<E>) -> Storage<E> {
        self.zip_values(Value::Many(a), Value::Many(b))
    }
    /// f(a, b) where `b` may be one number.
    fn zip_value(self, a: Storage<E>, b: Value<E>) -> Storage<E> {
        self.zip_values(Value::Many(a), b)
    }
}

/// A gradient of a function of two numbers.
pub(crate) trait BinaryGradient<E> {
    /// f(g, a, b) for each g; what is shorter repeats. In the memory of `g`, if nothing else holds it.
    fn zip_grad(self, g: Storage<E>, a: &Value<E>, b: &Value<E>) -> Storage<E>;
}

impl<E: Numeric> UnaryFunction<E> for NumberMap<E> {
    fn map(self, x: Storage<E>) -> Storage<E> {
        E::number_map(self, x)
    }
}

impl<E: Float> UnaryFunction<E> for FloatMap<E> {
    fn map(self, x: Storage<E>) -> Storage<E> {
        E::float_map(self, x)
    }
}

impl<E: Float> UnaryFunction<E> for Function {
    fn map(self, x: Storage<E>) -> Storage<E> {
        E::elementary(self, x)
    }
}

impl<E: Numeric> BinaryFunction<E> for NumberZip<E> {
    fn zip_values(self, a: Value<E>, b: Value<E>) -> Storage<E> {
        E::number_zip(self, a, b)
    }
}

impl<E: Float> BinaryFunction<E> for FloatZip<E> {
    fn zip_values(self, a: Value<E>, b: Value<E>) -> Storage<E> {
        E::float_zip(self, a, b)
    }
}

impl<E: Numeric> BinaryGradient<E> for NumberZipGrad {
    fn zip_grad(self, g: Storage<E>, a: &Value<E>, b: &Value<E>) -> Storage<E> {
        E::number_zip_grad(self, g, a, b)
    }
}

impl<E: Float> BinaryGradient<E> for FloatZipGrad {
    fn zip_grad(self, g: Storage<E>, a: &Value<E>, b: &Value<E>) -> Storage<E> {
        E::float_zip_grad(self, g, a, b)
    }
}
