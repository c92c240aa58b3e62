//! Outputs that are cut into chunks, one for each part.

use std::marker::PhantomData;
use std::ops::Range;

/// A slice that is cut into chunks; a part takes its own.
pub(in crate::kernel) struct Chunks<'a, E> {
    start: *mut E,
    len: usize,
    chunk: usize,
    slice: PhantomData<&'a mut [E]>,
}

// SAFETY: sharing it lets other threads take chunks, each of which is a unique borrow of its elements (see `take`): that
// is sending `&mut [E]`, which asks for `E: Send`.
unsafe impl<E: Send> Sync for Chunks<'_, E> {}

impl<'a, E> Chunks<'a, E> {
    #[track_caller]
    pub(in crate::kernel) fn new(out: &'a mut [E], chunk: usize) -> Self {
        assert!(chunk > 0 || out.is_empty(), "a chunk has an element or more");
        Chunks { start: out.as_mut_ptr(), len: out.len(), chunk, slice: PhantomData }
    }

    fn num_chunks(&self) -> usize {
        if self.len == 0 { 0 } else { self.len.div_ceil(self.chunk) }
    }

    /// Chunk `part`, of which the last one may be shorter.
    ///
    /// # Safety
    /// `part` is less than `num_chunks()`, and nothing else has taken this part.
    #[allow(clippy::mut_from_ref, reason = "each part is taken once, which is what the function asks for")]
    unsafe fn take(&self, part: usize) -> &mut [E] {
        let from = part * self.chunk;
        let len = self.chunk.min(self.len - from);
        // SAFETY: part < num_chunks() = ceil(len / chunk), so from = part * chunk < len (and does not overflow, being below
        // the length of a slice), and from + len stays in the slice that `new` borrowed uniquely for 'a. Chunks of
        // different parts do not overlap, and no part is taken twice.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(from), len) }
    }

    /// Chunk `part`, or nothing after the last one.
    ///
    /// # Safety
    /// Nothing else has taken this part.
    #[allow(clippy::mut_from_ref, reason = "as for `take`")]
    pub(in crate::kernel) unsafe fn get(&self, part: usize) -> &mut [E] {
        // SAFETY: `part` is compared, and the caller's promise.
        if part < self.num_chunks() { unsafe { self.take(part) } } else { &mut [] }
    }
}

/// A slice of blocks of one length, of which a part takes the same few elements of each.
pub(in crate::kernel) struct Blocks<'a, E> {
    start: *mut E,
    len: usize,
    block: usize,
    slice: PhantomData<&'a mut [E]>,
}

// SAFETY: as for `Chunks`: what other threads take are unique borrows of elements.
unsafe impl<E: Send> Sync for Blocks<'_, E> {}

impl<'a, E> Blocks<'a, E> {
    pub(in crate::kernel) fn new(blocks: &'a mut [E], block: usize) -> Self {
        Blocks { start: blocks.as_mut_ptr(), len: blocks.len(), block, slice: PhantomData }
    }

    /// Elements of block `i`.
    ///
    /// # Safety
    /// Nothing else holds one of these elements.
    #[allow(clippy::mut_from_ref, reason = "elements are taken once, which is what the function asks for")]
    pub(in crate::kernel) unsafe fn take(&self, i: usize, elements: Range<usize>) -> &mut [E] {
        assert!(
            elements.start <= elements.end && elements.end <= self.block && (i + 1) * self.block <= self.len
        );
        // SAFETY: by the assertion the elements are in the slice that `new` borrowed uniquely for 'a, and the caller's promise.
        unsafe {
            std::slice::from_raw_parts_mut(self.start.add(i * self.block + elements.start), elements.len())
        }
    }
}

/// Runs `f(i, chunk)` for each chunk of `chunk_len` elements of `out`, the last of which may be shorter, on all threads.
pub(crate) fn for_each_chunk<E, F>(out: &mut [E], chunk_len: usize, f: F)
where
    E: Send,
    F: Fn(usize, &mut [E]) + Sync,
{
    let chunks = Chunks::new(out, chunk_len);
    super::run(chunks.num_chunks(), &|part| {
        // SAFETY: `run` hands out every part below `num_chunks()` once.
        f(part, unsafe { chunks.take(part) });
    });
}

/// As [`for_each_chunk`] for two outputs, each with its own length of a chunk.
///
/// # Panics
/// If the number of chunks differs.
pub(crate) fn for_each_chunk2<E, D, F>(a: (&mut [E], usize), b: (&mut [D], usize), f: F)
where
    E: Send,
    D: Send,
    F: Fn(usize, &mut [E], &mut [D]) + Sync,
{
    let (a, b) = (Chunks::new(a.0, a.1), Chunks::new(b.0, b.1));
    assert_eq!(a.num_chunks(), b.num_chunks(), "both outputs need as many chunks");
    super::run(a.num_chunks(), &|part| {
        // SAFETY: `run` hands out every part below `a.num_chunks()`, which is `b.num_chunks()`, once.
        let (a, b) = unsafe { (a.take(part), b.take(part)) };
        f(part, a, b);
    });
}

/// As [`for_each_chunk`] for several outputs of one length.
///
/// # Panics
/// If a length differs.
pub(crate) fn for_each_row_chunk<E, F, const N: usize>(rows: [&mut [E]; N], chunk_len: usize, f: F)
where
    E: Send,
    F: Fn(usize, [&mut [E]; N]) + Sync,
{
    let rows = rows.map(|row| Chunks::new(row, chunk_len));
    assert!(rows.iter().all(|row| row.len == rows[0].len), "outputs of one length");
    super::run(rows[0].num_chunks(), &|part| {
        // SAFETY: `run` hands out every part below `rows[0].num_chunks()`, which is that of each row, once.
        f(part, std::array::from_fn(|i| unsafe { rows[i].take(part) }));
    });
}
