//! The free blocks of a thread, in lists of one length.
//!
//! A list keeps no more blocks than this thread had in use at once, counted as made minus dropped: blocks that come
//! from other threads do not pile up. All lists together keep no more bytes than this thread had in use at once, or
//! 64 MiB if that is more. A thread that ends frees its blocks.

use super::header::{Block, Key};
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bytes that a thread may always keep, however little it had in use.
const FLOOR: usize = 64 << 20;
/// The number of lists: more lengths than most programs have.
const BINS: usize = 512;
/// How many lists a length may be in. If all are taken by others, the one that was not used for the longest time goes.
const WINDOW: usize = 8;
/// A list that was not used while so many blocks came and went makes room for others.
const OLD: u64 = 4096;

/// How often `empty_cache` was called.
static EMPTIED: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static CACHE: RefCell<Cache> = const { RefCell::new(Cache::new()) };
}

/// Returns the memory of freed tensors, which is kept for new ones of the same size, to the allocator. PyTorch's
/// `torch.cuda.empty_cache`.
///
/// A thread keeps at most what its tensors used at once, or 64 MiB if that is more, and frees it when it ends. Other
/// threads return theirs when they next create or drop a tensor.
///
/// ```
/// use typegrad::prelude::*;
/// drop(Tensor::<Rank2<1000, 1000>>::zeros()); // kept
/// typegrad::empty_cache(); // given back
/// ```
pub fn empty_cache() {
    EMPTIED.fetch_add(1, Ordering::Relaxed);
    let _ = CACHE.try_with(|cache| cache.try_borrow_mut().map(|mut cache| cache.look_around()));
}

/// A block with this key that is held once: a free one, else a fresh one.
pub(super) fn take(key: Key) -> Block {
    // A thread that is ending has no cache, nor has an allocator that makes tensors while it is called from here.
    let free = CACHE.try_with(|cache| cache.try_borrow_mut().ok()?.take(key));
    free.ok().flatten().unwrap_or_else(|| Block::new(key))
}

/// Keeps a block for later, or frees it.
///
/// # Safety
/// The block is valid, nothing holds it, and the caller does not use it again. Its `holders` are 0 or 1.
pub(super) unsafe fn give(block: Block) {
    // SAFETY: as promised by the caller.
    let kept =
        CACHE.try_with(|cache| cache.try_borrow_mut().is_ok_and(|mut cache| unsafe { cache.give(block) }));
    if kept != Ok(true) {
        // SAFETY: as promised by the caller; the cache did not keep it.
        unsafe { block.free() };
    }
}

/// The free blocks of one key, as a list through their headers. They are valid, nothing else holds them, and each is in
/// one list.
struct Bin {
    key: Key,
    first: Option<Block>,
    count: isize,
    /// Blocks of this key that this thread made, less those it dropped. The most it was.
    live: isize,
    peak: isize,
    /// When it was last used.
    used: u64,
}

impl Bin {
    const fn new(key: Key, used: u64) -> Self {
        Bin { key, first: None, count: 0, live: 0, peak: 0, used }
    }

    fn pop(&mut self) -> Option<Block> {
        let block = self.first?;
        // SAFETY: blocks of the list are valid, and it alone has them.
        self.first = unsafe { (*block.as_ptr()).next.take() };
        self.count -= 1;
        Some(block)
    }

    /// # Safety
    /// As for [`give`].
    unsafe fn push(&mut self, block: Block) {
        // SAFETY: nothing else has the block.
        unsafe { (*block.as_ptr()).next = self.first };
        self.first = Some(block);
        self.count += 1;
    }

    /// Frees all blocks. Returns how many bytes they had.
    fn clear(&mut self) -> usize {
        let bytes = self.count as usize * self.key.bytes();
        while let Some(block) = self.pop() {
            // SAFETY: the list alone had it, and has it no more.
            unsafe { block.free() };
        }
        bytes
    }
}

struct Cache {
    /// `BINS` of them, or none yet.
    bins: Vec<Bin>,
    /// The bytes of all lists.
    kept: usize,
    /// The bytes of all blocks that this thread made, less those it dropped. The most it was.
    live: isize,
    peak: isize,
    clock: u64,
    emptied: usize,
}

impl Cache {
    const fn new() -> Self {
        Cache { bins: Vec::new(), kept: 0, live: 0, peak: 0, clock: 0, emptied: 0 }
    }

    fn take(&mut self, key: Key) -> Option<Block> {
        self.look_around();
        self.live += key.bytes() as isize;
        self.peak = self.peak.max(self.live);
        let place = self.place(key);
        let bin = &mut self.bins[place];
        bin.live += 1;
        bin.peak = bin.peak.max(bin.live);
        let block = bin.pop()?;
        self.kept -= key.bytes();
        // SAFETY: the block was in a list, which nothing else has: it is valid, and may be changed without locks.
        unsafe { *(*block.as_ptr()).holders.get_mut() = 1 };
        Some(block)
    }

    /// Returns whether it keeps the block.
    ///
    /// # Safety
    /// As for [`give`].
    unsafe fn give(&mut self, block: Block) -> bool {
        // SAFETY: the block is valid.
        let key = unsafe { (*block.as_ptr()).key };
        self.look_around();
        self.live -= key.bytes() as isize;
        let place = self.place(key);
        let bin = &mut self.bins[place];
        bin.live -= 1;
        // Blocks of other threads, and those made before the cache was emptied, do not count below zero.
        bin.live = bin.live.max(0);
        if bin.count + bin.live >= bin.peak {
            return false;
        }
        self.live = self.live.max(0);
        let room = FLOOR.max(self.peak as usize);
        while self.kept + key.bytes() > room {
            if !self.forget_oldest(key) {
                return false;
            }
        }
        self.kept += key.bytes();
        // SAFETY: as promised by the caller.
        unsafe { self.bins[place].push(block) };
        true
    }

    /// Where the list of this key is, which counts as used.
    fn place(&mut self, key: Key) -> usize {
        self.clock += 1;
        let place = key.hash() % BINS;
        match self.bins.get_mut(place) {
            Some(bin) if bin.key == key => {
                bin.used = self.clock;
                place
            }
            _ => self.other_place(key),
        }
    }

    /// The same for a list that is not at its first place, or is not there yet.
    #[cold]
    fn other_place(&mut self, key: Key) -> usize {
        if self.bins.is_empty() {
            self.bins.extend((0..BINS).map(|_| Bin::new(Key::NONE, 0)));
        }
        let places = (0..WINDOW).map(|i| key.hash().wrapping_add(i) % BINS);
        let found = places.clone().find(|place| self.bins[*place].key == key).unwrap_or_else(|| {
            let by_age = |place: &usize| (self.bins[*place].count > 0, self.bins[*place].used);
            let place = places.min_by_key(by_age).unwrap_or(0);
            self.kept -= self.bins[place].clear();
            self.bins[place] = Bin::new(key, self.clock);
            place
        });
        self.bins[found].used = self.clock;
        found
    }

    /// Frees the list that was not used for the longest time, if that is long, and not the one of `key`.
    fn forget_oldest(&mut self, key: Key) -> bool {
        let old = self.bins.iter_mut().filter(|bin| bin.count > 0 && bin.key != key);
        let Some(bin) = old.min_by_key(|bin| bin.used).filter(|bin| bin.used + OLD < self.clock) else {
            return false;
        };
        self.kept -= bin.clear();
        true
    }

    /// Frees everything if `empty_cache` was called.
    fn look_around(&mut self) {
        let emptied = EMPTIED.load(Ordering::Relaxed);
        if emptied != self.emptied {
            self.emptied = emptied;
            self.clear();
        }
    }

    fn clear(&mut self) {
        for bin in &mut self.bins {
            bin.clear();
            *bin = Bin::new(Key::NONE, 0);
        }
        self.kept = 0;
        self.live = self.live.max(0);
        self.peak = self.live;
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.clear();
    }
}
