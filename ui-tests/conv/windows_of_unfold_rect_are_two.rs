// PyTorch: "It is expected kernel_size equals to 2", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank4<2, 3, 8, 9>>::ones().unfold_rect::<Rank2<1, 7>, Rank2<0, 3>>();
}
