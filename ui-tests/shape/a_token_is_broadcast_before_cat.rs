// PyTorch's `expand(B, 1, D)` names the sizes, and an `expand()` takes those of another operand.
use typegrad::prelude::*;

fn main() {
    let token = Param::new(Tensor::<Rank3<1, 1, 4>>::ones());
    let patches = Tensor::<Rank3<8, 9, 4>>::ones();
    let _ = (token.expand(), patches).cat::<1>();
}
