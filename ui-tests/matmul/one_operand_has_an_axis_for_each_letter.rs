// PyTorch: "einsum(): the number of subscripts in the equation (2) does not match the number of dimensions (3)".
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank3<8, 2, 3>>::ones();
    let _ = einsum!("ij->ji", a);
}
