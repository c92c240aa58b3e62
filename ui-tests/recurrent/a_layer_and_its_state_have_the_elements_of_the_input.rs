// A layer of f32 that continues on f64. PyTorch: "expected scalar type Float but found Double", when it runs.
use typegrad::prelude::*;

fn main() {
    let gru = Gru::<3, 4>::new(&mut Rng::seed(0));
    let _ = gru.infer_from(Tensor::<Rank3<2, 5, 3>, f64>::ones(), Tensor::zeros());
}
