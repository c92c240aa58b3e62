// PyTorch: "Expected size for first two dimensions of batch2 tensor to be: [2, 9] but got: [2, 7].", while it runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let (a, b): (Conv1d<4, 8, 3, 1, 1>, Conv1d<4, 8, 5, 1, 1>) = Init::new(&mut Rng::seed(0));
    let x = Tensor::<Rank3<2, 4, 9>>::ones();
    let _ = a.infer(x.clone()).bmm(b.infer(x).transpose::<1, 2>());
}
