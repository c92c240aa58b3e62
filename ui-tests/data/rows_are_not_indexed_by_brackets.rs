// Works in PyTorch: `answer[0]` is a tensor of the first row.
use typegrad::prelude::*;

fn main() {
    let rows = typegrad::data::TensorRows::from(Tensor::<Rank2<20, 8>>::ones());
    let first = rows[0];
    println!("{first:?}");
}
