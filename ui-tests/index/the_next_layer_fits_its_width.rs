// The layer that follows an embedding takes vectors of its width. PyTorch finds out when it runs.
use typegrad::prelude::*;

fn main() {
    let net = <(Embedding<10, 4>, Linear<5, 2>)>::new(&mut Rng::seed(0));
    net.infer(Tensor::from([1, 2]));
}
