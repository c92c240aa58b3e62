// PyTorch: torch.stack([x, y]) stacks along a new axis 0.
use typegrad::prelude::*;

fn main() {
    let (x, y) = (Tensor::<Rank1<4>>::zeros(), Tensor::<Rank1<4>>::ones());
    println!("{}", [x, y].stack());
}
