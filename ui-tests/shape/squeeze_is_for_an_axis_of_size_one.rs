// PyTorch's squeeze keeps an axis of another size, and the mistake shows up later.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let _ = x.squeeze::<1>();
}
