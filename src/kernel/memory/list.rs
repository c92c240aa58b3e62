//! A list like `Vec`, whose memory comes from the cache of this thread and goes back to it: scratch memory of kernels, and
//! the steps of a sequence. Its methods are inlined into kernels, which are compiled for an instruction set.

use super::cache;
use super::header::{ALIGN, Block, Key, Kind};
use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

/// Items in order.
///
/// Invariant: the block is valid, of the kind `Any`, held by this list alone, and has room for `len` items or more, the
/// first `len` of which are values of `T` that the list owns.
pub struct List<T> {
    block: Option<Block>,
    len: usize,
    items: PhantomData<T>,
}

// SAFETY: as `Vec<T>`: the list owns its items and its memory.
unsafe impl<T: Send> Send for List<T> {}
// SAFETY: as above; a shared list gives shared items only.
unsafe impl<T: Sync> Sync for List<T> {}

impl<T> List<T> {
    #[inline]
    pub(crate) const fn new() -> Self {
        List { block: None, len: 0, items: PhantomData }
    }

    /// Without items, and with room for so many.
    #[inline]
    pub(crate) fn with_capacity(count: usize) -> Self {
        const { assert!(size_of::<T>() > 0 && align_of::<T>() <= ALIGN) };
        let bytes = count.checked_mul(size_of::<T>()).filter(|bytes| *bytes <= isize::MAX as usize);
        let bytes = bytes.expect("a list that fits into memory");
        let block = (bytes > 0).then(|| cache::take(Key::new(bytes, Kind::Any)));
        List { block, len: 0, items: PhantomData }
    }

    /// So many items, all of them `item`.
    #[inline]
    pub(crate) fn filled(count: usize, item: T) -> Self
    where
        T: Copy,
    {
        let mut list = List::with_capacity(count);
        list.resize(count, item);
        list
    }

    #[inline]
    pub(crate) fn from_slice(items: &[T]) -> Self
    where
        T: Copy,
    {
        items.iter().copied().collect()
    }

    #[inline(always)]
    fn start(&self) -> NonNull<T> {
        self.block.map_or(NonNull::dangling(), |block| block.data().cast())
    }

    #[inline]
    fn capacity(&self) -> usize {
        // SAFETY: the block is valid (invariant).
        self.block.map_or(0, |block| unsafe { (*block.as_ptr()).key }.bytes() / size_of::<T>())
    }

    /// Makes room for `count` items in all, and for more, if there is less.
    #[inline]
    fn reserve(&mut self, count: usize) {
        if count > self.capacity() {
            self.grow(count);
        }
    }

    #[cold]
    fn grow(&mut self, count: usize) {
        let mut larger =
            List::with_capacity(count.max(2 * self.capacity()).max(ALIGN.div_ceil(size_of::<T>())));
        // SAFETY: both blocks have room for `len` items, they are two, and the items move: the old list has none afterwards, the
        // new one all.
        unsafe { larger.start().copy_from_nonoverlapping(self.start(), self.len) };
        larger.len = std::mem::take(&mut self.len);
        *self = larger;
    }

    #[inline]
    pub(crate) fn push(&mut self, item: T) {
        self.reserve(self.len + 1);
        // SAFETY: there is room for `len + 1` items, and the last one has no value yet.
        unsafe { self.start().add(self.len).write(item) };
        self.len += 1;
    }

    /// Leaves no items.
    #[inline]
    pub(crate) fn clear(&mut self)
    where
        T: Copy,
    {
        // Items that are `Copy` have no destructor.
        self.len = 0;
    }

    /// Leaves `count` items: the first ones, and `item` after them.
    #[inline]
    pub(crate) fn resize(&mut self, count: usize, item: T)
    where
        T: Copy,
    {
        self.reserve(count);
        let (start, from) = (self.start().as_ptr(), self.len.min(count));
        for i in from..count {
            // SAFETY: there is room for `count` items. Items that are `Copy` have no destructor.
            unsafe { start.add(i).write(item) };
        }
        self.len = count;
    }
}

impl<T> Deref for List<T> {
    type Target = [T];
    #[inline(always)]
    fn deref(&self) -> &[T] {
        // SAFETY: the data is aligned to ALIGN, which is enough (`with_capacity`), and has `len` items (invariant). Without a
        // block `len` is 0, for which a dangling pointer is right.
        unsafe { std::slice::from_raw_parts(self.start().as_ptr(), self.len) }
    }
}

impl<T> DerefMut for List<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as above, and the list is borrowed uniquely.
        unsafe { std::slice::from_raw_parts_mut(self.start().as_ptr(), self.len) }
    }
}

impl<T> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T: Clone> Clone for List<T> {
    fn clone(&self) -> Self {
        self.iter().cloned().collect()
    }
}

impl<T: Debug> Debug for List<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items = items.into_iter();
        let mut list = List::with_capacity(items.size_hint().0);
        items.for_each(|item| list.push(item));
        list
    }
}

impl<T> Drop for List<T> {
    fn drop(&mut self) {
        /// Also after a panic.
        struct Give(Option<Block>);
        impl Drop for Give {
            fn drop(&mut self) {
                if let Some(block) = self.0 {
                    // SAFETY: the list alone held the block, and is being dropped.
                    unsafe { cache::give(block) };
                }
            }
        }
        let _give = Give(self.block);
        let items: *mut [T] = &raw mut **self;
        // SAFETY: the list owns its items, and nothing uses them after this.
        unsafe { items.drop_in_place() };
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;
    fn into_iter(self) -> IntoIter<T> {
        let list = ManuallyDrop::new(self);
        IntoIter { rest: List { block: list.block, len: 0, items: PhantomData }, next: 0, end: list.len }
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    #[inline(always)]
    fn into_iter(self) -> std::slice::Iter<'a, T> {
        self.iter()
    }
}

/// The items of a list, from both ends.
///
/// Invariant: `rest` has no items, but its block has values that this owns, from `next` to `end`.
pub struct IntoIter<T> {
    rest: List<T>,
    next: usize,
    end: usize,
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        if self.next == self.end {
            return None;
        }
        self.next += 1;
        // SAFETY: item `next - 1` is a value that this owns (invariant), and that is moved out once.
        Some(unsafe { self.rest.start().add(self.next - 1).read() })
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.end - self.next, Some(self.end - self.next))
    }
}

impl<T> DoubleEndedIterator for IntoIter<T> {
    fn next_back(&mut self) -> Option<T> {
        if self.next == self.end {
            return None;
        }
        self.end -= 1;
        // SAFETY: as for `next`, with item `end`.
        Some(unsafe { self.rest.start().add(self.end).read() })
    }
}

impl<T> ExactSizeIterator for IntoIter<T> {}

impl<T> Drop for IntoIter<T> {
    fn drop(&mut self) {
        // The block goes with `rest`.
        self.by_ref().for_each(drop);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn items_are_kept_while_the_list_grows() {
        let mut list = List::new();
        for i in 0..1000_usize {
            assert_eq!(list.len(), i);
            list.push((i, i as u8));
        }
        assert!(list.iter().copied().eq((0..1000).map(|i| (i, i as u8))));
        let mut numbers = List::filled(3, 1.5_f32);
        numbers.resize(5, 2.5);
        numbers[0] = 0.5;
        assert_eq!(*numbers, [0.5, 1.5, 1.5, 2.5, 2.5]);
        numbers.resize(2, 0.0);
        assert_eq!(*numbers, [0.5, 1.5]);
        assert_eq!(*List::from_slice(&[1_u8, 2]), [1, 2]);
        assert!(List::<f64>::filled(0, 1.0).is_empty());
    }

    #[test]
    fn each_item_is_dropped_once() {
        let count = Rc::new(());
        let list = |n: usize| (0..n).filter(|_| true).map(|_| count.clone()).collect::<List<_>>();
        drop(list(70));
        let mut items = list(5).into_iter();
        assert_eq!(Rc::strong_count(&count), 6);
        let (first, last) = (items.next(), items.next_back());
        assert_eq!(items.len(), 3);
        drop(items);
        assert_eq!(Rc::strong_count(&count), 3);
        drop((first, last));
        assert_eq!(Rc::strong_count(&count), 1);
        let numbers: List<usize> = (0..4).collect();
        assert!(numbers.into_iter().rev().eq([3, 2, 1, 0]));
    }

    #[test]
    fn a_list_in_a_list_gives_its_memory_back() {
        let lists = || (0..9).map(|n| (0..n).collect()).collect::<List<List<usize>>>();
        let blocks = |lists: &List<List<usize>>| {
            let mut blocks: Vec<_> = lists.iter().skip(1).map(|list| list.as_ptr()).collect();
            blocks.sort_unstable();
            blocks
        };
        let first = lists();
        assert_eq!(first.iter().map(|list| list.len()).sum::<usize>(), 36);
        let given = blocks(&first);
        drop(first);
        // The next ones have the same memory, each a part of its own.
        let again = lists();
        assert_eq!(blocks(&again), given);
        assert!(again.iter().all(|list| list.iter().copied().eq(0..list.len())));
    }
}
