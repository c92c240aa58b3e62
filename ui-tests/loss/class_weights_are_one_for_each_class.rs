// PyTorch: "weight tensor should be defined either for all 10 classes or no classes", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<32, 10>>::ones();
    let labels = Tensor::<Rank1<32>, i64>::zeros();
    let criterion = CrossEntropyLoss::new().weight(Tensor::<Rank1<3>>::ones());
    let _ = criterion.mean(scores, &labels);
}
