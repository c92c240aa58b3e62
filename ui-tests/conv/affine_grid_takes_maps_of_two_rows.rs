// PyTorch: "Expected a batch of 2D affine matrices of shape Nx2x3 for size .. Got [8, 3, 3]", while the program runs.
use typegrad::prelude::*;

fn main() {
    let theta = Tensor::<Rank3<8, 3, 3>>::ones();
    println!("{}", theta.affine_grid::<4, 4>(false));
}
