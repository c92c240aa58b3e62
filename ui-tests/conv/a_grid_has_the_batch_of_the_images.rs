// PyTorch: "grid_sampler(): expected grid and input to have same batch size", while the program runs.
use typegrad::prelude::*;

fn main() {
    let (x, grid) = (Tensor::<Rank4<4, 3, 8, 8>>::ones(), Tensor::<Rank4<2, 5, 5, 2>>::zeros());
    let _ = x.grid_sample(grid);
}
