// PyTorch: works.

use typegrad::prelude::*;

fn main() {
    let mut angle = Tensor::from([0.5, 7.5, -1.0]);
    angle %= 6.25;
    println!("{angle}");
}
