// PyTorch, in the second batch: "Trying to backward through the graph a second time".
use typegrad::prelude::*;

fn main() {
    let rng = &mut Rng::seed(0);
    let cell = <(Linear<12, 8>, Tanh)>::new(rng);
    let mut h = Tensor::<Rank2<3, 8>>::zeros();
    for _ in 0..4 {
        h = cell.train((Tensor::<Rank2<3, 4>>::randn(rng), h).cat::<1>());
    }
    println!("{h}");
}
