// A cell of f32 and data of f64. PyTorch: "mat1 and mat2 must have the same dtype", when it runs.
use typegrad::prelude::*;

fn main() {
    let cell = LstmCell::<3, 4>::new(&mut Rng::seed(0));
    let _ = cell.infer_step(Tensor::<Rank2<1, 3>, f64>::ones(), Tensor::zeros());
}
