// The images of a batch have 64 pixels and the network takes 784. PyTorch finds it when the first batch is multiplied.
use typegrad::data::{Batch, Dataset, TensorDataset};
use typegrad::prelude::*;

fn main() {
    let images = Tensor::<Rank2<100, 64>>::zeros();
    let labels = Tensor::<Rank1<100>, i64>::zeros();
    let train = TensorDataset::new(images, labels).batches::<32>();
    let net = Linear::<784, 10>::new(&mut Rng::seed(0));
    for Batch { data: (images, labels), .. } in train.epoch(&mut Rng::seed(0)) {
        net.train(images).cross_entropy(&labels).backward();
    }
}
