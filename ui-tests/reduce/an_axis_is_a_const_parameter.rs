// PyTorch's axes are arguments.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<32, 10>>::ones();
    println!("{}", x.softmax(-1));
}
