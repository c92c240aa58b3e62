// PyTorch: "Trying to backward through the graph a second time", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let loss = net.train(Tensor::<Rank2<32, 64>>::ones()).mean();
    let loss = loss.backward();
    println!("{}", loss.item());
    loss.backward();
}
