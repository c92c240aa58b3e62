// PyTorch's `torch.equal` takes parameters, too.
use typegrad::prelude::*;

fn main() {
    let weight = Param::new(Tensor::<Rank1<3>>::ones());
    let other = weight.clone();
    if weight == other {
        println!("equal");
    }
}
