// PyTorch: works. The first image of a batch is printed.
use typegrad::data::{Batch, Dataset};

fn main() {
    let examples = vec![([0.5_f32; 784], 3_i64); 50];
    for Batch { data: (x, _), .. } in examples.batches::<32>().in_order() {
        println!("{}", x[0]);
    }
}
