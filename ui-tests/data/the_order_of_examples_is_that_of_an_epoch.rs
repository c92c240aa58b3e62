// PyTorch has `DataLoader(data, batch_size=4, shuffle=True)`.
use typegrad::data::{Batch, Dataset};

fn main() {
    let loader = vec![([1.0_f32; 4], [1.0_f32]); 10].batches::<4>().shuffle(true);
    for Batch { data: (x, _), .. } in loader {
        println!("{}", x.num_real_rows());
    }
}
