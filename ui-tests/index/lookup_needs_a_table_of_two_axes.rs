// PyTorch: "'weight' must be 2-D", while the program runs.
use typegrad::prelude::*;

fn main() {
    let table = Tensor::<Rank3<10, 4, 4>>::ones();
    let _ = table.lookup(&Tensor::from([1, 2]));
}
