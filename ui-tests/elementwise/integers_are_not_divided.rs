// PyTorch: a division of integers gives floats, unasked.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<3>, i64>::arange();
    let _ = x / 2;
}
