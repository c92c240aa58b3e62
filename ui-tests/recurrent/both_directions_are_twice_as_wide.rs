// A bidirectional layer returns twice its units. PyTorch: RuntimeError: mat1 and mat2 shapes cannot be multiplied.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let rng = &mut Rng::seed(0);
    let net = <(Lstm<3, 5, 1, true>, Linear<5, 2>)>::new(rng);
    let _ = net.infer(Tensor::<Rank3<4, 7, 3>>::zeros());
}
