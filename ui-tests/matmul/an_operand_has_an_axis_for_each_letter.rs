// PyTorch: "einsum(): the number of subscripts in the equation (3) does not match the number of dimensions (2)".
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank3<8, 2, 3>>::ones();
    let b = Tensor::<Rank2<3, 5>>::ones();
    let _ = einsum!("bij,bjk->bik", a, b);
}
