//! y = max(x, 0), and dL/dx = dL/dy where y > 0, else 0.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::elementwise::float::FloatMap;
use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::elementwise::function::UnaryFunction;
use crate::ops::support::results::Mapped;
use crate::ops::support::unary::unary;
use crate::shape::Shape;
use crate::tensor::Tensor;

unary!(@backward y Float, relu() by ReluBackward, FloatZip::ReluGrad);

// Written out, since most messages about moved values show this method.
impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// max(x, 0), element-wise. PyTorch's `relu`; the gradient at 0 is 0, and NaN stays NaN.
    ///
    /// In: any shape. Out: the same shape.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-1.0, 0.0, 2.0]).relu(), Tensor::from([0.0, 0.0, 2.0]));
    /// ```
    // rustc shows the next line where the tensor is used after it.
    #[rustfmt::skip]
    pub fn relu(self) -> Mapped<S, E, C, F, ReluBackward<E>> { // used once: `x.shared(|x| ..)`, or `x.value()` before if no gradient is to flow
        let (x, flow) = self.into_parts();
        unary!(@forward y x flow () ReluBackward, FloatMap::Relu)
    }
}
