// One value has no variance. PyTorch raises when it runs: "Expected more than 1 value per channel when training".
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let norm = BatchNorm1d::<3>::new(&mut Rng::seed(0));
    let _ = norm.infer(Tensor::<Rank2<1, 3>>::ones()); // evaluation needs no variance
    norm.train(Tensor::<Rank2<1, 3>>::ones()).sum().backward();
}
