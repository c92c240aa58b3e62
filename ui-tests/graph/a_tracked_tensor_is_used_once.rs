// PyTorch counts the uses while the program runs; here a second use is written with `shared`.
use typegrad::prelude::*;

fn main() {
    let w = Param::new(Tensor::<Rank2<2, 3>>::ones());
    let x = w.track();
    let _ = x.relu() + x;
}
