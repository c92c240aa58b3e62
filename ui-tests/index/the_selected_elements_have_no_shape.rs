// Works in PyTorch: the number of elements is known while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<10, 4>>::ones();
    let positive = x.masked_select(x.gt(0.0));
    println!("{}", positive.mean());
}
