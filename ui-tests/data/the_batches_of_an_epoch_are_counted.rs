// PyTorch: enumerate(loader) works, in the order that `shuffle` gave the loader.
use typegrad::data::Dataset;

fn main() {
    let loader = vec![([1.0_f32, 2.0], [3.0_f32]); 50].batches::<8>();
    for (i, batch) in loader.iter().enumerate() {
        println!("{i}: {}", batch.data.0);
    }
}
