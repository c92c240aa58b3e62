// PyTorch converts the elements of `torch.tensor` to a type that it chooses.
use typegrad::prelude::*;

fn main() {
    println!("{}", Tensor::<Rank1<3>>::from_fn(|i| i));
}
