// PyTorch: "Dimension out of range (expected to be in range of [-2, 1], but got 2)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let layer = Softmax::<2>::new(&mut Rng::seed(0));
    let _ = layer.infer(Tensor::<Rank2<8, 16>>::ones());
}
