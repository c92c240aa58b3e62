// PyTorch's `torch.equal` takes parameters, too.
use typegrad::prelude::*;

fn main() {
    let weight = Param::new(Tensor::<Rank1<3>>::ones());
    assert_eq!(weight, Tensor::<Rank1<3>>::ones());
}
