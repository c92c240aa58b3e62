// PyTorch: "a leaf Variable that requires grad is being used in an in-place operation", while the program runs.
use typegrad::prelude::*;

fn main() {
    let w = Param::new(Tensor::<Rank1<3>>::ones());
    let mut x = w.track();
    x += 1.0;
    x.sum().backward();
}
