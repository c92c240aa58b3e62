// A check compares the width of what a step of a cell takes. PyTorch: input has inconsistent input_size: got 12 expected 10.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<2, 6>)]
struct Net {
    cell: GruCell<10, 4>,
}

impl<const B: usize> Forward<Rank2<B, 6>> for Net {
    type Output = Rank2<B, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 6>, M>) -> impl Traced<Self::Output, M> {
        self.cell.step((x.clone(), x).cat::<1>(), Tensor::zeros())
    }
}

fn main() {}
