// PyTorch has `enumerate(buffer)`, which yields the rows.
use typegrad::prelude::*;

fn main() {
    let table = Buffer::new(Tensor::<Rank2<2, 3>>::ones());
    for (i, row) in table.enumerate() {
        println!("{i} {row}");
    }
}
