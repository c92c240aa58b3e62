// A layer after a bidirectional one takes both halves. PyTorch: RuntimeError: input.size(-1) must be equal to input_size.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let rng = &mut Rng::seed(0);
    let net = <(Lstm<3, 5, 1, true>, Gru<5, 2>)>::new(rng);
    let _ = net.infer(Tensor::<Rank3<4, 7, 3>>::zeros());
}
