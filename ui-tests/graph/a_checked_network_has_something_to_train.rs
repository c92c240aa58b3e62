// PyTorch: "element 0 of tensors does not require grad and does not have a grad_fn", while the program runs.
use typegrad::prelude::*;

type Net = (Frozen<Linear<64, 32>>, Relu, Frozen<Linear<32, 10>>);
typegrad::check!(Net, Rank2<32, 64>, loss = CrossEntropyLoss);

fn main() {
    let (net, labels) = (Net::new(&mut Rng::seed(0)), Tensor::<Rank1<32>, i64>::full(3));
    net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels).backward();
}
