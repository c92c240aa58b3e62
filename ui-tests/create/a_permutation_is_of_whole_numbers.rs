// PyTorch: a permutation of floats, which index_select then does not take.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank1<5>>::randperm(&mut Rng::seed(0));
}
