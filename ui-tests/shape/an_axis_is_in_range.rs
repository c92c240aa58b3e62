// PyTorch: "Dimension out of range (expected to be in range of [-2, 1], but got 2)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    println!("{}", x.flip::<2>());
}
