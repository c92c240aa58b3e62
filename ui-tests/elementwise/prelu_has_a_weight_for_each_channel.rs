// PyTorch: "Mismatch of parameter numbers and input channel size", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<4, 5>>::ones().prelu(Tensor::from([0.25, 0.5]));
}
