// PyTorch's `gather(1, indices)` has no types to name.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 4>>::ones();
    println!("{}", x.gather::<1>(&Tensor::<Rank2<2, 1>, i64>::zeros()));
}
