//! Threads inside an operation.
//!
//! An operation is cut into parts that write disjoint outputs; the cut depends on sizes only, or does not change
//! the sum of any element, so the bits of a result never depend on the number of threads. The caller claims parts like every worker and waits only for parts that a
//! worker has claimed: where all cores are busy it computes everything itself. Idle workers sleep.
//!
//! A part should take 5 us or more, and an operation 50 us: waking a worker costs the caller a system call. A quarter of that is
//! enough while a worker is awake.

mod chunks;
#[cfg(feature = "threads")]
mod pool;
#[cfg(test)]
mod tests;

pub(in crate::kernel) use chunks::{Blocks, Chunks};
pub(crate) use chunks::{for_each_chunk, for_each_chunk2, for_each_row_chunk};

use std::cell::Cell;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The environment variable that is read when the number of threads is first asked for.
const VARIABLE: &str = "TYPEGRAD_NUM_THREADS";

/// The value of `set_num_threads`; 0 before the first query.
static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// Whether this thread runs a part, or is one of many that run operations.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// The number of threads that one operation may use. PyTorch's `torch.get_num_threads`.
///
/// It is the number that [`set_num_threads`] set, else the environment variable `TYPEGRAD_NUM_THREADS` if that is a positive
/// integer, else the number of cores that this process may use. Without the cargo feature `threads` it is 1.
///
/// ```
/// assert!(typegrad::num_threads() >= 1);
/// ```
#[must_use]
pub fn num_threads() -> usize {
    if !cfg!(feature = "threads") {
        return 1;
    }
    match THREADS.load(Ordering::Relaxed) {
        0 => {
            let set = std::env::var(VARIABLE).ok().and_then(|text| text.trim().parse().ok());
            let n = set.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZero::get);
            // If another thread was faster, or `set_num_threads` was called meanwhile, that number stays.
            let _ = THREADS.compare_exchange(0, n, Ordering::Relaxed, Ordering::Relaxed);
            THREADS.load(Ordering::Relaxed)
        }
        n => n,
    }
}

/// Sets the number of threads that one operation may use, for all threads that call operations. PyTorch's
/// `torch.set_num_threads`.
///
/// Results do not depend on it. Without the cargo feature `threads` it does nothing.
///
/// # Panics
/// If `n` is 0.
///
/// ```
/// # use typegrad::prelude::*;
/// typegrad::set_num_threads(1); // no operation uses a second thread
/// # if cfg!(feature = "threads") { assert_eq!(typegrad::num_threads(), 1); }
/// ```
#[track_caller]
pub fn set_num_threads(n: usize) {
    assert!(n > 0, "at least one thread is needed");
    THREADS.store(n, Ordering::Relaxed);
}

/// Runs `f(0)`, .., `f(parts - 1)`, each once, on this thread and on workers. Inside a part, and inside
/// [`inline`], all of them run on this thread, in order.
///
/// # Panics
/// If a part panics: with the payload of the first such part, after all parts that were begun have ended.
pub(crate) fn run(parts: usize, f: &(dyn Fn(usize) + Sync)) {
    #[cfg(feature = "threads")]
    if parts > 1 && !INSIDE.get() {
        let threads = num_threads();
        if threads > 1 && pool::run(parts, threads, f) {
            return;
        }
    }
    (0..parts).for_each(f);
}

/// Whether [`run`] may use other threads. A cut that costs something, and does not change the bits, is for them only.
pub(crate) fn are_several() -> bool {
    cfg!(feature = "threads") && !INSIDE.get() && num_threads() > 1
}

/// How much smaller a part may be if a worker is awake: handing it over costs 0.05 us, and waking a worker 10 us.
const AWAKE: usize = 4;

/// How many workers are awake and look for parts.
fn ready() -> usize {
    #[cfg(feature = "threads")]
    if !INSIDE.get() {
        return pool::ready().min(num_threads() - 1);
    }
    0
}

/// Into how many parts, of which each has a thread, `work` is cut: parts of `part` at least, or less where workers are awake.
/// Only for cuts that do not change the bits.
pub(crate) fn num_parts(work: usize, part: usize) -> usize {
    let most = work / (part / AWAKE).max(1);
    if most < 2 {
        return 1;
    }
    let (asleep, awake) = ((work / part).min(num_threads()), most.min(1 + ready()));
    asleep.max(awake).max(1)
}

/// Whether an operation is cut: one of the work `least` or more, or of less where workers are awake. Only for cuts that do not
/// change the bits.
pub(crate) fn is_worth_parts(work: usize, least: usize) -> bool {
    work >= least || work >= least / AWAKE && ready() > 0
}

/// The work of a part, of which a thread computes several: `part`, or less where workers are awake and there is little work.
/// Only for cuts that do not change the bits.
pub(crate) fn part_size(work: usize, part: usize) -> usize {
    match if work > part / AWAKE { ready() } else { 0 } {
        0 => part,
        ready => {
            // Whole lines of the cache.
            let size = work.div_ceil(4 * (1 + ready)).next_multiple_of(64);
            size.clamp((part / AWAKE).max(1), part.max(1))
        }
    }
}

/// Runs `f` with [`run`] on this thread alone, where threads are taken by something larger than an operation.
pub(crate) fn inline<R>(f: impl FnOnce() -> R) -> R {
    /// Also after a panic.
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            INSIDE.set(self.0);
        }
    }
    let _restore = Restore(INSIDE.replace(true));
    f()
}
