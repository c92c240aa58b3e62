// PyTorch: "Expected target size [8, 65], got [8, 16]", while the program runs.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank3<8, 16, 65>>::zeros();
    let next = Tensor::<Rank2<8, 16>, i64>::full(2);
    let loss = CrossEntropyLoss::new().ignore_index(0);
    println!("{}", loss.mean(scores, &next));
}
