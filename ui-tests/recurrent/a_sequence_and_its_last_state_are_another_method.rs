// PyTorch's `y, h = gru(x)` is always a pair; here the last state is given where a first one is.
use typegrad::prelude::*;

fn main() {
    let gru = Gru::<3, 5>::new(&mut Rng::seed(0));
    let (y, _h) = gru.infer(Tensor::<Rank3<4, 7, 3>>::ones());
    println!("{y}");
}
