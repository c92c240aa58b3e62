// PyTorch: works, as the sum of all elements.
use typegrad::prelude::*;

fn main() {
    let w = Param::new(Tensor::<Rank2<4, 10>>::zeros());
    w.track().sum_axis().exp().sum().backward();
}
