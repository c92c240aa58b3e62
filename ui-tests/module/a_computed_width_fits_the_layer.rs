// PyTorch: "mat1 and mat2 shapes cannot be multiplied", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;
use typegrad::shape::{Expr, Span};

fn main() {
    let net = Linear::<7, 2>::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<(Expr<Span<0, 6>>,)>::ones());
}
