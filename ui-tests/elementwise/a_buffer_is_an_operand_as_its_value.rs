// PyTorch's buffers are tensors.
use typegrad::prelude::*;

fn main() {
    let mean = Buffer::new(Tensor::<Rank1<8>>::ones());
    let x = Tensor::<Rank2<4, 8>>::ones();
    println!("{}", x - &mean);
}
