//! Scratch memory that keeps what was written to it before.

use crate::element::Element;
use crate::storage::Storage;

/// Room for elements that are written before they are read: no fill. It grows to the largest number that was asked for.
pub(crate) struct Workspace<E>(Storage<E>);

impl<E: Element> Workspace<E> {
    pub(crate) fn new() -> Self {
        Workspace(Storage::unspecified(0))
    }

    /// So many elements, which are unspecified.
    pub(crate) fn room(&mut self, len: usize) -> &mut [E] {
        if self.0.len() < len {
            self.0 = Storage::unspecified(len);
        }
        &mut self.0.make_mut()[..len]
    }
}
