// PyTorch: "Given normalized_shape=[3, 4], expected input with shape [*, 3, 4]", while the program runs.
use typegrad::prelude::*;

fn main() {
    let norm = ShapedLayerNorm::<Rank2<3, 4>>::new(&mut Rng::seed(0));
    let _ = norm.infer(Tensor::<Rank3<2, 3, 5>>::ones());
}
