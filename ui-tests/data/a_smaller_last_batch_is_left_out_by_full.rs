// PyTorch has `DataLoader(data, batch_size=4, drop_last=True)`.
use typegrad::data::Dataset;

fn main() {
    let loader = vec![([1.0_f32; 4], [1.0_f32]); 10].batches::<4>();
    for batch in loader.in_order().drop_last() {
        println!("{:?}", batch.rows);
    }
}
