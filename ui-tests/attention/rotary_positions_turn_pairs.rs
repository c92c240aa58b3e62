// torchtune: a RuntimeError of a reshape, while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<4, 5>>::ones().rotary_embedding(0, 10000.0);
}
