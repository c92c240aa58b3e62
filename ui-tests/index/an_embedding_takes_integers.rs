// Indices are `i64`. PyTorch raises when it runs: "Expected tensor for argument #1 'indices' to have one of the following
// scalar types: Long, Int; but got torch.FloatTensor".
use typegrad::prelude::*;

fn main() {
    let embed = Embedding::<10, 4>::new(&mut Rng::seed(0));
    embed.infer(Tensor::<Rank1<3>>::ones());
}
