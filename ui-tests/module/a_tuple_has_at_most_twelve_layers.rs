// A tuple of more than twelve layers is layers in tuples. PyTorch's `nn.Sequential` has no limit.

use typegrad::prelude::*;

#[derive(Module)]
struct A;

fn main() {
    let net = (A, A, A, A, A, A, A, A, A, A, A, A, A);
    println!("{}", net.infer(Tensor::<Rank2<2, 3>>::ones()));
}
