// Which rows of these targets are real? In PyTorch the last batch is smaller, and this fails at the end of the epoch.
use typegrad::data::Dataset;
use typegrad::prelude::*;

fn main() {
    let loader = vec![[1.0_f32, 2.0]; 5].batches::<4>();
    let net = Linear::<2, 1>::new(&mut Rng::seed(0));
    for batch in loader.in_order() {
        let loss = net.infer(batch.data).mse_loss(Tensor::<Rank2<4, 1>>::ones());
        println!("{loss}");
    }
}
