// PyTorch: `batch.tolist()` works, and the last batch is smaller. Here its last rows are padding, which is not printed.
use typegrad::data::Dataset;
use typegrad::prelude::*;

fn main() {
    let net = Linear::<2, 1>::new(&mut Rng::seed(0));
    for batch in vec![[1.0_f32, 2.0]; 50].batches::<32>().in_order() {
        for y in net.infer(batch.data).to_vec() {
            println!("{y}");
        }
    }
}
