// PyTorch: works. A batch of a loader is printed, whose last rows would be padding.
use typegrad::data::{Batch, Dataset};

fn main() {
    let examples = vec![([1.0_f32, 2.0], 3_i64); 50];
    for Batch { data: (x, _), .. } in examples.batches::<32>().in_order() {
        println!("{x}");
    }
}
