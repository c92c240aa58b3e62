// A width that is computed is compared when the program is built; PyTorch raises "was expecting embedding dimension".
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let attn = MultiheadAttention::<8, 2>::new(&mut Rng::seed(0));
    let (a, b) = (Tensor::<Rank3<2, 5, 4>>::ones(), Tensor::<Rank3<2, 5, 3>>::ones());
    println!("{}", attn.infer((a, b).cat::<-1>()));
}
