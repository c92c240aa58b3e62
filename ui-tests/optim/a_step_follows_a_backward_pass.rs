// The loss is printed, and `backward` forgotten. PyTorch: silent, nothing is learned.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(1e-3);
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    for _ in 0..10 {
        net.zero_grad();
        let loss = net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels);
        println!("{}", loss.item());
        adam.step(&mut net);
    }
}
