// A network that gives one number for a batch has counted the padding. PyTorch's last batch is smaller.
use typegrad::data::Dataset;
use typegrad::prelude::*;

#[derive(Module)]
struct Energy {
    fc: Linear<2, 1>,
}

impl<const B: usize> Forward<Rank2<B, 2>> for Energy {
    type Output = Rank0;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Rank0, M> {
        self.fc.call(x).mean()
    }
}

fn main() {
    let net = Energy::new(&mut Rng::seed(0));
    let batch = vec![[1.0_f32, 2.0]; 5].batches::<4>().in_order().next().unwrap();
    let _ = net.infer(batch.data);
}
