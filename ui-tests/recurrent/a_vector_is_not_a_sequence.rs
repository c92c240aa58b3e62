// A sequence has a time and a width. PyTorch: RuntimeError: GRU: Expected input to be 2D or 3D.
use typegrad::prelude::*;

fn main() {
    let gru = Gru::<64, 128>::new(&mut Rng::seed(0));
    let _ = gru.infer(Tensor::<Rank1<64>>::zeros());
}
