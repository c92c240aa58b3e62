// PyTorch trains both networks: the gradient flows into the target, too, unless `detach` is written.
use typegrad::prelude::*;

fn main() {
    let (w, v) = (Param::new(Tensor::from([1.0f32, 2.0])), Param::new(Tensor::from([3.0f32, 2.0])));
    let goal = v.track() * 0.9 + 1.0;
    w.track().smooth_l1_loss(&goal).backward();
}
