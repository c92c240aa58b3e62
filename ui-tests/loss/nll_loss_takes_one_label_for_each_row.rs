// PyTorch: "Expected input batch_size (32) to match target batch_size (16)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<32, 10>>::ones().log_softmax::<-1>();
    let labels = Tensor::<Rank1<16>, i64>::zeros();
    let _ = x.nll_loss(&labels);
}
