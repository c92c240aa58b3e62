// PyTorch keeps the graphs of the whole epoch alive, until the memory is full.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(1e-3);
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    let mut total = 0.0;
    for _ in 0..10 {
        net.zero_grad();
        let loss = net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels);
        total += loss;
        adam.step(&mut net);
    }
    println!("{total}");
}
