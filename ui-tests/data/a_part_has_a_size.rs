// A part of a dataset has a number of examples or a share of them. PyTorch reports it while the program runs.
use typegrad::data::Dataset;
use typegrad::prelude::*;

fn main() {
    let data = vec![1.0_f32; 100];
    let [_train, _test] = data.random_split(["80%", "20%"], &mut Rng::seed(0));
}
