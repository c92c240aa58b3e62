// PyTorch: "input_lengths must be of size batch_size", or another, while the program runs.
use typegrad::prelude::*;

fn main() {
    let log_probs = Tensor::<Rank3<9, 4, 5>>::zeros();
    let targets = Tensor::from([[1, 2], [3, 1], [2, 4]]);
    let _ = CtcLoss::new().mean(log_probs, &targets, &[9; 4], &[2; 4]);
}
