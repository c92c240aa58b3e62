// A network has a layer. PyTorch: ValueError: num_layers must be greater than zero.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = Lstm::<3, 5, 0>::new(&mut Rng::seed(0));
}
