// PyTorch's `x.to("cuda")`.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 4>>::ones().to("cuda");
    println!("{x}");
}
