// PyTorch: DataLoader(data, batch_size=8, shuffle=True) works.
use typegrad::data::Dataset;
use typegrad::prelude::*;

fn main() {
    let loader = vec![([1.0_f32, 2.0], [3.0_f32]); 50].batches(8);
    for batch in loader.epoch(&mut Rng::seed(0)) {
        println!("{}", batch.data.0.with_padding());
    }
}
