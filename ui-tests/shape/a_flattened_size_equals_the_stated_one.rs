// PyTorch: "mat1 and mat2 shapes cannot be multiplied (8x60 and 64x10)", a layer later, while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank4<8, 3, 4, 5>>::ones();
    let _: Tensor<Rank2<8, 64>> = x.flatten_axes::<1, -1>().with_shape();
}
