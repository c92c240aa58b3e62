// PyTorch: "einsum(): invalid subscript given at index 1 in the equation string, subscripts must be in [a-zA-Z]".
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let _ = einsum!("b1->b", a);
}
