// PyTorch: `len(loader)` is the number of batches.
use typegrad::data::Dataset;

fn main() {
    let loader = vec![([1.0_f32, 2.0], 1_i64); 50].batches::<8>();
    let steps = 10 * loader.len();
    println!("{steps} steps");
}
