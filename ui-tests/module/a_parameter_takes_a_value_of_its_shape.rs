// `copy_` of PyTorch broadcasts a row into a matrix, silently.
use typegrad::prelude::*;

fn main() {
    let mut fc = Linear::<4, 3>::new(&mut Rng::seed(0));
    let row: Tensor<Rank1<4>> = Tensor::ones();
    fc.weight.set(row);
}
