// PyTorch: "expected sequence of length 3 at dim 1 (got 2)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<2, 3>>::from([[1.0, 2.0, 3.0], [4.0, 5.0]]);
}
