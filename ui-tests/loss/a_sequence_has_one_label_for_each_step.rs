// PyTorch: "Expected target size [4, 65], got [4, 16]", while the program runs: it takes axis 1 for the classes.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank3<4, 16, 65>>::ones();
    let labels = Tensor::<Rank2<4, 15>, i64>::zeros();
    let _ = scores.cross_entropy_axis::<-1, _>(&labels);
}
