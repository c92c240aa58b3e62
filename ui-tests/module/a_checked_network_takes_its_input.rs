use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<32, 17>, loss = CrossEntropyLoss)]
struct Net {
    fc: Linear<16, 4>,
}

impl<const B: usize> Forward<Rank2<B, 16>> for Net {
    type Output = Rank2<B, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 16>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x)
    }
}

fn main() {}
