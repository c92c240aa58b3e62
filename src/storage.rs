//! The memory of a tensor. Opaque, so that a pool can come without touching an operation.

use crate::element::Element;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The elements of a tensor: reference-counted, so that a clone shares the memory.
///
/// ```
/// use typegrad::{Storage, nn::StateData};
/// let elements = Storage::from(vec![1.0_f32, 2.0]);
/// assert_eq!(StateData::F32(elements.clone()), vec![1.0_f32, 2.0].into());
/// assert_eq!(elements.iter().sum::<f32>(), 3.0);
/// ```
pub struct Storage<E>(Arc<[E]>);

impl<E> Clone for Storage<E> {
    fn clone(&self) -> Self {
        Storage(Arc::clone(&self.0))
    }
}

impl<E> Deref for Storage<E> {
    type Target = [E];
    fn deref(&self) -> &[E] {
        &self.0
    }
}

impl<E: PartialEq> PartialEq for Storage<E> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<E: fmt::Debug> fmt::Debug for Storage<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E> From<Vec<E>> for Storage<E> {
    fn from(elements: Vec<E>) -> Self {
        Storage(elements.into())
    }
}

impl<E: Element> Storage<E> {
    pub(crate) fn filled(len: usize, value: E) -> Self {
        Storage(std::iter::repeat_n(value, len).collect())
    }

    /// Element `i` is `f(i)`, computed in order.
    pub(crate) fn from_fn(len: usize, f: impl FnMut(usize) -> E) -> Self {
        Storage((0..len).map(f).collect())
    }

    /// From an iterator that knows its length: one allocation.
    pub(crate) fn collect(elements: impl Iterator<Item = E>) -> Self {
        Storage(elements.collect())
    }

    pub(crate) fn from_slice(elements: &[E]) -> Self {
        Storage(Arc::from(elements))
    }

    pub(crate) fn as_slice(&self) -> &[E] {
        &self.0
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// No elements, and no allocation.
    pub(crate) fn empty() -> Self {
        Storage(Arc::default())
    }

    /// The elements for writing, if nothing else holds this memory.
    pub(crate) fn unique(&mut self) -> Option<&mut [E]> {
        Arc::get_mut(&mut self.0)
    }

    /// The elements for writing; copied first if something else holds this memory.
    pub(crate) fn make_mut(&mut self) -> &mut [E] {
        Arc::make_mut(&mut self.0)
    }

    /// The address of the first element, to show what shares memory.
    pub(crate) fn as_ptr(&self) -> *const E {
        self.0.as_ptr()
    }
}
