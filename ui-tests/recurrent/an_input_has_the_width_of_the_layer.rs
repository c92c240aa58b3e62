// The last axis of the input is the width of the layer. PyTorch: RuntimeError: input.size(-1) must be equal to input_size.
use typegrad::prelude::*;

fn main() {
    let lstm = Lstm::<64, 128>::new(&mut Rng::seed(0));
    let _ = lstm.infer(Tensor::<Rank3<32, 50, 63>>::zeros());
}
