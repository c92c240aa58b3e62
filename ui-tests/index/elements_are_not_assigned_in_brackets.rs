// PyTorch: `x[0, 1] = 5.0` changes x.
use typegrad::prelude::*;

fn main() {
    let mut x = Tensor::<Rank2<2, 3>>::ones();
    x[(0, 1)] = 5.0;
    println!("{x}");
}
