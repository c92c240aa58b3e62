// PyTorch silently truncates the steps: tensor([0, 0, 1, 2, 3]) for five numbers from 0 to 3.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank1<5>, i64>::linspace(0, 3);
}
