// Keys have the width kdim, values the width vdim; PyTorch raises "mat1 and mat2 shapes cannot be multiplied".
use typegrad::prelude::*;

fn main() {
    let attn = MultiheadCrossAttention::<8, 2, 12>::new(&mut Rng::seed(0));
    let (x, image) = (Tensor::<Rank3<4, 5, 8>>::zeros(), Tensor::<Rank3<4, 9, 10>>::zeros());
    attn.infer2(x, image);
}
