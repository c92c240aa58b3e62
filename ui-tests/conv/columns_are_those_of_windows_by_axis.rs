// PyTorch: "Expected size of input's dimension 1 to be divisible by the product of kernel_size", while it runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank3<2, 8, 6>)]
struct Net {
    fc: Linear<4, 4>,
}

impl<const B: usize> Forward<Rank3<B, 8, 6>> for Net {
    type Output = Rank4<B, 2, 4, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 8, 6>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x.fold_rect::<4, 4, Window<1>, Window<3>>().with_shape::<Rank4<B, 2, 4, 4>>())
    }
}

fn main() {}
