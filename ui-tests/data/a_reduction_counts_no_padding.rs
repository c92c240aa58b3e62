// A mean over the rows of a padded batch would count the padding. PyTorch's last batch is smaller.
use typegrad::data::Dataset;

fn main() {
    let loader = vec![[1.0_f32, 2.0]; 5].batches::<4>();
    for batch in loader.in_order() {
        let _ = batch.data.mean_axis::<0>();
    }
}
