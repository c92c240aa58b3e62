// PyTorch's `requires_grad_` makes a parameter of a tensor; here a `Param` is another type.

use typegrad::prelude::*;

fn main() {
    let w = Tensor::<Rank1<4>>::ones().requires_grad_(true);
    w.sum().backward();
}
