//! A job of threads, for tests.

use super::transport::Transport;
use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};

/// One thread of a job.
pub(super) struct Local {
    rank: usize,
    /// To each rank, and from each.
    to: Vec<Sender<Vec<u8>>>,
    from: Vec<Receiver<Vec<u8>>>,
    /// The sizes of all messages it sent, with their destinations.
    pub(super) sent: RefCell<Vec<(usize, usize)>>,
}

/// Runs a function on each rank of a job.
pub(super) fn job<R: Send>(size: usize, f: impl Fn(Local) -> R + Sync) -> Vec<R> {
    std::thread::scope(|scope| {
        let f = &f;
        let ranks: Vec<_> = Local::all(size).into_iter().map(|rank| scope.spawn(move || f(rank))).collect();
        ranks.into_iter().map(|rank| rank.join().unwrap()).collect()
    })
}

impl Local {
    /// A job of `size` threads.
    fn all(size: usize) -> Vec<Local> {
        let mut job: Vec<_> = (0..size)
            .map(|rank| Local { rank, to: Vec::new(), from: Vec::new(), sent: RefCell::default() })
            .collect();
        for from in 0..size {
            for to in 0..size {
                let (sender, receiver) = channel();
                job[from].to.push(sender);
                job[to].from.push(receiver);
            }
        }
        job
    }
}

impl Transport for Local {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.to.len()
    }

    fn exchange(&self, sends: [Option<(usize, &[u8])>; 2], receives: [Option<(usize, &mut [u8])>; 2]) {
        for (to, bytes) in sends.into_iter().flatten() {
            self.sent.borrow_mut().push((to, bytes.len()));
            // A rank that has ended is missed by the one that waits for it.
            self.to[to].send(bytes.to_vec()).ok();
        }
        for (from, bytes) in receives.into_iter().flatten() {
            let message = self.from[from].recv().unwrap_or_else(|_| panic!("rank {from} has ended"));
            bytes.copy_from_slice(&message);
        }
    }

    fn finish(&mut self) {}

    fn abort(&self) -> ! {
        panic!("rank {} ends the job", self.rank)
    }
}
