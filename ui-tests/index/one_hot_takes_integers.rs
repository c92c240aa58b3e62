// PyTorch: "one_hot is only applicable to index tensor of type LongTensor", while the program runs.
use typegrad::prelude::*;

fn main() {
    let labels = Tensor::<Rank1<4>>::zeros();
    let _ = labels.one_hot::<10>();
}
