// A program without mistakes is built, so that the set it is in runs `cargo build`.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<24, 24>>::ones();
    assert_eq!(x.reshape::<Rank1<576>>().sum().item(), 576.0);
}
