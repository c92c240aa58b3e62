// PyTorch: "element 0 of tensors does not require grad", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Param::new(Tensor::<Rank1<5>>::ones());
    (x.track().detach() * 2.0).sum().backward();
}
