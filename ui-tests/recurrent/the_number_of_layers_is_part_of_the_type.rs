// PyTorch has `LSTM(3, 8, num_layers=2)`.
use typegrad::prelude::*;

fn main() {
    let lstm = Lstm::<3, 8>::new(&mut Rng::seed(0)).num_layers(2);
    println!("{}", lstm.num_parameters());
}
