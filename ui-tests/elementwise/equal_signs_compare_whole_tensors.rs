// PyTorch: a mask of equal elements, and (predicted == labels).sum() is their number.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<4, 3>>::ones();
    let labels = Tensor::from([0, 1, 0, 2]);
    let correct = (scores.argmax_axis::<-1>() == labels).sum();
    println!("{correct}");
}
