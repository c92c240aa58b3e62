// PyTorch: "The size of tensor a (3) must match the size of tensor b (4)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let predicted = Tensor::<Rank1<3>, i64>::arange();
    let labels = Tensor::<Rank1<4>, i64>::arange();
    let _ = predicted.eq(labels);
}
