// PyTorch: "The size of tensor a (4) must match the size of tensor b (3)", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let (x, w) = (Tensor::<Rank4<1, 2, 3, 3>>::ones(), Tensor::<Rank4<2, 4, 2, 2>>::ones());
    let y = x.conv_transpose2d::<ConvTranspose, _>(w);
    let _ = y.add_channels(Tensor::<Rank1<3>>::ones());
}
