// Each element is a use, and a tracked tensor is used once. PyTorch counts the uses while the program runs.
use typegrad::prelude::*;

fn main() {
    let w = Param::new(Tensor::<Rank2<2, 5>>::ones());
    let [a, b] = w.track().unbind::<0>();
}
