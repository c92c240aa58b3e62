// PyTorch's torch.empty would be initialized with whatever is in memory; here the part has no `new`, so neither has the whole.
use typegrad::prelude::*;

#[derive(Module)]
struct Scale {
    gain: Param<Rank1<8>>,
}

#[derive(Module)]
struct Net {
    scale: Scale,
    head: Linear<8, 2>,
}

fn main() {
    let _ = Net::new(&mut Rng::seed(0));
}
