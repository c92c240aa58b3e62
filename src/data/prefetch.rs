//! Prefetching: a thread makes the next batches while the current one is used.

use std::collections::VecDeque;
use std::fmt;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

/// An iterator that runs on a thread of its own, ahead of its consumer. PyTorch's `num_workers=1`.
///
/// The items are the same and in the same order. A panic in the thread is a panic of [`next`](Iterator::next) here,
/// after the items that were made before. When it is dropped, the thread stops after its current item.
///
/// ```
/// use typegrad::data::Dataset;
/// use typegrad::prelude::*;
/// let train = vec![1.0_f32; 100].batches::<32>();
/// let batches = train.epoch(&mut Rng::seed(0)).prefetch(2);
/// assert_eq!(batches.map(|batch| batch.rows.len()).sum::<usize>(), 100);
/// ```
pub struct Prefetch<T> {
    /// Those that make the next item, the one after it, and so on, in turn. None when the items have ended.
    workers: VecDeque<(Receiver<T>, JoinHandle<()>)>,
}

impl<T: Send + 'static> Prefetch<T> {
    /// Runs an iterator up to `depth` items ahead, and the one it is at.
    pub fn new(iterator: impl Iterator<Item = T> + Send + 'static, depth: usize) -> Self {
        Prefetch::in_turn([iterator], depth)
    }

    /// Runs each iterator in a thread of its own. The items are the first of each, then the second of each, and so on, until
    /// one has no more.
    pub(super) fn in_turn<I>(iterators: impl IntoIterator<Item = I>, depth: usize) -> Self
    where
        I: Iterator<Item = T> + Send + 'static,
    {
        let start = |iterator: I| {
            let (sender, receiver) = sync_channel(depth);
            let thread = std::thread::spawn(move || {
                for item in iterator {
                    if sender.send(item).is_err() {
                        // No more items are needed.
                        return;
                    }
                }
            });
            (receiver, thread)
        };
        Prefetch { workers: iterators.into_iter().map(start).collect() }
    }
}

impl<T> Prefetch<T> {
    /// Ends all threads.
    fn end(&mut self) -> Vec<std::thread::Result<()>> {
        let (receivers, threads): (Vec<_>, Vec<_>) = self.workers.drain(..).unzip();
        drop(receivers);
        threads.into_iter().map(JoinHandle::join).collect()
    }
}

impl<T> Iterator for Prefetch<T> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        let worker = self.workers.pop_front()?;
        if let Ok(item) = worker.0.recv() {
            self.workers.push_back(worker);
            return Some(item);
        }
        self.workers.push_front(worker);
        // The first is the one whose turn it is.
        if let Some(Err(panic)) = self.end().into_iter().next() {
            resume_unwind(panic);
        }
        None
    }
}

impl<T> Drop for Prefetch<T> {
    fn drop(&mut self) {
        // Their panics concern items that are not needed.
        self.end();
    }
}

impl<T> fmt::Debug for Prefetch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if !self.workers.is_empty() { "Prefetch(running)" } else { "Prefetch(ended)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::rng::Rng;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    #[test]
    fn the_batches_are_the_same_in_the_same_order_whatever_the_depth() {
        let loader = (0..37).collect::<Vec<i64>>().batches::<4>();
        for depth in [0, 1, 2, 100] {
            let plain = loader.epoch(&mut Rng::seed(3)).map(|b| (b.data.with_padding().to_vec(), b.position));
            let ahead = loader
                .epoch(&mut Rng::seed(3))
                .prefetch(depth)
                .map(|b| (b.data.with_padding().to_vec(), b.position));
            assert!(plain.eq(ahead));
        }
        let mut ended = loader.in_order().prefetch(1);
        assert_eq!(ended.by_ref().count(), 10);
        assert!(ended.next().is_none() && ended.next().is_none());
    }

    #[test]
    fn a_panic_propagates_after_the_items_before_it() {
        let mut items = Prefetch::new((0..10).map(|i| if i < 3 { i } else { panic!("item {i} is bad") }), 1);
        assert_eq!([(); 3].map(|()| items.next()), [Some(0), Some(1), Some(2)]);
        let panic = catch_unwind(AssertUnwindSafe(|| items.next())).unwrap_err();
        assert_eq!(panic.downcast_ref::<String>().unwrap(), "item 3 is bad");
        assert!(items.next().is_none());
    }

    #[test]
    fn the_thread_is_over_when_it_is_dropped_and_made_no_more_than_the_depth() {
        let made = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&made);
        let mut items = Prefetch::new((0..).inspect(move |_| _ = count.fetch_add(1, SeqCst)), 2);
        items.next();
        drop(items);
        // One was used, two waited, one was at hand.
        assert!(made.load(SeqCst) <= 4);
        assert_eq!(Arc::strong_count(&made), 1);
    }
}
