// PyTorch: "the calculated shape of the array of sliding blocks is .., but its components must be at least one".
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<8, 3, 2, 2>)]
struct Net {
    fc: Linear<1, 4>,
}

impl<const B: usize> Forward<Rank4<B, 3, 2, 2>> for Net {
    type Output = Rank3<B, 27, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 2, 2>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x.unfold::<3, 1, 0, 1>().with_shape::<Rank3<B, 27, 1>>())
    }
}

fn main() {}
