// PyTorch's buffers are tensors.
use typegrad::prelude::*;

fn main() {
    let mut mean = Buffer::new(Tensor::<Rank1<8>>::zeros());
    let x = Tensor::<Rank1<8>>::ones();
    mean = mean * 0.9 + x * 0.1;
    println!("{}", mean.value());
}
