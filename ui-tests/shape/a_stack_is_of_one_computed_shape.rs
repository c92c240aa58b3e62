// PyTorch: "stack expects each tensor to be equal size, but got [2, 8, 9] at entry 0 and [2, 8, 7] at entry 1", while it runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let (a, b): (Conv1d<4, 8, 3, 1, 1>, Conv1d<4, 8, 5, 1, 1>) = Init::new(&mut Rng::seed(0));
    let x = Tensor::<Rank3<2, 4, 9>>::ones();
    let _ = (a.infer(x.clone()), b.infer(x)).stack::<0>();
}
