// PyTorch has no default for an attribute: `self.scale` raises an AttributeError.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<4, 4>,
    #[module(skip)]
    scale: f32,
}

fn main() {
    let _ = Net::new(&mut Rng::seed(0));
}
