// PyTorch: silent, and the pixels are scattered over the channels.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let channels_last = Tensor::<Rank4<8, 28, 28, 3>>::ones();
    let images = channels_last.reshape::<Rank4<8, 3, 28, 28>>();
    println!("{images}");
}
