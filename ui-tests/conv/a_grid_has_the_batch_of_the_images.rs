// PyTorch: "grid_sampler(): expected grid and input to have same batch size", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank4<4, 3, 8, 8>>::ones();
    let theta = Tensor::<Rank3<2, 2, 3>>::ones();
    let _ = x.grid_sample(theta.affine_grid::<5, 5>(false));
}
