//! The memory of tensors: buffers that are reference-counted, and a cache of free ones on each thread.
//!
//! Shapes are static, so a steady program asks for the same lengths again and again. A buffer without holders goes to
//! a list of its length, and the next tensor of that length takes it from there, with its old elements: no call of
//! the allocator, no fill, and no fresh pages (0.97 us each, seven times the cost of writing them again).

mod buffer;
mod cache;
mod header;
mod list;
#[cfg(test)]
mod tests;
mod workspace;

pub(crate) use buffer::Buffer;
pub use cache::empty_cache;
pub(crate) use list::List;
pub(crate) use workspace::Workspace;

/// An element type whose buffers are cached.
///
/// # Safety
/// Zeros are a value of the type. If not `BOOLEAN`, every pattern of bits is. It needs no destructor, and its alignment
/// is 64 or less.
#[doc(hidden)]
pub unsafe trait Plain: Copy {
    /// Whether only the bytes 0 and 1 are values.
    const BOOLEAN: bool;
}

// SAFETY: all patterns of bits are floats and integers; 0 and 1 are the values of `bool`.
unsafe impl Plain for f32 {
    const BOOLEAN: bool = false;
}
// SAFETY: as for `f32`.
unsafe impl Plain for f64 {
    const BOOLEAN: bool = false;
}
// SAFETY: as for `f32`.
unsafe impl Plain for i64 {
    const BOOLEAN: bool = false;
}
// SAFETY: as for `f32`.
unsafe impl Plain for u64 {
    const BOOLEAN: bool = false;
}
// SAFETY: as for `f32`.
unsafe impl Plain for bool {
    const BOOLEAN: bool = true;
}
