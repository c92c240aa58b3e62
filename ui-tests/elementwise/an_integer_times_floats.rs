// PyTorch: works, the integer is converted.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    println!("{}", 2 * x);
}
