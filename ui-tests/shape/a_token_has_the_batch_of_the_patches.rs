// PyTorch: "Sizes of tensors must match except in dimension 1", when it runs.
use typegrad::prelude::*;

fn main() {
    let token = Param::new(Tensor::<Rank3<1, 1, 4>>::ones());
    let patches = Tensor::<Rank3<8, 9, 4>>::ones();
    let _ = (&token, patches).cat::<1>();
}
