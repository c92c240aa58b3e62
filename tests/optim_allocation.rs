//! A step of an optimizer allocates at most what it remembers, and that once.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use typegrad::prelude::*;

/// Counts the allocations of each thread, so that what the test runner does beside is left out.
struct Counting;

thread_local!(static COUNT: Cell<usize> = const { Cell::new(0) });

// SAFETY: every call is passed on to `System` as it came. The count is a `Cell` without a destructor, which neither
// allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc`, which is the same.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`; `at` came from `System`.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(f: impl FnOnce()) -> usize {
    let before = COUNT.get();
    f();
    COUNT.get() - before
}

fn check(name: &str, mut step: impl FnMut(&mut (Linear<8, 16>, [Linear<16, 16, f64>; 2]))) {
    let mut net = <(Linear<8, 16>, [Linear<16, 16, f64>; 2])>::new(&mut Rng::seed(0));
    net.0.weight.track().sum().backward();
    net.1[1].bias.track().sum().backward();
    step(&mut net);
    assert_eq!(allocations(|| (0..3).for_each(|_| step(&mut net))), 0, "{name}");
}

#[test]
fn a_steady_step_allocates_nothing() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1]))), 1, "the count works");
    let mut sgd = Sgd::new(0.1);
    check("Sgd", |net| sgd.step(net));
    let mut sgd = Sgd::new(0.1).momentum(0.9).weight_decay(0.1).nesterov();
    check("Sgd with momentum", |net| sgd.step(net));
    let mut adam = Adam::new(0.1);
    check("Adam", |net| adam.step(net));
    let mut adam = Adam::new(0.1).weight_decay(0.1).amsgrad().maximize();
    check("Adam with AMSGrad", |net| adam.step(net));
}
