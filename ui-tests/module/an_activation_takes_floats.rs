// An activation takes floats, and nothing is converted silently. PyTorch's `tanh` makes floats of integers.

use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>, i64>::ones();
    println!("{}", Tanh.infer(x));
}
