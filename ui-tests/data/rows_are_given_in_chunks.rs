// In PyTorch a batch has any size; here the size of a chunk is written.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<8, 2>::new(&mut Rng::seed(0));
    let rows = typegrad::data::TensorRows::from(Tensor::<Rank2<20, 8>>::ones());
    println!("{}", net.infer_rows(&rows).argmax().len());
}
