// Labels of `usize`. PyTorch: works, each integer becomes one of 64 bits.
use typegrad::data::Dataset;

fn main() {
    let examples = vec![([1.0_f32, 2.0], 1_usize), ([3.0, 4.0], 0)];
    for batch in examples.batches::<2>().in_order() {
        println!("{}", batch.rows.len());
    }
}
