//! Each family of operations, forward and backward, against what the machine could do at best, at awkward sizes: 7 rows,
//! 333 columns, sums over leading, middle and last axes, f64.
//!
//! `cargo bench --bench ops` prints every row; `cargo bench --bench ops -- conv softmax` only those whose name contains
//! one of the words. `benches/ops/ops.py` prints the same rows for PyTorch, and `benches/ratios.py` compares two such files.
//!
//! Columns: the minimum time of forward alone (nothing is recorded) and of both passes (gradients of all operands and
//! parameters); the floors, which are the larger of operations at the speed of a matrix product of this library and of bytes
//! at the speed of `memcpy` of as many, both measured in the same run; how many times its floor each pass takes; and the
//! allocations of a call, of which a steady one makes none.

#[path = "../common/allocations.rs"]
mod allocations;
#[path = "../common/clock.rs"]
mod clock;
#[macro_use]
mod harness;
#[path = "../common/options.rs"]
mod options;

mod attention;
mod conv;
mod create;
mod elementwise;
mod index;
mod loss;
mod matmul;
mod norm;
mod optim;
mod random;
mod recurrent;
mod reduce;
mod shape;

fn main() {
    options::set_threads();
    let bench = &harness::Bench::new();
    elementwise::rows(bench);
    reduce::rows(bench);
    matmul::rows(bench);
    shape::rows(bench);
    index::rows(bench);
    conv::rows(bench);
    norm::rows(bench);
    attention::rows(bench);
    recurrent::rows(bench);
    loss::rows(bench);
    create::rows(bench);
    random::rows(bench);
    optim::rows(bench);
}
