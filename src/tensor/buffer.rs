//! Buffers: state of a module that is saved and not trained.

use super::Tensor;
use crate::element::Element;
use crate::shape::Shape;
use std::fmt;
use std::sync::{PoisonError, RwLock};

/// A tensor that is saved with its module and never trained. PyTorch's `register_buffer`.
///
/// It can be replaced through a shared reference, so a layer can update its statistics in `forward`.
///
/// ```
/// use typegrad::prelude::*;
/// let mean = Buffer::new(Tensor::<Rank1<2>>::zeros());
/// mean.set(Tensor::from([0.5, 1.5]));
/// assert_eq!(mean.value().to_vec(), [0.5, 1.5]);
/// ```
pub struct Buffer<S, E = f32> {
    value: RwLock<Tensor<S, E>>,
    persistent: bool,
}

impl<S: Shape, E: Element> Buffer<S, E> {
    /// A buffer with this initial value.
    pub fn new(value: Tensor<S, E>) -> Self {
        Buffer { value: RwLock::new(value), persistent: true }
    }

    /// A buffer that is not saved, because it can be computed again. PyTorch's `register_buffer(persistent=False)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let mask = Buffer::non_persistent(Tensor::<Rank2<3, 3>>::ones().tril(0));
    /// assert!(mask.state_dict().is_empty());
    /// ```
    pub fn non_persistent(value: Tensor<S, E>) -> Self {
        Buffer { value: RwLock::new(value), persistent: false }
    }

    /// Whether it is part of a state dict.
    pub fn is_persistent(&self) -> bool {
        self.persistent
    }

    /// The value, as a constant that shares the memory.
    pub fn value(&self) -> Tensor<S, E> {
        self.value.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the value.
    pub fn set(&self, value: Tensor<S, E>) {
        *self.value.write().unwrap_or_else(PoisonError::into_inner) = value;
    }
}

impl<S: Shape, E: Element> From<Tensor<S, E>> for Buffer<S, E> {
    fn from(value: Tensor<S, E>) -> Self {
        Buffer::new(value)
    }
}

impl<S, E> Clone for Buffer<S, E> {
    fn clone(&self) -> Self {
        let value = self.value.read().unwrap_or_else(PoisonError::into_inner).clone();
        Buffer { value: RwLock::new(value), persistent: self.persistent }
    }
}

impl<S: Shape, E: Element> fmt::Debug for Buffer<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer containing:\n{}", self.value())
    }
}
