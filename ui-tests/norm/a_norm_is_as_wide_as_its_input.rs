// A normalization has a weight for each feature. PyTorch finds out when it runs: "Given normalized_shape=[8], expected
// input with shape [*, 8], but got input of size[4, 6]".
use typegrad::prelude::*;

fn main() {
    let norm = LayerNorm::<8>::new(&mut Rng::seed(0));
    norm.infer(Tensor::<Rank2<4, 6>>::ones());
}
