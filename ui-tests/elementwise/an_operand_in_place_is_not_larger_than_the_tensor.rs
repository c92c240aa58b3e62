// PyTorch: output with shape [4] doesn't match the broadcast shape [2, 4].
use typegrad::prelude::*;

fn main() {
    let mut total = Tensor::<Rank1<4>>::zeros();
    total += Tensor::<Rank2<2, 4>>::ones();
    println!("{total}");
}
