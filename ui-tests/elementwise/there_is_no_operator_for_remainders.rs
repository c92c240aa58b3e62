// PyTorch: -5 % 3 is 1, as in Python; in Rust it is -2. The methods `remainder` and `fmod` say which.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<3>>::ones();
    let _ = x % 3.0;
}
