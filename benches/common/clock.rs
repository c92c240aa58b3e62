//! The time of a call.

use std::time::{Duration, Instant};

/// The time of one measurement.
const BUDGET: Duration = Duration::from_millis(60);
/// The minimum time that one reading of the clock covers.
const BATCH: Duration = Duration::from_micros(50);

/// The minimum time of a call in seconds, over batches of calls.
pub fn time(mut run: impl FnMut()) -> f64 {
    let mut batch = |calls: u32| {
        let start = Instant::now();
        (0..calls).for_each(|_| run());
        start.elapsed()
    };
    batch(1);
    let mut calls = 1;
    while calls < 1 << 20 && batch(calls) < BATCH {
        calls *= 2;
    }
    let (begin, mut rounds, mut least) = (Instant::now(), 0, f64::INFINITY);
    while rounds < 5 || begin.elapsed() < BUDGET {
        least = least.min(batch(calls).as_secs_f64() / f64::from(calls));
        rounds += 1;
    }
    least
}
