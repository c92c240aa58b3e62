// PyTorch: `self.gain * x`.
use typegrad::prelude::*;

#[derive(Module)]
struct Scale {
    #[module(init = Tensor::ones().into())]
    gain: Param<Rank1<8>>,
}

impl<const B: usize> Forward<Rank2<B, 8>> for Scale {
    type Output = Rank2<B, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
        self.gain * x
    }
}

fn main() {}
