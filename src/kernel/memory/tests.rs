//! Buffers and the cache. Each test has a thread of its own, and so a cache of its own.

use super::{Buffer, Plain, empty_cache};
use std::sync::mpsc;
use std::thread;

fn address<E>(buffer: &Buffer<E>) -> usize {
    buffer.as_slice().as_ptr().addr()
}

/// On a thread with an empty cache. The tests run in one process, where `empty_cache` is called too: it may empty
/// that cache at any time, so what is asserted of memory that is kept is tried again.
fn eventually(check: impl Fn() -> bool + Sync) {
    let met = (0..20).any(|_| thread::scope(|scope| scope.spawn(&check).join().unwrap()));
    assert!(met);
}

fn of<E: Plain>(elements: &[E]) -> Buffer<E> {
    let mut buffer = Buffer::unspecified(elements.len());
    buffer.as_mut_slice().unwrap().copy_from_slice(elements);
    buffer
}

fn has_aligned_elements<E: Plain + PartialEq + std::fmt::Debug>(value: E) {
    // The longest are put on huge pages.
    for len in (0..70).chain([4095, 4096, 100_003, (2 << 20) / size_of::<E>(), (3 << 20) + 5]) {
        let mut buffer = Buffer::<E>::unspecified(len);
        assert_eq!((buffer.len(), buffer.as_slice().len()), (len, len));
        assert!(len == 0 || address(&buffer).is_multiple_of(64));
        let elements = buffer.as_mut_slice().unwrap();
        elements.fill(value);
        assert!(buffer.as_slice().iter().all(|x| *x == value));
    }
}

#[test]
fn elements_are_aligned_and_of_the_length_that_was_asked_for() {
    has_aligned_elements(1.5_f32);
    has_aligned_elements(-2.5_f64);
    has_aligned_elements(-7_i64);
    has_aligned_elements(true);
}

#[test]
fn fresh_and_old_elements_are_initialized() {
    for _ in 0..3 {
        // Reading them is defined whatever they are.
        assert!(Buffer::<bool>::unspecified(77).as_slice().iter().filter(|x| **x).count() <= 77);
        assert_eq!(Buffer::<i64>::unspecified(77).as_slice().to_vec().len(), 77);
    }
}

#[test]
fn only_a_sole_holder_writes() {
    let mut a = of(&[1, 2, 3_i64]);
    let b = a.clone();
    assert!(a.as_mut_slice().is_none() && !b.is_unique());
    assert_eq!(address(&a), address(&b));
    drop(b);
    a.as_mut_slice().unwrap()[1] = 5;
    assert_eq!(a.as_slice(), [1, 5, 3]);
    let mut empty = Buffer::<f32>::EMPTY;
    assert!(empty.as_mut_slice().unwrap().is_empty());
}

#[test]
fn a_buffer_of_the_same_bytes_takes_the_memory_of_the_last_one() {
    eventually(|| {
        let first = address(&of(&[1.0_f64; 50]));
        let again = of(&[1_i64; 50]);
        // Bytes that are not 0 or 1 never become `bool`, nor does another length match.
        let boolean = of(&[true; 400]);
        let shorter = of(&[1_i64; 49]);
        assert!(![address(&boolean), address(&shorter)].contains(&address(&again)));
        address(&again) == first
    });
}

#[test]
fn a_free_list_keeps_the_largest_number_of_blocks_in_use() {
    eventually(|| {
        let addresses = |count| {
            let buffers: Vec<_> = (0..count).map(|_| of(&[0.5_f32; 321])).collect();
            let mut addresses: Vec<_> = buffers.iter().map(address).collect();
            addresses.sort_unstable();
            addresses
        };
        let first = addresses(300);
        (0..5).all(|_| addresses(300) == first)
    });
}

/// The thread that receives them never makes one, so it keeps none: its lists stay empty, and its memory is freed.
#[test]
fn buffers_cross_threads() {
    let (to, from) = mpsc::channel::<Buffer<f32>>();
    let receiver = thread::spawn(move || from.iter().map(|buffer| buffer.as_slice()[0]).sum::<f32>());
    for i in 0..100 {
        to.send(of(&[i as f32; 1000])).unwrap();
    }
    drop(to);
    assert_eq!(receiver.join().unwrap(), 4950.0);
}

#[test]
fn clones_are_dropped_on_many_threads_at_once() {
    for len in [1, 100] {
        for repeat in 0..100_i64 {
            let buffer = of(&vec![repeat; len]);
            thread::scope(|scope| {
                for _ in 0..4 {
                    let clone = buffer.clone();
                    scope.spawn(move || assert_eq!(clone.clone().as_slice(), vec![repeat; len]));
                }
                drop(buffer);
            });
        }
    }
}

#[test]
fn more_lengths_than_there_are_lists() {
    for _ in 0..3 {
        let buffers: Vec<_> = (1..1500).map(|len| of(&vec![len as i64; len])).collect();
        assert!((1..).zip(&buffers).all(|(len, buffer)| buffer.as_slice() == vec![len as i64; len]));
    }
}

#[test]
fn empty_cache_frees_blocks_and_can_be_repeated() {
    let kept = of(&[1.0_f32; 10]);
    for _ in 0..3 {
        drop(of(&[2.0_f32; 10]));
        empty_cache();
        empty_cache();
        assert_eq!(kept.as_slice(), [1.0; 10]);
    }
}

#[test]
fn a_buffer_may_outlive_the_cache_of_its_thread() {
    thread_local! {
        static LAST: std::cell::RefCell<Option<Buffer<f32>>> = const { std::cell::RefCell::new(None) };
    }
    thread::spawn(|| {
        // Destructors run in an unspecified order; one of these threads may find its cache gone.
        LAST.with(|last| *last.borrow_mut() = Some(of(&[1.0; 9])));
    })
    .join()
    .unwrap();
    let buffer = thread::spawn(|| of(&[3.0; 9])).join().unwrap();
    assert_eq!(buffer.as_slice(), [3.0; 9]);
}

#[test]
#[should_panic(expected = "a tensor that fits into memory")]
fn a_length_that_overflows_panics() {
    Buffer::<f64>::unspecified(usize::MAX / 8 + 1);
}
