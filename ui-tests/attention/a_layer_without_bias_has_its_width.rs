// An encoder layer without biases takes rows as wide as it is; PyTorch raises "mat1 and mat2 shapes cannot be multiplied".
use typegrad::prelude::*;

fn main() {
    let net = NoBias::<TransformerEncoderLayer<8, 2, 16>>::new(&mut Rng::seed(0));
    net.infer(Tensor::<Rank3<4, 5, 6>>::ones());
}
