// Sizes that a window computes are expressions; a module that names its sizes takes them as literals.
use typegrad::prelude::*;

#[derive(Module)]
struct Block<const C: usize>(InstanceNorm2d<C>);

impl<const B: usize, const C: usize, const H: usize, const W: usize> Forward<Rank4<B, C, H, W>> for Block<C> {
    type Output = Rank4<B, C, H, W>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, C, H, W>, M>) -> impl Traced<Self::Output, M> {
        self.0.call(x).relu()
    }
}

#[derive(Module)]
struct Net {
    pool: MaxPool2d<2>,
    block: Block<3>,
}

impl<const B: usize> Forward<Rank4<B, 3, 8, 8>> for Net {
    type Output = Rank4<B, 3, 4, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 8, 8>, M>) -> impl Traced<Self::Output, M> {
        let x = self.pool.call(x);
        self.block.call(x)
    }
}

fn main() {
    Net::new(&mut Rng::seed(0)).infer(Tensor::<Rank4<2, 3, 8, 8>>::ones());
}
