// PyTorch loads a file into whatever has a method of that name.
use typegrad::prelude::*;

fn main() {
    let mut weight = Tensor::<Rank2<3, 4>>::zeros();
    typegrad::io::load("net", &mut weight).unwrap();
}
