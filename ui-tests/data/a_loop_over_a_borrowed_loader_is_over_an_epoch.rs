// PyTorch: works, in the order that `shuffle` gave the loader.
use typegrad::data::Dataset;

fn main() {
    let loader = vec![([1.0_f32, 2.0], [3.0_f32]); 50].batches::<8>();
    for batch in &loader {
        println!("{}", batch.data.0);
    }
}
