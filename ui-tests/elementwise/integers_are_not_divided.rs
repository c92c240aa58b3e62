// PyTorch: a division of integers gives floats, implicitly.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<3>, i64>::arange();
    let _ = x / 2;
}
