//! Elements of `f64`, NumPy's default, do not fit a network of `f32`. PyTorch stops at the first layer.
use typegrad::prelude::*;

fn main() {
    let net: (Linear<2, 8>, Relu, Linear<8, 1>) = Init::new(&mut Rng::seed(0));
    println!("{}", net.infer(Tensor::<Rank2<4, 2>, f64>::ones()));
}
