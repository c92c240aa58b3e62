// PyTorch: DataLoader(data, batch_size=8) works.
use typegrad::data::DataLoader;
use typegrad::prelude::*;

fn main() {
    let loader = DataLoader::new(vec![([1.0_f32, 2.0], [3.0_f32]); 50], 8);
    for batch in loader.epoch(&mut Rng::seed(0)) {
        println!("{}", batch.data.0.with_padding());
    }
}
