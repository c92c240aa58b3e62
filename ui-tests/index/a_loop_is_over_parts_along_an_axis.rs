// PyTorch: the rows along the first axis.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    for row in &x {
        println!("{row}");
    }
}
