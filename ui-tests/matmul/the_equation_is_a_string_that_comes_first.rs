// PyTorch: also takes operands with lists of axes, whose mistakes it finds while the program runs.
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let _ = einsum!(a, "ij->i");
}
