// PyTorch: "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0".
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank3<2, 4, 5>>::ones();
    let b = Param::new(Tensor::<Rank3<3, 5, 6>>::ones());
    let _ = a.matmul(&b).sum();
}
