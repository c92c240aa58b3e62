//! A reference-counted buffer of elements.

use super::header::{ALIGN, Block, Key, Kind};
use super::{Plain, cache};
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::atomic::{Ordering, fence};

/// Elements that clones share. Empty ones have no memory.
///
/// Invariant: the block is valid and counted once for this buffer in `holders`, and its bytes are initialized and are
/// values of `E`. While there is more than one holder there are no writes.
pub(crate) struct Buffer<E> {
    block: Option<Block>,
    elements: PhantomData<E>,
}

// SAFETY: as `Arc<[E]>`: clones on several threads read the same elements (`E: Sync`), the last one may be written and
// dropped on any thread (`E: Send`), and the count is atomic.
unsafe impl<E: Send + Sync> Send for Buffer<E> {}
// SAFETY: as above.
unsafe impl<E: Send + Sync> Sync for Buffer<E> {}

impl<E> Buffer<E> {
    pub(crate) const EMPTY: Self = Buffer { block: None, elements: PhantomData };

    pub(crate) fn len(&self) -> usize {
        // SAFETY: the block is valid while this buffer holds it, and its key does not change.
        self.block.map_or(0, |block| unsafe { (*block.as_ptr()).key }.bytes() / size_of::<E>())
    }

    fn start(&self) -> NonNull<E> {
        self.block.map_or(NonNull::dangling(), |block| block.data().cast())
    }

    pub(crate) fn as_slice(&self) -> &[E] {
        // SAFETY: the data is aligned to ALIGN, which `Plain` asks to be enough, and has `len` elements, all of them values of
        // `E` (invariant). While `self` is borrowed nothing writes: `as_mut_slice` borrows a sole holder uniquely. Without a
        // block the slice is empty, for which a dangling pointer is right.
        unsafe { std::slice::from_raw_parts(self.start().as_ptr(), self.len()) }
    }

    /// Whether nothing else holds the elements.
    pub(crate) fn is_unique(&self) -> bool {
        // SAFETY: the block is valid while this buffer holds it. Acquire: what other holders did came before they were dropped. If
        // this one is the only one, no other can come while `self` is borrowed uniquely.
        self.block.is_none_or(|block| unsafe { (*block.as_ptr()).holders.load(Ordering::Acquire) } == 1)
    }

    /// The elements for writing, if nothing else holds them.
    pub(crate) fn as_mut_slice(&mut self) -> Option<&mut [E]> {
        // SAFETY: as for `as_slice`. This is the sole holder and borrowed uniquely, so there is no other reference to the
        // elements. Only values of `E` are written.
        self.is_unique().then(|| unsafe { std::slice::from_raw_parts_mut(self.start().as_ptr(), self.len()) })
    }
}

impl<E: Plain> Buffer<E> {
    /// With unspecified elements: zeros, or those of an earlier buffer. In a debug build they are 255 in each byte, which is
    /// NaN, -1 or true.
    pub(crate) fn unspecified(len: usize) -> Self {
        const {
            assert!(size_of::<E>() > 0 && align_of::<E>() <= ALIGN && !std::mem::needs_drop::<E>());
            assert!(!E::BOOLEAN || size_of::<E>() == 1);
        }
        if len == 0 {
            return Self::EMPTY;
        }
        let bytes = len.checked_mul(size_of::<E>()).filter(|bytes| *bytes <= isize::MAX as usize);
        let kind = if E::BOOLEAN { Kind::Booleans } else { Kind::Bits };
        let key = Key::new(bytes.expect("a tensor that fits into memory"), kind);
        // All of its bytes are initialized: `new` zeroes them, and blocks of these kinds are written through buffers only. They
        // are values of `E`: zeros are, and if `E` is boolean, so were all that held the block, else any bits will do.
        let block = cache::take(key);
        if cfg!(debug_assertions) {
            // SAFETY: `take` gives a block to one alone, with `key.bytes()` bytes of data. The byte 1 is `true`, and 255 is
            // written where any bits are values.
            unsafe { block.data().write_bytes(if E::BOOLEAN { 1 } else { 255 }, key.bytes()) };
        }
        Buffer { block: Some(block), elements: PhantomData }
    }
}

impl<E> Clone for Buffer<E> {
    #[inline]
    fn clone(&self) -> Self {
        retain(self.block);
        Buffer { block: self.block, elements: PhantomData }
    }
}

impl<E> Drop for Buffer<E> {
    #[inline]
    fn drop(&mut self) {
        release(self.block);
    }
}

// Each operation of a program clones and drops buffers. So neither is inlined; and since a function with the interface of C
// does not unwind, no call of it needs code for that.

/// Counts one more holder.
#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "called from Rust only")]
extern "C" fn retain(block: Option<Block>) {
    if let Some(block) = block {
        // SAFETY: the block is valid while the buffer that is cloned holds it. Relaxed: the new holder gets here what this
        // one has.
        let before = unsafe { (*block.as_ptr()).holders.fetch_add(1, Ordering::Relaxed) };
        if before > isize::MAX as usize {
            // So many clones were forgotten that the count could overflow.
            std::process::abort();
        }
    }
}

/// Counts one holder less, and frees the block of the last one.
#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "called from Rust only")]
extern "C" fn release(block: Option<Block>) {
    let Some(block) = block else { return };
    // SAFETY: the block is valid until the last holder, of which this is one, is dropped. A sole holder needs no
    // read-modify-write: nothing else can clone or drop. Release: what this holder did comes before the last one frees it.
    let last = unsafe {
        let holders = &(*block.as_ptr()).holders;
        holders.load(Ordering::Acquire) == 1 || holders.fetch_sub(1, Ordering::Release) == 1
    };
    if last {
        fence(Ordering::Acquire);
        // SAFETY: nothing holds the block any more, and this is the only one to see that.
        unsafe { cache::give(block) };
    }
}
