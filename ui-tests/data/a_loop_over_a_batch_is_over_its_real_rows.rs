// PyTorch: the rows of the batch, of which the last batch has fewer.
use typegrad::data::{Batch, Dataset};

fn main() {
    let loader = vec![([1.0_f32, 2.0], 1_i64); 50].batches::<8>();
    for Batch { data: (x, _), .. } in loader.in_order() {
        for row in x {
            println!("{row:?}");
        }
    }
}
