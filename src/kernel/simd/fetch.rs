//! Hints that ask the machine for memory before it is used.

/// The bytes of a line of the cache.
const LINE: usize = 64;

/// Asks for the line of the cache at an address, which need not exist.
#[inline(always)]
pub(crate) fn fetch<E>(at: *const E) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which all machines of the target have and which accesses nothing, whatever the address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(at.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// Asks for the first lines of the row after this one, which else wait for the last steps of this one.
#[inline(always)]
pub(crate) fn fetch_next<E>(row: &[E]) {
    /// Few enough not to push out what is in use.
    const MOST: usize = 32 * LINE;
    let next = row.as_ptr_range().end;
    let mut byte = 0;
    while byte < size_of_val(row).min(MOST) {
        fetch(next.wrapping_byte_add(byte));
        byte += LINE;
    }
}
