// PyTorch: "number of dimensions in the tensor input does not match the length of the desired ordering".
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank3<2, 3, 4>>::ones();
    let _ = x.permute::<Axes2<1, 0>>();
}
