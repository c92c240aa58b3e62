// PyTorch's torch.empty would be initialized with whatever is in memory.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    scale: Param<Rank1<4>>,
}

fn main() {
    let _ = Net::new(&mut Rng::seed(0));
}
