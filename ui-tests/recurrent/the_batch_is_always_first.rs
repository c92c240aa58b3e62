// PyTorch has `LSTM(3, 8, batch_first=True)`.
use typegrad::prelude::*;

fn main() {
    let lstm = Lstm::<3, 8>::new(&mut Rng::seed(0)).batch_first(true);
    println!("{}", lstm.num_parameters());
}
