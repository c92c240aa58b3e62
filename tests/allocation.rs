//! What a training step allocates: the elements of tensors, and nothing for its graph or its optimizer.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use typegrad::prelude::*;

/// Counts the allocations of each thread, so that what the test runner does beside is left out.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    /// The sizes of the allocations while they are recorded.
    static SIZES: Cell<Option<[usize; 64]>> = const { Cell::new(None) };
}

// SAFETY: every call is passed on to `System` as it came. The count is a `Cell` without a destructor, which neither
// allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // matrixmultiply packs matrices into memory of its own, aligned for vectors; nothing else here is.
        if let Some(mut sizes) = SIZES.get()
            && layout.align() < 32
        {
            if let Some(size) = sizes.iter_mut().find(|size| **size == 0) {
                *size = layout.size();
            }
            SIZES.set(Some(sizes));
        }
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

/// The sizes of the allocations in `f`, in bytes and in order.
fn sizes(f: impl FnOnce()) -> Vec<usize> {
    SIZES.set(Some([0; 64]));
    f();
    SIZES.take().into_iter().flatten().take_while(|size| *size > 0).collect()
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
    let mut adam = AdamW::new(0.1);
    let mut schedule = OneCycleLr::new(0.1, 10).start(&mut adam);
    check("AdamW with a schedule", |net| {
        adam.step(net);
        schedule.step(&mut adam);
    });
    let mut rms_prop = RmsProp::new(0.1);
    check("RmsProp", |net| rms_prop.step(net));
    let mut rms_prop = RmsProp::new(0.1).momentum(0.9).centered();
    let plan = (LinearLr::new(), CosineAnnealingLr::new(5), MultiStepLr::new([3]));
    let mut schedule = SequentialLr::new(plan, [1, 2]).start(&mut rms_prop);
    check("RmsProp with momentum, centered", |net| {
        rms_prop.step(net);
        schedule.step(&mut rms_prop);
    });
    let mut adagrad = Adagrad::new(0.1).lr_decay(0.1).initial_accumulator_value(0.1);
    let mut plateau = ReduceLrOnPlateau::new().patience(0);
    check("Adagrad", |net| {
        adagrad.step(net);
        plateau.step(&mut adagrad, 1.0);
    });
}

/// Memory of `n` elements of `f32`: they and two reference counts, in words.
fn tensor(n: usize) -> usize {
    (16 + 4 * n).next_multiple_of(8)
}

/// Two layers and the loss, a batch of 5: the graph is moved from hand to hand and never put on the heap.
#[test]
fn the_graph_of_a_training_step_allocates_nothing_but_the_elements_of_tensors() {
    let rng = &mut Rng::seed(0);
    let mut net: (Linear<7, 11>, Relu, Linear<11, 3>) = Init::new(rng);
    let x = Tensor::<Rank2<5, 7>>::randn(rng);
    let labels = Tensor::from([0, 1, 2, 0, 1]);
    // The first step makes the slots of the boundaries, which later ones use again.
    let mut step = || {
        net.zero_grad();
        net.train(x.clone()).cross_entropy(&labels).backward();
    };
    step();
    let sizes = sizes(step);
    let forward = [
        tensor(5 * 11), // the first layer, and in the same memory its activation
        tensor(5 * 3),  // the second layer
        tensor(1),      // the loss
        tensor(1),      // its gradient, which is 1
    ];
    let backward = [
        tensor(3),      // the bias of the second layer
        tensor(5 * 11), // its input
        tensor(3 * 11), // its weight
        tensor(11),     // the bias of the first layer
        tensor(11 * 7), // its weight
    ];
    for size in &sizes {
        assert!(forward.contains(size) || backward.contains(size), "{size} bytes are no tensor's: {sizes:?}");
    }
    assert_eq!(sizes.len(), forward.len() + backward.len(), "{sizes:?}");
}
