// PyTorch: "mat1 and mat2 shapes cannot be multiplied", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;
use typegrad::shape::{Expr, Sum};

fn main() {
    let net = Linear::<7, 2>::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<(Const<8>, Expr<Sum<Const<2>, Const<4>>>)>::ones());
}
