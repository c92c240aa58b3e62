// PyTorch's `SGD(params, lr=0.1, momentum=0.9)`.
use typegrad::prelude::*;

fn main() {
    let sgd = Sgd::new(0.1, 0.9);
    println!("{}", sgd.lr());
}
