//! How a row is measured and printed, and its floor.

use crate::allocations::allocations;
use crate::clock;
use crate::options;
use std::hint::black_box;
use std::time::{Duration, Instant};
use typegrad::prelude::*;

/// The cost of a call in a steady state.
#[derive(Clone, Copy)]
pub struct Cost {
    seconds: f64,
    allocations: usize,
}

/// The cost of a call of `run`.
pub fn time(mut run: impl FnMut()) -> Cost {
    let seconds = clock::time(&mut run);
    Cost { seconds, allocations: allocations(run) }
}

/// The cost of a call of `run`, each after an untimed call of `prepare`: a step clears the gradients.
pub fn time_after<T>(what: &mut T, mut prepare: impl FnMut(&mut T), mut run: impl FnMut(&mut T)) -> Cost {
    let (begin, mut rounds, mut least) = (Instant::now(), 0, f64::INFINITY);
    while rounds < 5 || begin.elapsed() < Duration::from_millis(120) {
        prepare(what);
        let start = Instant::now();
        run(what);
        least = least.min(start.elapsed().as_secs_f64());
        rounds += 1;
    }
    prepare(what);
    Cost { seconds: least, allocations: allocations(|| run(what)) }
}

/// The floor of the forward pass.
#[derive(Clone, Copy)]
pub struct Work {
    /// A product and a sum are two. The gradients of a product are two products.
    pub operations: usize,
    /// The bytes read and written, each tensor once. The gradients of the operands and of the result are as large.
    pub bytes: usize,
    /// Of an element.
    pub size: usize,
}

pub struct Bench {
    words: Vec<String>,
    /// Operations in a second, in f32.
    operations: f64,
    /// Bytes in a second, read and written, for this many bytes.
    bytes: Vec<(usize, f64)>,
}

impl Bench {
    /// Measures the machine, and prints what it does and the heads of the columns.
    pub fn new() -> Self {
        const N: usize = 384;
        let rng = &mut Rng::seed(0);
        let (a, b) = (Tensor::<Rank2<N, N>>::randn(rng), Tensor::<Rank2<N, N>>::randn(rng));
        let product = time(|| drop(black_box(a.clone().matmul(&b))));
        let operations = 2.0 * (N * N * N) as f64 / product.seconds;
        // From the first cache to main memory.
        let bytes: Vec<_> = [1 << 14, 1 << 17, 1 << 20, 1 << 22, 1 << 24, 1 << 26]
            .into_iter()
            .map(|bytes: usize| {
                let (from, mut to) = (vec![1_u8; bytes / 2], vec![0_u8; bytes / 2]);
                let copy = time(|| black_box(&mut to).copy_from_slice(black_box(&from)));
                (bytes, bytes as f64 / copy.seconds)
            })
            .collect();
        let rates: Vec<_> = bytes.iter().map(|(at, rate)| format!("{:.0} at {at}", rate * 1e-9)).collect();
        eprintln!("# products {:.0} GFLOP/s, memcpy GB/s: {} bytes", operations * 1e-9, rates.join(", "));
        println!(
            "{:<60} {:>10} {:>10} {:>10} {:>10} {:>7} {:>8} {:>9} {:>10}",
            "row",
            "fwd_us",
            "both_us",
            "floor_fwd",
            "floor_both",
            "gap_fwd",
            "gap_both",
            "alloc_fwd",
            "alloc_both"
        );
        Bench { words: options::words(), operations, bytes }
    }

    /// Whether a row is asked for.
    pub fn wants(&self, name: &str) -> bool {
        options::wants(&self.words, name)
    }

    /// The seconds that the machine needs at least for forward, and for both passes.
    fn floors(&self, work: Work) -> (f64, f64) {
        let rate = self.bytes.iter().find(|(bytes, _)| work.bytes <= *bytes).or(self.bytes.last());
        let bytes = rate.map_or(0.0, |(_, rate)| work.bytes as f64 / rate);
        let operations = work.operations as f64 * work.size as f64 / 4.0 / self.operations;
        (operations.max(bytes), (3.0 * operations).max(2.0 * bytes))
    }

    /// A row of what runs forward only, and is not a [`forward_row`] of floats.
    pub fn forward<T>(&self, name: &str, sizes: &[usize], work: Work, mut run: impl FnMut() -> T) {
        if self.wants(name) {
            let forward = time(|| drop(black_box(run())));
            self.line(name, sizes, work, Some(forward), None);
        }
    }

    /// Prints a row; a pass that it does not have is `-`. The name has the shape of the first operand.
    pub fn line(&self, name: &str, sizes: &[usize], work: Work, forward: Option<Cost>, both: Option<Cost>) {
        let shape: Vec<_> = sizes.iter().map(usize::to_string).collect();
        assert!(name.contains(&shape.join("x")), "{name}: the shape is {sizes:?}");
        let (floor, floor_both) = self.floors(work);
        let shown = |number: Option<f64>| number.map_or("-".to_owned(), |number| format!("{number:.2}"));
        let us = |seconds: Option<f64>| shown(seconds.map(|seconds| seconds * 1e6));
        let counted = |cost: Option<Cost>| cost.map_or("-".to_owned(), |cost| cost.allocations.to_string());
        let allocations = [counted(forward), counted(both)];
        let [forward, both] = [forward, both].map(|cost| cost.map(|cost| cost.seconds));
        println!(
            "{name:<60} {:>10} {:>10} {:>10} {:>10} {:>7} {:>8} {:>9} {:>10}",
            us(forward),
            us(both),
            us(forward.map(|_| floor)),
            us(both.map(|_| floor_both)),
            shown(forward.map(|forward| forward / floor)),
            shown(both.map(|both| both / floor_both)),
            allocations[0],
            allocations[1],
        );
    }
}

/// A row of an operation on tensors: `row!(bench, "name", OPERATIONS, f32, [x: randn Rank1<7>], x.exp())`. Forward alone
/// has constants, both passes have parameters. With `picks` in front of the name, forward reads no more of the operands than
/// it writes.
macro_rules! row {
    ($bench:expr, picks $name:literal, $($rest:tt)+) => { row!(@run picked, $bench, $name, $($rest)+) };
    ($bench:expr, $name:literal, $($rest:tt)+) => { row!(@run all, $bench, $name, $($rest)+) };
    (@run $reads:ident, $bench:expr, $name:literal, $operations:expr, $E:ty,
        [$($x:ident: $make:ident $S:ty),+], $y:expr) => {
        if $bench.wants($name) {
            let (work, sizes, forward, ($($x,)+)) = forward!($reads, $operations, $E, [$($x: $make $S),+], $y);
            $(let $x = Param::new($x);)+
            let both = $crate::harness::time(|| {
                $($x.zero_grad();)+
                $(let $x = $x.track();)+
                std::hint::black_box($y.sum().backward());
            });
            $bench.line($name, sizes, work, Some(forward), Some(both));
        }
    };
}

/// A row of an operation without a backward pass.
macro_rules! forward_row {
    ($bench:expr, $name:literal, $operations:expr, $E:ty, [$($x:ident: $make:ident $S:ty),+], $y:expr) => {
        if $bench.wants($name) {
            let (work, sizes, forward, _) = forward!(all, $operations, $E, [$($x: $make $S),+], $y);
            $bench.line($name, sizes, work, Some(forward), None);
        }
    };
}

/// The bytes that the forward pass reads: all operands.
pub fn all(operands: usize, _result: usize) -> usize {
    operands
}

/// The bytes that forward reads: as many as it writes.
pub fn picked(_operands: usize, result: usize) -> usize {
    result
}

/// The forward pass of a row: its work, the shape of the first operand, the time, the operands.
macro_rules! forward {
    ($reads:ident, $operations:expr, $E:ty, [$($x:ident: $make:ident $S:ty),+], $y:expr) => {{
        let rng = &mut Rng::seed(0);
        let ($($x,)+) = ($(Tensor::<$S, $E>::$make(rng),)+);
        let forward = $crate::harness::time(|| {
            $(let $x = std::hint::black_box(&$x).clone();)+
            drop(std::hint::black_box($y));
        });
        let operands = ($($x.clone(),)+);
        let size = std::mem::size_of::<$E>();
        let read = size * [$(<$S as Shape>::NUMEL),+].iter().sum::<usize>();
        let written = std::mem::size_of_val($y.as_slice());
        let bytes = $crate::harness::$reads(read, written) + written;
        let work = $crate::harness::Work { operations: $operations, bytes, size };
        let sizes = [$(<$S as Shape>::SIZES),+][0];
        (work, sizes, forward, operands)
    }};
}

/// A row of a layer: `layer!(bench, "name", OPERATIONS, f32, Layer, Input)`, where `made EXPRESSION` may stand in place of
/// the layer.
macro_rules! layer {
    ($bench:expr, $name:literal, $operations:expr, $E:ty, made $new:expr, $S:ty) => {
        if $bench.wants($name) {
            let (layer, fixed) = ($new, $new);
            let x = Tensor::<$S, $E>::randn(&mut Rng::seed(1));
            let y = fixed.infer(x.clone());
            let numbers = <$S as Shape>::NUMEL + y.as_slice().len() + fixed.num_parameters();
            let size = std::mem::size_of::<$E>();
            let work = $crate::harness::Work { operations: $operations, bytes: numbers * size, size };
            let forward = $crate::harness::time(|| {
                drop(std::hint::black_box(fixed.infer(std::hint::black_box(&x).clone())));
            });
            let x = Param::new(x);
            let both = $crate::harness::time(|| {
                layer.zero_grad();
                x.zero_grad();
                std::hint::black_box(layer.train(x.track()).sum().backward());
            });
            $bench.line($name, <$S as Shape>::SIZES, work, Some(forward), Some(both));
        }
    };
    ($bench:expr, $name:literal, $operations:expr, $E:ty, $layer:ty, $S:ty) => {
        layer!($bench, $name, $operations, $E, made <$layer>::new(&mut Rng::seed(0)), $S)
    };
}
