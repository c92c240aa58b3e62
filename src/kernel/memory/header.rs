//! A block of memory: a header, and the bytes of the elements after it.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, handle_alloc_error};
use std::ptr::NonNull;
use std::sync::atomic::AtomicUsize;

/// The alignment of the elements: a cache line, and the widest vector.
pub(super) const ALIGN: usize = 64;
/// The alignment of every allocator. If more were requested, std would write the zeros itself, which touches all pages.
const GIVEN: usize = 16;
/// The size of a huge page. Where the working set is larger than what small pages of 4 KiB can map at once (12 MiB on
/// Zen 4), an addition or a copy takes a fifth to a third less time on huge ones, and a fresh block a quarter.
const HUGE: usize = 2 << 20;

/// The values that the bytes of a block may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Initialized, with any bits.
    Bits,
    /// 0 or 1.
    Booleans,
    /// Anything, or not initialized.
    Any,
}

/// The length in bytes and their kind. Only blocks of one key replace one another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Key {
    bytes: usize,
    kind: Kind,
}

impl Key {
    /// No block has this key.
    pub(super) const NONE: Key = Key { bytes: 0, kind: Kind::Bits };

    /// Of `bytes` bytes, which are at least 1 and at most `isize::MAX`.
    pub(super) fn new(bytes: usize, kind: Kind) -> Self {
        Key { bytes, kind }
    }

    pub(super) fn bytes(self) -> usize {
        self.bytes
    }

    pub(super) fn hash(self) -> usize {
        ((self.bytes as u64) << 2 | self.kind as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(20)
            as usize
    }

    /// Whether a block is put on huge pages: where the system has them and the block fills one.
    fn huge(self) -> bool {
        cfg!(all(target_os = "linux", not(miri))) && self.bytes() >= HUGE
    }

    /// Of the whole block: the header, the elements, and what aligning them can take.
    fn layout(self) -> Layout {
        let (more, align) = if self.huge() { (ALIGN, HUGE) } else { (2 * ALIGN - GIVEN, GIVEN) };
        let layout = self.bytes().checked_add(more);
        layout
            .and_then(|size| Layout::from_size_align(size, align).ok())
            .expect("a tensor that fits into memory")
    }
}

/// In front of the elements. Its size is `ALIGN`, so they are aligned too.
#[repr(C, align(64))]
pub(super) struct Header {
    /// How many buffers hold the block; 0 or 1 where it is free.
    pub(super) holders: AtomicUsize,
    pub(super) key: Key,
    /// The next block of a list.
    pub(super) next: Option<Block>,
    /// From the start of the allocation to this header.
    offset: usize,
}

/// The address of a block. It does not own it; it is valid from `Block::new` to `Block::free`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Block(NonNull<Header>);

// SAFETY: an address, which its users dereference with a proof of their own.
unsafe impl Send for Block {}

impl Block {
    /// A fresh block with zeros, held once.
    pub(super) fn new(key: Key) -> Self {
        let layout = key.layout();
        // SAFETY: the size is not 0: there is a header.
        let start = unsafe { if key.huge() { alloc(layout) } else { alloc_zeroed(layout) } };
        if start.is_null() {
            handle_alloc_error(layout);
        }
        if key.huge() {
            want_huge_pages(start, layout.size());
            // SAFETY: the allocation has as many bytes.
            unsafe { start.write_bytes(0, layout.size()) };
        }
        let offset = start.addr().wrapping_neg() % ALIGN;
        // SAFETY: `start` is a multiple of the alignment of the layout. If that is GIVEN, `offset` is ALIGN - GIVEN at most,
        // and the size bytes + 2 ALIGN - GIVEN; if it is HUGE, `offset` is 0, and the size bytes + ALIGN. So the header, of
        // ALIGN bytes, ends `key.bytes()` or more before the end of the allocation. The address is a multiple of ALIGN
        // and not null.
        unsafe {
            let header = start.add(offset).cast::<Header>();
            header.write(Header { holders: AtomicUsize::new(1), key, next: None, offset });
            Block(NonNull::new_unchecked(header))
        }
    }

    /// Gives the memory back.
    ///
    /// # Safety
    /// The block is valid, nothing holds it, and it is not used again.
    pub(super) unsafe fn free(self) {
        // SAFETY: the block is valid, so `key` and `offset` are what `new` wrote: the start and the layout are those of the
        // allocation. The header needs no destructor.
        unsafe {
            let Header { key, offset, .. } = self.0.read();
            dealloc(self.0.as_ptr().cast::<u8>().sub(offset), key.layout());
        }
    }

    pub(super) fn as_ptr(self) -> *mut Header {
        self.0.as_ptr()
    }

    /// The first of the `key.bytes()` bytes of the elements.
    pub(super) fn data(self) -> NonNull<u8> {
        // SAFETY: the elements start where the header ends, in the allocation or at its end. The pointer is derived from that
        // of the allocation and may be used for all of it.
        unsafe { self.0.add(1).cast() }
    }
}

/// Asks the system to put the whole pages of [`HUGE`] bytes from `start` on, a multiple of HUGE, on huge pages.
fn want_huge_pages(start: *mut u8, size: usize) {
    #[cfg(all(target_os = "linux", not(miri)))]
    {
        use std::ffi::{c_int, c_void};
        unsafe extern "C" {
            fn madvise(start: *mut c_void, len: usize, advice: c_int) -> c_int;
        }
        const MADV_HUGEPAGE: c_int = 14;
        // SAFETY: the signature is that of the C library, to which std is linked. The advice changes neither what the pages
        // hold nor who may access them. If the system does not take it, nothing is lost but speed.
        unsafe { madvise(start.cast(), size - size % HUGE, MADV_HUGEPAGE) };
    }
    #[cfg(not(all(target_os = "linux", not(miri))))]
    let _ = (start, size);
}

const _: () = assert!(size_of::<Header>() == ALIGN && align_of::<Header>() == ALIGN);
