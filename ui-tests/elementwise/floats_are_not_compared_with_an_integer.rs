// PyTorch compares with numbers of any type; `if x > 0` of many elements is an error while the program runs.
use typegrad::prelude::*;

fn main() {
    let loss = Tensor::<Rank1<3>>::ones().mean();
    if loss > 0 {
        println!("{loss}");
    }
}
