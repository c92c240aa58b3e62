// PyTorch: "select(): argument 'index' (position 2) must be int, not float", while the program runs.

use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 4>>::ones();
    println!("{}", x.select::<0>(1.0));
}
