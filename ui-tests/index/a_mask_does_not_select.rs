// Works in PyTorch: `x[x > 0]` has as many elements as are positive.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<10, 4>>::ones();
    let positive = x[x.gt(0.0)];
    println!("{}", positive.mean());
}
