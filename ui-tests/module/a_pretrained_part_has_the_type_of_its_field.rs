// PyTorch takes any module as the backbone, and its first run raises.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    backbone: Frozen<Linear<4, 3>>,
    head: Linear<3, 2>,
}

fn main() {
    let rng = &mut Rng::seed(0);
    let pretrained = Linear::<4, 8>::new(rng);
    let _ = Net { backbone: Frozen::new(pretrained), head: Linear::new(rng) };
}
