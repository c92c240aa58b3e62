// A log_softmax over the batch is not the logarithm of the probabilities of classes. torch: silent.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<32, 64>, loss = NllLoss)]
struct Net {
    fc: Linear<64, 10>,
    out: LogSoftmax<0>,
}

impl<const B: usize> Forward<Rank2<B, 64>> for Net {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc.call(x);
        self.out.call(x)
    }
}

fn main() {}
