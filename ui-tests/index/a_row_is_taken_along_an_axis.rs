// PyTorch has `enumerate(x)`, which yields the rows.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    for (i, row) in x.enumerate() {
        println!("{i} {row}");
    }
}
