// A check compares the width of what `call_last` takes. PyTorch: input.size(-1) must be equal to input_size. Expected 10, got 12.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank3<2, 5, 6>)]
struct Net {
    gru: Gru<10, 4>,
}

impl<const B: usize> Forward<Rank3<B, 5, 6>> for Net {
    type Output = Rank3<1, B, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 6>, M>) -> impl Traced<Self::Output, M> {
        self.gru.call_last((x.clone(), x).cat::<2>())
    }
}

fn main() {}
