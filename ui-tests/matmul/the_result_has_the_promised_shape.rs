// PyTorch returns a tensor of another shape than the reader expects.
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let _: Tensor<Rank2<2, 3>> = einsum!("ij->ji", a);
}
