//! Buffers for packed matrices, which a thread keeps and uses again.

use super::levels::Levels;
use std::cell::RefCell;
use std::thread::LocalKey;

/// The free buffers of a thread.
pub(super) type Free<E> = RefCell<Vec<Vec<E>>>;

/// Free buffers that a thread keeps at most.
const KEPT: usize = 4;
/// The alignment of a buffer in bytes: a line of the cache.
const LINE: usize = 64;

/// Element types that have scratch buffers in each thread.
pub trait HasScratch: Levels {
    #[doc(hidden)]
    fn free() -> &'static LocalKey<Free<Self>>;
}

macro_rules! impl_has_scratch {
    ($t:ty) => {
        impl HasScratch for $t {
            fn free() -> &'static LocalKey<Free<$t>> {
                thread_local!(static FREE: Free<$t> = const { RefCell::new(Vec::new()) });
                &FREE
            }
        }
    };
}
impl_has_scratch!(f32);
impl_has_scratch!(f64);

/// A buffer of unspecified numbers, aligned to a line of the cache.
pub(super) struct ScratchBuffer<E: HasScratch> {
    elements: Vec<E>,
    start: usize,
    len: usize,
}

impl<E: HasScratch> ScratchBuffer<E> {
    /// A buffer of `len` elements: the largest free one of this thread, or a new one.
    pub(super) fn take(len: usize) -> Self {
        if len == 0 {
            return ScratchBuffer { elements: Vec::new(), start: 0, len };
        }
        let room = LINE / size_of::<E>();
        let found = E::free().try_with(|free| {
            let mut free = free.borrow_mut();
            let largest = (0..free.len()).max_by_key(|i| free[*i].len())?;
            Some(free.swap_remove(largest))
        });
        let mut elements = found.ok().flatten().unwrap_or_default();
        if elements.len() < len + room {
            // Growing would copy what is not needed.
            elements = vec![E::default(); len + room];
        }
        let start = elements.as_ptr().align_offset(LINE).min(room);
        ScratchBuffer { elements, start, len }
    }
}

impl<E: HasScratch> std::ops::Deref for ScratchBuffer<E> {
    type Target = [E];
    fn deref(&self) -> &[E] {
        &self.elements[self.start..][..self.len]
    }
}

impl<E: HasScratch> std::ops::DerefMut for ScratchBuffer<E> {
    fn deref_mut(&mut self) -> &mut [E] {
        &mut self.elements[self.start..][..self.len]
    }
}

impl<E: HasScratch> Drop for ScratchBuffer<E> {
    fn drop(&mut self) {
        if self.len > 0 {
            // At the end of a thread the buffer is freed.
            let _ = E::free().try_with(|free| {
                let mut free = free.borrow_mut();
                if free.len() < KEPT {
                    free.push(std::mem::take(&mut self.elements));
                }
            });
        }
    }
}
