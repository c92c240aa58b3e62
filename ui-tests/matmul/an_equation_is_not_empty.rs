// PyTorch takes it for the identity of scalars, and fails for any other tensor while the program runs.
use typegrad::einsum;
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank1<2>>::ones();
    let _ = einsum!("", a);
}
