// PyTorch's `gru(x)[1]` runs anywhere, in whatever mode the layer was left in.
use typegrad::prelude::*;

fn main() {
    let gru = Gru::<3, 5>::new(&mut Rng::seed(0));
    let state = gru.call_last(Tensor::<Rank3<4, 7, 3>>::ones());
    state.mean().backward();
}
