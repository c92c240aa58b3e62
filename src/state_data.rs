//! Elements whose type is known at run time only: what a state dict holds.

use crate::element::Element;
use crate::storage::Storage;
use std::fmt;

/// The type of the elements of a [`StateTensor`](crate::nn::StateTensor).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dtype {
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// `i64`.
    I64,
    /// `bool`.
    Bool,
}

impl Dtype {
    pub(crate) fn of<E: Element>() -> Self {
        E::to_state(Storage::empty()).dtype()
    }

    /// The number of bytes of an element.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Dtype::F32 => 4,
            Dtype::F64 | Dtype::I64 => 8,
            Dtype::Bool => 1,
        }
    }
}

impl fmt::Display for Dtype {
    /// PyTorch's name without `torch.`, such as `float32`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dtype::F32 => f32::DTYPE,
            Dtype::F64 => f64::DTYPE,
            Dtype::I64 => i64::DTYPE,
            Dtype::Bool => bool::DTYPE,
        })
    }
}

/// The elements of a [`StateTensor`](crate::nn::StateTensor), in row-major order. A clone shares the memory.
#[derive(Clone, Debug, PartialEq)]
pub enum StateData {
    /// Elements of type `f32`.
    F32(Storage<f32>),
    /// Elements of type `f64`.
    F64(Storage<f64>),
    /// Elements of type `i64`.
    I64(Storage<i64>),
    /// Elements of type `bool`.
    Bool(Storage<bool>),
}

impl StateData {
    /// The type of the elements.
    #[must_use]
    pub fn dtype(&self) -> Dtype {
        match self {
            StateData::F32(_) => Dtype::F32,
            StateData::F64(_) => Dtype::F64,
            StateData::I64(_) => Dtype::I64,
            StateData::Bool(_) => Dtype::Bool,
        }
    }

    /// The number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            StateData::F32(elements) => elements.len(),
            StateData::F64(elements) => elements.len(),
            StateData::I64(elements) => elements.len(),
            StateData::Bool(elements) => elements.len(),
        }
    }

    /// Whether there are no elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The address of the elements, equal for tensors that share them.
    pub(crate) fn address(&self) -> usize {
        match self {
            StateData::F32(elements) => elements.as_ptr().addr(),
            StateData::F64(elements) => elements.as_ptr().addr(),
            StateData::I64(elements) => elements.as_ptr().addr(),
            StateData::Bool(elements) => elements.as_ptr().addr(),
        }
    }

    /// The elements, if they are of type `E`.
    #[must_use]
    pub fn as_slice<E: Element>(&self) -> Option<&[E]> {
        E::from_state(self).map(Storage::as_slice)
    }
}

impl<E: Element> From<Vec<E>> for StateData {
    fn from(elements: Vec<E>) -> Self {
        E::to_state(elements.into())
    }
}
