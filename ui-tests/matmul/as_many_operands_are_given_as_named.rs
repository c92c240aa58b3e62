// PyTorch: "einsum(): more operands were provided than specified in the equation", while the program runs.
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank1<2>>::ones();
    let _ = einsum!("i,i->i", &a, &a, &a);
}
