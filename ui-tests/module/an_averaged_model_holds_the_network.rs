// Works in PyTorch: `ema_model(x)`.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<8, 2>::new(&mut Rng::seed(0));
    let mut ema = typegrad::nn::AveragedModel::ema(&net, 0.99);
    ema.update(&net);
    println!("{}", ema.infer(Tensor::<Rank2<4, 8>>::ones()).mean());
}
