// PyTorch: the rows along the first axis.
use typegrad::data::TensorRows;
use typegrad::prelude::*;

fn main() {
    let rows = TensorRows::from(Tensor::<Rank2<20, 8>>::ones());
    for row in &rows {
        println!("{row:?}");
    }
}
