// PyTorch: "einsum(): output subscript k does not appear in the equation for any input operand".
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let _ = einsum!("ij->ik", a);
}
