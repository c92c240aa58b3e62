// PyTorch: a mask of equal elements, whose mean is the accuracy.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<4, 3>>::ones();
    let labels = Tensor::from([0, 1, 0, 2]);
    println!("{}", (scores.argmax_axis::<-1>() == labels).float().mean());
}
