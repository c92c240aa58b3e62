// PyTorch: "Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [3, 4]."
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank3<2, 3, 4>>::ones();
    let b = Tensor::<Rank3<3, 4, 5>>::ones();
    let _ = a.bmm(b);
}
