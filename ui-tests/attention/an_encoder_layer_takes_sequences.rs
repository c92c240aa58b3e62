// PyTorch: "mat1 and mat2 shapes cannot be multiplied", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net: (Flatten<0, 1>, Flatten, TransformerEncoderLayer<8, 2, 16>) = Init::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank4<2, 4, 4, 2>>::ones());
}
