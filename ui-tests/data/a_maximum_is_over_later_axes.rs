// PyTorch: works. The maximum of all elements of a batch of a loader would be that of the padding, too.
use typegrad::data::Dataset;

fn main() {
    for batch in vec![[1.0_f32, 2.0]; 50].batches::<32>().in_order() {
        let max = batch.data.max();
        println!("{}", max.item());
    }
}
