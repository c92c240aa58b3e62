// PyTorch: "einsum(): subscript j has size 4 for operand 1 which does not broadcast with previously seen size 3".
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let b = Tensor::<Rank2<4, 5>>::ones();
    let _ = einsum!("ij,jk->ik", a, b);
}
