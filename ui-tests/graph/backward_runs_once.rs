// PyTorch: "Trying to backward through the graph a second time", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Param::new(Tensor::<Rank1<5>>::ones());
    let loss = x.track().powi(2).sum();
    loss.backward();
    loss.backward();
}
