// PyTorch: "Input Error: Only 3D, 4D and 5D input Tensors supported", while the program runs.
use typegrad::prelude::*;

fn main() {
    let up = Upsample::<2>::new(&mut Rng::seed(0));
    let _ = up.infer(Tensor::<Rank2<8, 16>>::ones());
}
