//! Free gradient slots, kept by each thread so that a steady step allocates none.

use crate::storage::Storage;
use std::cell::RefCell;
use std::rc::Rc;

/// The memory of one slot: the sum of the gradients that reached the input of a boundary so far.
pub(crate) type Cell<E> = Rc<RefCell<Option<Storage<E>>>>;

/// Slots that are empty and free.
pub struct FreeSlots<E>(RefCell<Vec<Cell<E>>>);

impl<E> FreeSlots<E> {
    pub(crate) const fn new() -> Self {
        FreeSlots(RefCell::new(Vec::new()))
    }

    /// A slot, if one is free.
    pub(crate) fn pop(&self) -> Option<Cell<E>> {
        self.0.borrow_mut().pop()
    }

    /// Takes a slot back that is empty again.
    pub(crate) fn push(&self, slot: Cell<E>) {
        self.0.borrow_mut().push(slot);
    }
}
