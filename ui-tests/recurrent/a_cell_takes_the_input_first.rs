// PyTorch raises when it runs: "input has inconsistent input_size: got 8, expected 4".
use typegrad::prelude::*;

fn main() {
    let cell = GruCell::<4, 8>::new(&mut Rng::seed(0));
    cell.infer_step(Tensor::<Rank2<2, 8>>::zeros(), Tensor::<Rank2<2, 4>>::ones());
}
