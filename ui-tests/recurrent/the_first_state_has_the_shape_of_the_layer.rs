// A first state has a part for each layer. PyTorch: RuntimeError: Expected hidden[0] size (1, 4, 5), got [2, 4, 5].
use typegrad::prelude::*;

fn main() {
    let gru = Gru::<3, 5>::new(&mut Rng::seed(0));
    let _ = gru.infer_from(Tensor::<Rank3<4, 7, 3>>::zeros(), Tensor::<Rank3<2, 4, 5>>::zeros());
}
