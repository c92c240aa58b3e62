// PyTorch: "Function SumBackward returned an invalid gradient at index 0 - got [] but expected shape compatible with [3]".
use typegrad::graph::Pullback;
use typegrad::prelude::*;

struct SumBackward;

impl Pullback<(), (), f32> for SumBackward {
    fn pull(self, grad: Tensor<()>) -> Tensor<()> {
        grad
    }
}

fn main() {
    let w = Param::new(Tensor::<Rank1<3>>::ones());
    let _ = w.track().apply(|x| (x.sum(), SumBackward));
}
