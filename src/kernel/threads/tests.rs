//! The pool under many small runs, panics, nested runs and many callers.
//!
//! Tests share the pool and `set_num_threads`; none of them relies on how many workers there are.

use super::{for_each_chunk, for_each_chunk2, inline, num_threads, run, set_num_threads};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

/// The repetitions of a test: fewer under an interpreter.
const REPEATS: usize = if cfg!(miri) { 20 } else { 2_000 };

/// Asserts that `run` calls each of `parts` once.
fn check(parts: usize) {
    let counts: Vec<_> = (0..parts).map(|_| AtomicUsize::new(0)).collect();
    run(parts, &|part| {
        counts[part].fetch_add(1, Ordering::Relaxed);
    });
    assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == 1), "{parts}: {counts:?}");
}

#[test]
fn every_part_runs_once() {
    for threads in [4, 1, 2, 7] {
        set_num_threads(threads);
        for repeat in 0..REPEATS {
            check(repeat % 19);
        }
        check(1000);
    }
}

#[test]
fn chunks_cover_the_output() {
    set_num_threads(4);
    for len in 0..70 {
        for chunk in 1..20 {
            let mut out = vec![0; len];
            for_each_chunk(&mut out, chunk, |i, out| {
                out.iter_mut().zip(i * chunk..).for_each(|(y, x)| *y += x)
            });
            assert_eq!(out, Vec::from_iter(0..len));
        }
    }
    for_each_chunk(&mut [0; 0], 0, |_, _: &mut [i32]| unreachable!("there is no chunk"));
    let (mut a, mut b) = ([0; 10], [0.0; 4]);
    for_each_chunk2((&mut a, 3), (&mut b, 1), |i, a, b| {
        a.fill(i);
        b[0] += i as f64;
    });
    assert_eq!((a, b), ([0, 0, 0, 1, 1, 1, 2, 2, 2, 3], [0.0, 1.0, 2.0, 3.0]));
}

#[test]
#[should_panic(expected = "both outputs need as many chunks")]
fn two_outputs_of_different_numbers_of_chunks_panic() {
    for_each_chunk2((&mut [0; 5], 2), (&mut [0; 5], 3), |_, _, _| {});
}

#[test]
fn the_first_panic_propagates_and_the_pool_continues() {
    set_num_threads(3);
    for repeat in 0..REPEATS / 20 {
        let done = AtomicUsize::new(0);
        let panic = catch_unwind(AssertUnwindSafe(|| {
            run(9, &|part| {
                // Not `panic!`, which prints.
                if part % 4 == 3 {
                    std::panic::resume_unwind(Box::new(part));
                }
                done.fetch_add(1, Ordering::Relaxed);
            });
        }));
        assert_eq!(panic.unwrap_err().downcast_ref::<usize>(), Some(&3));
        assert!([3, 7].contains(&done.load(Ordering::Relaxed)), "the others ran, or those before it");
        check(repeat % 11);
    }
}

#[test]
fn runs_inside_a_part_are_inline_and_in_order() {
    set_num_threads(4);
    let order = |outer: usize| {
        let seen = Mutex::new(Vec::new());
        let thread = std::thread::current().id();
        run(5, &|part| {
            assert_eq!(std::thread::current().id(), thread, "{outer}");
            seen.lock().unwrap().push(part);
            // A worker that could take a part has the time to.
            std::thread::sleep(Duration::from_micros(20));
        });
        assert_eq!(*seen.lock().unwrap(), [0, 1, 2, 3, 4]);
    };
    for _ in 0..(REPEATS / 200).max(1) {
        run(6, &order);
        inline(|| order(0));
    }
    // The scope of `inline` ends with a panic in it, too.
    assert!(catch_unwind(|| inline(|| std::panic::resume_unwind(Box::new(())))).is_err());
    assert!(!super::INSIDE.get());
}

#[test]
fn many_callers_share_the_pool() {
    set_num_threads(4);
    let callers = 12; // more than there are slots
    let start = Barrier::new(callers);
    std::thread::scope(|scope| {
        for caller in 0..callers {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                for repeat in 0..REPEATS / 4 {
                    let mut out = [0; 33];
                    for_each_chunk(&mut out, 1 + repeat % 8, |i, out| out.fill(caller * 1000 + i));
                    let mut want = [0; 33];
                    want.chunks_mut(1 + repeat % 8)
                        .enumerate()
                        .for_each(|(i, out)| out.fill(caller * 1000 + i));
                    assert_eq!(out, want);
                }
            });
        }
    });
}

/// Two parts that wait for one another end only where two threads run them. A worker may be late, never absent.
#[test]
#[cfg(feature = "threads")]
fn a_worker_helps() {
    for _ in 0..REPEATS / 100 {
        let met = (0..100).any(|_| {
            set_num_threads(4); // another test may have set it to 1
            let arrived = AtomicUsize::new(0);
            let end = Instant::now() + Duration::from_millis(500);
            run(2, &|_| {
                arrived.fetch_add(1, Ordering::Relaxed);
                while arrived.load(Ordering::Relaxed) < 2 && Instant::now() < end {
                    std::thread::yield_now();
                }
            });
            // If they run in sequence, the second part finds both arrived, and the first one has waited to the end.
            Instant::now() < end
        });
        assert!(met);
    }
}

/// The cuts of the same work may differ from call to call, with workers that are awake or not.
#[test]
fn parts_have_at_least_the_work_that_pays_while_workers_are_awake() {
    for threads in [1, 2, 5] {
        for work in [0, 1, 99, 100, 399, 400, 1000, 100_000] {
            set_num_threads(threads);
            check(3);
            let parts = super::num_parts(work, 100);
            assert!(parts == 1 || parts > 1 && parts * 25 <= work, "{work}: {parts}");
            assert!(super::is_worth_parts(work, 100) == (work >= 100) || work >= 25);
            assert!((25..=100).contains(&super::part_size(work, 100)));
        }
    }
    inline(|| {
        assert_eq!([super::num_parts(99, 100), super::part_size(99, 100)], [1, 100]);
        assert!(!super::is_worth_parts(99, 100));
    });
    assert_eq!(
        [super::num_parts(5, 1), super::part_size(0, 1), super::part_size(7, 0)].map(|n| n > 5),
        [false; 3]
    );
}

#[test]
fn rows_of_blocks_are_disjoint() {
    let mut all = [0; 5 * 7];
    let blocks = super::Blocks::new(&mut all, 7);
    run(3, &|part| {
        for i in 0..5 {
            // SAFETY: each part takes other elements.
            unsafe { blocks.take(i, part * 2..part * 2 + 2) }.fill(part + 1);
        }
    });
    // SAFETY: nothing else is held.
    assert!(catch_unwind(AssertUnwindSafe(|| unsafe { blocks.take(0, 6..8) }.len())).is_err());
    // SAFETY: as above.
    assert!(catch_unwind(AssertUnwindSafe(|| unsafe { blocks.take(5, 0..1) }.len())).is_err());
    assert_eq!(all.to_vec(), [1, 1, 2, 2, 3, 3, 0].repeat(5));
}

#[test]
fn the_number_of_threads_is_what_was_set() {
    if cfg!(feature = "threads") {
        assert!((1..=100).any(|n| {
            set_num_threads(n);
            num_threads() == n // unless another test has set it meanwhile
        }));
    } else {
        set_num_threads(3);
        assert_eq!(num_threads(), 1);
    }
    assert!(catch_unwind(|| set_num_threads(0)).is_err());
}

#[test]
fn workers_flush_denormals_as_the_caller_does() {
    set_num_threads(4);
    for flush in [true, false].repeat(REPEATS / 100) {
        if !crate::set_flush_denormal(flush) {
            return;
        }
        let mut out = [f32::MIN_POSITIVE; 16];
        for_each_chunk(&mut out, 1, |_, out| {
            std::thread::yield_now();
            out[0] *= std::hint::black_box(0.25);
        });
        assert!(out.iter().all(|x| (*x == 0.0) == flush), "{flush}: {out:?}");
    }
}

#[cfg(feature = "threads")]
#[test]
fn a_worker_whose_long_looks_are_in_vain_makes_few_of_them() {
    use super::pool::{Look, Patience};
    // The long ones of looks that each take as long as the worker is patient.
    let count = |looks: usize, look: fn(usize) -> Look| {
        let (mut patience, mut now) = (Patience::default(), Instant::now());
        (0..looks)
            .filter(|i| {
                let is_long = patience.is_long();
                now += patience.next();
                patience.learn(look(*i), || now);
                is_long
            })
            .count()
    };
    assert_eq!(count(1000, |_| Look::Found), 1000);
    // After 0.2, 0.6, 1.4, .. and at most 250 ms of short ones.
    assert_eq!(count(1000, |_| Look::InVain), 6);
    assert_eq!(count(101_000, |_| Look::InVain), 17);
    // The end of a burst of operations.
    assert!(count(1000, |i| if i % 20 == 0 { Look::InVain } else { Look::Found }) > 450);
    // One of them is enough for 250 ms of short ones.
    assert_eq!(count(12_500, |i| if i == 0 { Look::Interrupted } else { Look::Found }), 1);
    assert!(count(12_600, |i| if i == 0 { Look::Interrupted } else { Look::Found }) > 1);
}
