// PyTorch: "einsum(): subscript k has size 6 for operand 2 which does not broadcast with previously seen size 5".
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let b = Param::new(Tensor::<Rank2<3, 5>>::ones());
    let c = Tensor::<Rank2<6, 7>>::ones();
    let _ = einsum!("ij,jk,kl->il", a, &b, c);
}
