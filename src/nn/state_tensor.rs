//! The tensors of a state dict, whose shape and element type are known at run time.

use crate::element::{Element, Float};
use crate::error_format::debug_as_display;
use crate::kernel::elementwise::convert::convert;
use crate::kernel::reduce::norms::Norms;
use crate::shape::Shape;
use crate::state_data::{Dtype, StateData};
use crate::tensor::Tensor;

/// A tensor whose shape and element type are known only at run time, as in files.
#[derive(Clone, Debug, PartialEq)]
pub struct StateTensor {
    shape: Vec<usize>,
    data: StateData,
}

impl StateTensor {
    /// A tensor of this shape.
    ///
    /// # Errors
    /// If there are not as many elements as the shape has.
    pub fn new(shape: Vec<usize>, data: impl Into<StateData>) -> Result<Self, StateError> {
        let data = data.into();
        let numel = shape.iter().try_fold(1, |product: usize, &size| product.checked_mul(size));
        if numel == Some(data.len()) {
            Ok(StateTensor { shape, data })
        } else {
            Err(StateError::Elements { shape, elements: data.len() })
        }
    }

    /// The same tensor: the memory is shared.
    pub(crate) fn of<S: Shape, E: Element>(tensor: &Tensor<S, E>) -> Self {
        StateTensor { shape: S::SIZES.to_vec(), data: E::to_state(tensor.data.clone()) }
    }

    /// The tensor with floats of type `E`; integers and masks stay as they are.
    pub(super) fn to<E: Float>(self) -> Self {
        let data = match self.data {
            data if data.dtype() == Dtype::of::<E>() => data,
            StateData::F32(x) => E::to_state(convert(&x, |x| E::from_f64(x.into()))),
            StateData::F64(x) => E::to_state(convert(&x, E::from_f64)),
            data => data,
        };
        StateTensor { data, ..self }
    }

    /// The size of each axis.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The type of the elements.
    #[must_use]
    pub fn dtype(&self) -> Dtype {
        self.data.dtype()
    }

    /// The elements, in row-major order.
    #[must_use]
    pub fn data(&self) -> &StateData {
        &self.data
    }

    /// The elements as numbers, in row-major order: an `i64` is rounded to the nearest `f64`, `true` is 1. PyTorch's `x.flatten().tolist()`.
    #[must_use]
    pub fn to_vec(&self) -> Vec<f64> {
        match &self.data {
            StateData::F32(x) => x.iter().map(|x| f64::from(*x)).collect(),
            StateData::F64(x) => x.as_slice().to_vec(),
            StateData::I64(x) => x.iter().map(|x| *x as f64).collect(),
            StateData::Bool(x) => x.iter().map(|x| f64::from(u8::from(*x))).collect(),
        }
    }

    /// The 2-norm √(Σ x²) of all elements, computed in `f64`: PyTorch's `x.norm()`, such as that of a gradient.
    ///
    /// ```
    /// use typegrad::prelude::*;
    ///
    /// let net = Linear::<2, 1>::new(&mut Rng::seed(0));
    /// net.train(Tensor::from([[3.0, 4.0]])).sum().backward();
    /// let norms: Vec<_> = net.parameters().map(|p| p.grad().map(|grad| grad.norm())).collect();
    /// assert_eq!(norms, [Some(5.0), Some(1.0)]);
    /// ```
    #[must_use]
    pub fn norm(&self) -> f64 {
        match &self.data {
            StateData::F32(x) => f32::norm_in_f64(x.as_slice()),
            StateData::F64(x) => f64::norm_in_f64(x.as_slice()),
            StateData::I64(_) | StateData::Bool(_) => f64::norm_in_f64(&self.to_vec()),
        }
    }

    /// The shape and the elements.
    #[must_use]
    pub fn into_parts(self) -> (Vec<usize>, StateData) {
        (self.shape, self.data)
    }
}

/// The same tensor: the memory is shared.
impl<S: Shape, E: Element> From<&Tensor<S, E>> for StateTensor {
    fn from(tensor: &Tensor<S, E>) -> Self {
        StateTensor::of(tensor)
    }
}

/// The element types that are read from files.
pub(super) const READABLE: &str = "tensors of floats up to 64 bits, integers and bools are";

/// An error of inserting into a [`StateDict`](super::StateDict), or of taking out of it.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The name is taken.
    #[error("the name `{name}` occurs twice in a state dict")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// The shape and the elements do not fit.
    #[error("a tensor of shape {shape:?} cannot have {elements} elements")]
    Elements {
        /// The size of each axis.
        shape: Vec<usize>,
        /// The number of elements.
        elements: usize,
    },
    /// There is no tensor of this name.
    #[error("there is no tensor `{name}` in the state dict")]
    Missing {
        /// The name.
        name: String,
    },
    /// The file had something of this name that is not read.
    #[error("`{name}` is {kind}, which is not read; {READABLE}")]
    Opaque {
        /// The name.
        name: String,
        /// A description, such as ``an object of `torch.device` ``.
        kind: String,
    },
    /// The tensor has another shape or other elements.
    #[error("`{name}` is {found_dtype} {found_shape:?}, not {expected_dtype} {expected_shape:?}")]
    Mismatch {
        /// The name.
        name: String,
        /// The size of each axis of what was asked for.
        expected_shape: &'static [usize],
        /// The type of the elements of what was asked for.
        expected_dtype: Dtype,
        /// The size of each axis of the tensor.
        found_shape: Vec<usize>,
        /// The type of the elements of the tensor.
        found_dtype: Dtype,
    },
}

debug_as_display!(StateError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_and_numbers_of_any_element_type() {
        let of = |data: StateData| StateTensor::new(vec![2], data).expect("two elements");
        let huge = [3e200, -4e200];
        for (x, numbers, norm) in [
            (of(vec![3.0_f32, -4.0].into()), [3.0, -4.0], 5.0),
            (of(vec![3e38_f32, 0.0].into()), [f64::from(3e38_f32), 0.0], f64::from(3e38_f32)),
            (of(huge.to_vec().into()), huge, 5e200),
            (of(vec![-5_i64, 12].into()), [-5.0, 12.0], 13.0),
            (of(vec![true, false].into()), [1.0, 0.0], 1.0),
        ] {
            assert_eq!(x.to_vec(), numbers);
            assert!((x.norm() / norm - 1.0).abs() < 1e-15, "{} is not {norm}", x.norm());
        }
        assert_eq!(StateTensor::new(vec![0], Vec::<f32>::new()).map(|x| x.norm()), Ok(0.0));
    }

    #[test]
    fn a_shape_has_as_many_elements_as_it_says() {
        for shape in [vec![2], vec![0], vec![usize::MAX, 2], vec![]] {
            let wrong = StateTensor::new(shape.clone(), vec![1_i64, 2, 3]);
            assert_eq!(wrong, Err(StateError::Elements { shape, elements: 3 }));
        }
        assert!(StateTensor::new(vec![], vec![true]).is_ok());
        assert!(StateTensor::new(vec![4, 0], Vec::<bool>::new()).is_ok());
    }
}
