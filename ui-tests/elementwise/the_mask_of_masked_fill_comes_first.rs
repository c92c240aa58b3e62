// PyTorch: "masked_fill_ only supports boolean masks", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<4>>::ones();
    let mask = x.gt(0.5);
    println!("{}", x.masked_fill(0.0, mask));
}
