// A query is compared with a key by their product, so they have one length; PyTorch raises a RuntimeError.
use typegrad::prelude::*;

fn main() {
    let q = Tensor::<Rank3<2, 3, 4>>::ones();
    let k = Tensor::<Rank3<2, 5, 6>>::ones();
    let y = q.scaled_dot_product_attention(&k, &k, Mask::none());
    println!("{y}");
}
