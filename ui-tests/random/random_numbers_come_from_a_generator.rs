// PyTorch draws from a global generator, whose state depends on all that was drawn before.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank1<5>>::randn();
}
