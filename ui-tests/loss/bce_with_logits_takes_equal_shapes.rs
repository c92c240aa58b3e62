// PyTorch: "Target size (torch.Size([32])) must be the same as input size (torch.Size([32, 1]))", while it runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<32, 1>>::ones();
    let target = Tensor::<Rank1<32>>::zeros();
    let _ = scores.binary_cross_entropy_with_logits(target);
}
