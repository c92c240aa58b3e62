// PyTorch: "Non-empty 4D data tensor expected", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank4<8, 3, 0, 4>>::ones().interpolate::<2, 2, NearestMode>();
}
