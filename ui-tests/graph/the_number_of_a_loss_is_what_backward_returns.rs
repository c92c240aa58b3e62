// PyTorch: works, and is in each of its training loops.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(1e-3);
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    for step in 0..10 {
        let loss = net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels);
        loss.backward();
        adam.step(&mut net);
        println!("step {step}: {}", loss.item());
    }
}
