// PyTorch: a plain tensor is neither trained nor saved, which it does not say.

use typegrad::prelude::*;

#[derive(Module)]
struct Net<E: Float = f32> {
    fc: Linear<4, 4, E>,
    scale: Tensor<Rank1<4>, E>,
}

fn main() {
    let net = Net::<f32>::new(&mut Rng::seed(0));
    println!("{:?}", net.scale);
}
