// PyTorch's loop takes whatever shape the state has.
use typegrad::prelude::*;

fn main() {
    let xs = Tensor::<Rank3<5, 8, 4>>::ones();
    let states = xs.scan(Tensor::<Rank2<8, 4>>::zeros(), |_, x| x.matmul(Tensor::<Rank2<4, 3>>::ones()));
    println!("{states}");
}
