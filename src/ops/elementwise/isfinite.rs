//! Whether x is NaN, infinite or finite: a mask, through which no gradient flows.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::elementwise::float::Class;
use crate::shape::Shape;
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// Whether each element is NaN: a mask. PyTorch's `isnan`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, f64::NAN]).isnan(), Tensor::from([false, true]));
    /// ```
    pub fn isnan(&self) -> Tensor<S, bool> {
        Tensor::constant(E::of_class(Class::Nan, self.as_slice()))
    }

    /// Whether each element is infinite, of either sign: a mask. PyTorch's `isinf`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, f64::NEG_INFINITY, f64::NAN]);
    /// assert_eq!(x.isinf(), Tensor::from([false, true, false]));
    /// ```
    pub fn isinf(&self) -> Tensor<S, bool> {
        Tensor::constant(E::of_class(Class::Infinite, self.as_slice()))
    }

    /// Whether each element is neither infinite nor NaN: a mask. PyTorch's `isfinite`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, f64::NEG_INFINITY, f64::NAN]);
    /// assert_eq!(x.isfinite(), Tensor::from([true, false, false]));
    /// ```
    pub fn isfinite(&self) -> Tensor<S, bool> {
        Tensor::constant(E::of_class(Class::Finite, self.as_slice()))
    }
}
