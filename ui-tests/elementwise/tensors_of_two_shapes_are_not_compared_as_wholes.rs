// PyTorch's `torch.equal` is False.
use typegrad::prelude::*;

fn main() {
    println!("{}", Tensor::<Rank1<3>>::ones() == Tensor::<Rank1<4>>::ones());
}
