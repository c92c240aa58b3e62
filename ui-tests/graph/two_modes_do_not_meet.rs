// PyTorch mixes what was computed in training with what was computed for evaluation, silently.
use typegrad::graph::{Eval, Train};
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<5>>::ones().within::<Train>();
    let y = Tensor::<Rank1<5>>::ones().within::<Eval>();
    let _ = x + y;
}
