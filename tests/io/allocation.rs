//! Counts the memory that a thread takes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use typegrad::Storage;

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

thread_local!(static LARGEST: Cell<usize> = const { Cell::new(0) });

fn note(size: usize) {
    // A thread that ends has no count.
    let _ = LARGEST.try_with(|largest| largest.set(largest.get().max(size)));
}

// SAFETY: every call goes to the system's allocator, unchanged; counting takes no memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(memory, layout, size) }
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// The size of the largest piece of memory that is asked for.
pub fn largest<T>(f: impl FnOnce() -> T) -> (T, usize) {
    // The cache of the library's memory, which a thread makes with its first tensor and fills when it drops one.
    drop(Storage::from(vec![0.0_f32; 16]));
    LARGEST.set(0);
    let result = f();
    (result, LARGEST.get())
}
