// PyTorch: "einsum(): subscript i is repeated for operand 0 but the sizes don't match, 3 != 2".
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let _ = einsum!("ii->i", a);
}
