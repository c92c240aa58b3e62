//! The workers, and the slots in which callers offer parts to them.
//!
//! A slot belongs to one caller at a time. Its word `claims` holds the number of parts and the next one to claim; a claim
//! is one compare-and-swap, so a worker is either not there or has a part. `open` counts the parts that are not done.
//! The closure of a slot is read only between a claim and the count down of `open`, and written only by the owner
//! while `open` is 0: that is the whole proof of its lifetime. Nothing here allocates after the workers have started.

use super::INSIDE;
use crate::kernel::denormal;
use std::any::Any;
use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// The largest number of workers.
const WORKERS: usize = 255;
/// How many callers can offer parts at once; one more runs its parts alone.
const SLOTS: usize = 8;
/// How long a thread that has just worked looks for more work, or for the end of a part, before it sleeps: about twice
/// what waking it costs the other thread (measured: 10 us in a virtual machine, where that is an interrupt of the
/// other processor; handing parts to a worker that is awake costs 0.05 us).
const PATIENCE: Duration = Duration::from_micros(20);
/// The same for a worker that usually finds work in this time, after operations that are done by the caller alone.
const LONG_PATIENCE: Duration = Duration::from_micros(200);
/// The longest time between two long looks.
const LONGEST_PENALTY: Duration = Duration::from_millis(250);
/// If so much time passes between two looks, the thread did not have its core.
const INTERRUPTION: Duration = Duration::from_micros(300);

type Part<'a> = dyn Fn(usize) + Sync + 'a;

#[repr(align(128))]
struct Slot {
    /// Whether a caller owns it.
    owned: AtomicBool,
    /// The number of parts in the upper half, the next part to claim in the lower. Equal: there is nothing to claim.
    claims: AtomicU64,
    /// The parts that are not done.
    open: AtomicUsize,
    job: UnsafeCell<Job>,
    panic: Mutex<Option<(usize, Box<dyn Any + Send>)>>,
    /// The owner waits here for `open` to become 0.
    waiting: Mutex<()>,
    done: Condvar,
}

#[derive(Clone, Copy)]
struct Job {
    part: &'static Part<'static>,
    /// Denormals are flushed or not as on the thread of the caller, so that a result does not depend on the thread.
    denormals: denormal::State,
}

// SAFETY: everything but `job` is Sync. `job` is written by the owner of the slot while `open` is 0 and read by a thread
// that has claimed a part and not yet counted it down in `open`; `run` orders the two. A `Job` is Send and Sync.
unsafe impl Sync for Slot {}

static POOL: [Slot; SLOTS] = [const { Slot::new() }; SLOTS];

struct Worker {
    thread: OnceLock<Thread>,
    asleep: AtomicBool,
}

static CREW: [Worker; WORKERS] =
    [const { Worker { thread: OnceLock::new(), asleep: AtomicBool::new(false) } }; WORKERS];
/// How many workers there are or were tried; it grows under the lock of `start`.
static STARTED: AtomicUsize = AtomicUsize::new(0);
/// How many workers may help.
static ALLOWED: AtomicUsize = AtomicUsize::new(0);
/// How many workers are awake and look for work for `LONG_PATIENCE` when they have done theirs.
static READY: AtomicUsize = AtomicUsize::new(0);
/// How many workers look for work now: for so many parts no other one is woken.
static LOOKING: AtomicUsize = AtomicUsize::new(0);

/// How many workers can be given a part for next to nothing: those that look for one, if no other caller has them.
pub(super) fn ready() -> usize {
    if POOL[0].owned.load(Ordering::Relaxed) { 0 } else { READY.load(Ordering::Relaxed) }
}

impl Slot {
    const fn new() -> Self {
        Slot {
            owned: AtomicBool::new(false),
            claims: AtomicU64::new(0),
            open: AtomicUsize::new(0),
            job: UnsafeCell::new(Job { part: &|_| {}, denormals: denormal::State::DEFAULT }),
            panic: Mutex::new(None),
            waiting: Mutex::new(()),
            done: Condvar::new(),
        }
    }

    /// The next part, if there is one.
    fn claim(&self) -> Option<usize> {
        // Acquire: whoever claims sees the job that was written before the parts were offered. A value that was read for
        // an earlier job and that is met again claims a part of the present job, which is as good.
        self.claims
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, |claims| {
                ((claims as u32) < (claims >> 32) as u32).then_some(claims + 1)
            })
            .ok()
            .map(|claims| claims as u32 as usize)
    }

    fn has_parts(&self) -> bool {
        self.parts_left() > 0
    }

    /// The number of parts that have not been claimed.
    fn parts_left(&self) -> usize {
        let claims = self.claims.load(Ordering::Relaxed);
        ((claims >> 32) as u32).saturating_sub(claims as u32) as usize
    }

    /// Runs a part, and keeps the panic of the first one that does.
    fn run(&self, part: usize, f: &Part<'_>) {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| f(part))) {
            let mut first = self.panic.lock().unwrap_or_else(PoisonError::into_inner);
            let other = match &*first {
                Some((before, _)) if *before < part => Some((part, payload)),
                _ => first.replace((part, payload)),
            };
            // Its destructor could panic again.
            std::mem::forget(other);
        }
    }

    /// Claims and runs parts until none is left. Returns whether there was one.
    fn help(&self) -> bool {
        let mut helped = false;
        while let Some(part) = self.claim() {
            // SAFETY: this thread has claimed a part and counts it down below, after its last use of the job. Until then
            // `open` is not 0, so the owner is still in `run`: the closure is alive, and no thread writes the job. The
            // claim (Acquire) comes after the store of `claims` (Release), or after claims that continue it.
            let job = unsafe { *self.job.get() };
            // For each part: the next one may be of another job.
            denormal::set(job.denormals);
            if !helped {
                helped = true;
                if self.parts_left() > LOOKING.load(Ordering::Relaxed) {
                    wake_one();
                    wake_one();
                }
            }
            self.run(part, job.part);
            // Release: the owner sees what the part wrote.
            if self.open.fetch_sub(1, Ordering::AcqRel) == 1 {
                // The slot is static. If it has a new owner by now, that one looks again at `open`.
                drop(self.waiting.lock());
                self.done.notify_one();
            }
        }
        helped
    }

    /// Waits until every part is done.
    fn finish(&self) {
        let done = || self.open.load(Ordering::Acquire) == 0;
        if spin_until(PATIENCE, done) == Look::Found || done() {
            return;
        }
        let mut lock = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while !done() {
            lock = self.done.wait(lock).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// How long a worker looks for work. A long look in vain doubles the time in which short ones follow it, and one that finds
/// work halves it: where a worker has the core that the caller needs, each of its looks is in vain. Where it loses its core to
/// others it looks shortly, since a thread that has slept is given a core before one that has run.
#[derive(Default)]
pub(super) struct Patience {
    /// The end of the short looks, if the next one is short.
    short_until: Option<Instant>,
    /// The time of short looks after the last long one in vain, halved by each that found work.
    penalty: Duration,
}

impl Patience {
    pub(super) fn next(&self) -> Duration {
        if self.is_long() { LONG_PATIENCE } else { PATIENCE }
    }

    /// Whether the next look is a long one.
    pub(super) fn is_long(&self) -> bool {
        self.short_until.is_none()
    }

    /// Learns from a look that ended `now`.
    pub(super) fn learn(&mut self, look: Look, now: impl Fn() -> Instant) {
        match (look, self.short_until) {
            (Look::Interrupted, _) => self.be_short(LONGEST_PENALTY, now()),
            (_, Some(_)) => self.forget(now),
            (Look::Found, None) => self.penalty /= 2,
            (Look::InVain, None) => self.be_short(2 * self.penalty + LONG_PATIENCE, now()),
        }
    }

    /// Ends the short looks, if it is time.
    pub(super) fn forget(&mut self, now: impl Fn() -> Instant) {
        if self.short_until.is_some_and(|until| now() >= until) {
            self.short_until = None;
        }
    }

    fn be_short(&mut self, penalty: Duration, now: Instant) {
        self.penalty = penalty.min(LONGEST_PENALTY);
        self.short_until = Some(now + self.penalty);
    }
}

/// How a look for something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Found,
    InVain,
    /// Found or not, the thread did not have its core for a while.
    Interrupted,
}

/// Looks for `done`, as long as `patience` at most.
fn spin_until(patience: Duration, done: impl Fn() -> bool) -> Look {
    if done() {
        return Look::Found;
    }
    let start = Instant::now();
    let mut before = start;
    loop {
        let mut is_done = false;
        for _ in 0..8 {
            spin_loop();
            is_done = done();
            if is_done {
                break;
            }
        }
        let now = Instant::now();
        if now - before > INTERRUPTION {
            return Look::Interrupted;
        }
        if is_done {
            return Look::Found;
        }
        if now - start > patience {
            return Look::InVain;
        }
        before = now;
    }
}

/// Runs all parts on this thread and the workers, `threads` of them at most. Returns false, having done nothing, if that
/// is not possible.
pub(super) fn run(parts: usize, threads: usize, f: &Part<'_>) -> bool {
    let Ok(count) = u32::try_from(parts) else { return false };
    let free = |slot: &&Slot| {
        !slot.owned.load(Ordering::Relaxed)
            && slot.owned.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_ok()
    };
    let Some(slot) = POOL.iter().find(free) else { return false };
    let workers = (threads - 1).min(WORKERS);
    ALLOWED.store(workers, Ordering::Relaxed);
    if STARTED.load(Ordering::Relaxed) < workers {
        start(workers);
    }
    // SAFETY: only the lifetime of the reference changes. The closure is called only for claimed parts, and this function
    // returns, on every path, only after `open`, which counts them, is 0. Nothing before that can unwind: parts of this
    // thread are run under `catch_unwind`, and so are those of workers.
    let part = unsafe { std::mem::transmute::<&Part<'_>, &'static Part<'static>>(f) };
    let job = Job { part, denormals: denormal::get() };
    // SAFETY: this thread owns the slot (`owned`, Acquire), and its last owner left it with nothing to claim and `open` at 0,
    // which it saw with Acquire: no thread reads the job now or before the store of `claims` below.
    unsafe { *slot.job.get() = job };
    slot.open.store(parts, Ordering::Relaxed);
    slot.claims.store(u64::from(count) << 32, Ordering::Release);
    // Either a worker that is about to sleep sees the parts, or this thread sees that it sleeps.
    fence(Ordering::SeqCst);
    if parts - 1 > LOOKING.load(Ordering::Relaxed) {
        wake_one();
    }
    INSIDE.set(true);
    let mut mine = 0;
    while let Some(part) = slot.claim() {
        slot.run(part, f);
        mine += 1;
    }
    INSIDE.set(false);
    if slot.open.fetch_sub(mine, Ordering::AcqRel) != mine {
        slot.finish();
    }
    let panic = slot.panic.lock().unwrap_or_else(PoisonError::into_inner).take();
    slot.owned.store(false, Ordering::Release);
    if let Some((_, payload)) = panic {
        resume_unwind(payload);
    }
    true
}

/// Wakes a worker that sleeps and may help, if there is one.
fn wake_one() {
    for worker in &CREW[..ALLOWED.load(Ordering::Relaxed)] {
        if worker.asleep.load(Ordering::Relaxed) && worker.asleep.swap(false, Ordering::Relaxed) {
            if let Some(thread) = worker.thread.get() {
                thread.unpark();
            }
            return;
        }
    }
}

/// Starts workers until there are `workers`. One that cannot be started is missing, and its share is done by others.
#[cold]
fn start(workers: usize) {
    static STARTING: Mutex<()> = Mutex::new(());
    let _lock = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    let missing = CREW.iter().enumerate().take(workers).skip(STARTED.load(Ordering::Relaxed));
    for (index, worker) in missing {
        let builder = std::thread::Builder::new().name(format!("typegrad-{}", index + 1));
        if let Ok(handle) = builder.spawn(move || work(index)) {
            // Only this loop sets it, once for each index.
            let _ = worker.thread.set(handle.thread().clone());
        }
        STARTED.store(index + 1, Ordering::Relaxed);
    }
}

/// Whether a worker is counted in `READY`.
struct Ready(bool);

impl Ready {
    fn set(&mut self, ready: bool) {
        if self.0 != ready {
            self.0 = ready;
            if ready {
                READY.fetch_add(1, Ordering::Relaxed)
            } else {
                READY.fetch_sub(1, Ordering::Relaxed)
            };
        }
    }
}

/// The loop of a worker, for the life of the process.
fn work(index: usize) {
    INSIDE.set(true);
    let allowed = || index < ALLOWED.load(Ordering::Relaxed);
    let has_parts = || allowed() && POOL.iter().any(Slot::has_parts);
    let mut patience = Patience::default();
    let mut ready = Ready(false);
    loop {
        patience.forget(Instant::now);
        ready.set(patience.is_long());
        while allowed() && POOL.iter().fold(false, |helped, slot| slot.help() | helped) {
            LOOKING.fetch_add(1, Ordering::Relaxed);
            let look = spin_until(patience.next(), has_parts);
            LOOKING.fetch_sub(1, Ordering::Relaxed);
            patience.learn(look, Instant::now);
            ready.set(patience.is_long());
        }
        ready.set(false);
        CREW[index].asleep.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        if !has_parts() {
            std::thread::park();
        }
        CREW[index].asleep.store(false, Ordering::Relaxed);
    }
}
