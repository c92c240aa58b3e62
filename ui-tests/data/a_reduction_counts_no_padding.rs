// The mean over a batch, in which the rows that fill it up would count. PyTorch's last batch is smaller.
use typegrad::data::Dataset;

fn main() {
    let loader = vec![[1.0_f32, 2.0]; 5].batches::<4>();
    for batch in loader.in_order() {
        let _ = batch.data.mean_axis::<0>();
    }
}
