// PyTorch: `enumerate(x)` is over the rows.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    for (i, row) in x.iter().enumerate() {
        println!("{i} {row}");
    }
}
