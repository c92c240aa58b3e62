// PyTorch: "IndexError: too many indices for tensor of dimension 2", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<4, 3>>::ones();
    println!("{}", x.select::<0>(1).select::<0>(2).select::<0>(0));
}
