// PyTorch's `torch.equal` compares integers with floats.
use typegrad::prelude::*;

fn main() {
    let predicted = Tensor::<Rank2<2, 3>>::ones().argmax_axis::<-1>();
    assert_eq!(predicted, Tensor::<Rank1<2>>::zeros());
}
