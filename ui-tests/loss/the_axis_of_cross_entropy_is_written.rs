// PyTorch: F.cross_entropy takes axis 1 for the classes.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank3<4, 10, 5>>::zeros();
    let labels = Tensor::<Rank2<4, 10>, i64>::zeros();
    let loss = scores.cross_entropy_axis(&labels);
    println!("{}", loss.item());
}
