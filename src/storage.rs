//! The memory of a tensor.

use crate::element::Element;
use crate::kernel::memory::Buffer;
use std::fmt;
use std::ops::Deref;

/// The elements of a tensor: reference-counted, so that a clone shares the memory, and aligned to 64 bytes. Memory that
/// is dropped is kept for tensors of the same size, until [`empty_cache`](crate::empty_cache).
///
/// ```
/// use typegrad::{Storage, nn::StateData};
/// let elements = Storage::from(vec![1.0_f32, 2.0]);
/// assert_eq!(StateData::F32(elements.clone()), vec![1.0_f32, 2.0].into());
/// assert_eq!(elements.iter().sum::<f32>(), 3.0);
/// ```
pub struct Storage<E>(Buffer<E>);

impl<E> Clone for Storage<E> {
    fn clone(&self) -> Self {
        Storage(self.0.clone())
    }
}

impl<E> Deref for Storage<E> {
    type Target = [E];
    fn deref(&self) -> &[E] {
        self.0.as_slice()
    }
}

impl<E: PartialEq> PartialEq for Storage<E> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<E: fmt::Debug> fmt::Debug for Storage<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<E: Element> From<Vec<E>> for Storage<E> {
    fn from(elements: Vec<E>) -> Self {
        Storage::from_slice(&elements)
    }
}

impl<E: Element> Storage<E> {
    /// Memory whose elements are unspecified: zeros, or those of an earlier tensor. For outputs that are overwritten as a
    /// whole.
    pub(crate) fn unspecified(len: usize) -> Self {
        Storage(Buffer::unspecified(len))
    }

    /// Memory whose elements `write` writes, all of them.
    pub(crate) fn written(len: usize, write: impl FnOnce(&mut [E])) -> Self {
        let mut storage = Storage::unspecified(len);
        write(storage.make_mut());
        storage
    }

    pub(crate) fn filled(len: usize, value: E) -> Self {
        Storage::written(len, |elements| E::spread(elements, len.max(1), &[value]))
    }

    /// Element `i` is `f(i)`, computed in order.
    pub(crate) fn from_fn(len: usize, mut f: impl FnMut(usize) -> E) -> Self {
        Storage::written(len, |elements| elements.iter_mut().enumerate().for_each(|(i, x)| *x = f(i)))
    }

    /// From an iterator: in one pass, if it knows its length.
    pub(crate) fn collect(elements: impl Iterator<Item = E>) -> Self {
        let (len, most) = elements.size_hint();
        if most != Some(len) {
            return Storage::from(elements.collect::<Vec<_>>());
        }
        Storage::written(len, |to| {
            let mut count = 0;
            to.iter_mut().zip(elements).for_each(|(to, x)| {
                *to = x;
                count += 1;
            });
            assert_eq!(count, len, "the iterator gave its length");
        })
    }

    pub(crate) fn from_slice(elements: &[E]) -> Self {
        Storage::written(elements.len(), |to| to.copy_from_slice(elements))
    }

    pub(crate) fn as_slice(&self) -> &[E] {
        self.0.as_slice()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// No elements, and no allocation.
    pub(crate) fn empty() -> Self {
        Storage(Buffer::EMPTY)
    }

    /// The elements for writing, if nothing else holds this memory.
    pub(crate) fn unique(&mut self) -> Option<&mut [E]> {
        self.0.as_mut_slice()
    }

    /// The elements for writing; copied first if something else holds this memory.
    pub(crate) fn make_mut(&mut self) -> &mut [E] {
        if !self.0.is_unique() {
            *self = Storage::from_slice(self);
        }
        self.0.as_mut_slice().expect("a buffer that nothing else holds")
    }

    /// The address of the first element, to show what shares memory.
    pub(crate) fn as_ptr(&self) -> *const E {
        self.0.as_slice().as_ptr()
    }
}
