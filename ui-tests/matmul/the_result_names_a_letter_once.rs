// PyTorch: "einsum(): output subscript i appears more than once in the output".
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank1<2>>::ones();
    let _ = einsum!("i->ii", a);
}
