// PyTorch: "expects input to have at least 3 dimensions", while the program runs.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<8, 16>>::ones().pixel_shuffle::<2>();
}
