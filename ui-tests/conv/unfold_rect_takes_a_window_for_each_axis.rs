// PyTorch: "It is expected kernel_size equals to 2", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank4<2, 3, 8, 9>>::ones().unfold_rect::<Window<1>, Rank2<7, 3>>();
}
