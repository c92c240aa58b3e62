// Both inputs fit a module that has two. PyTorch reports it while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Field {
    out: Linear<2, 2>,
}

impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 1>> for Field {
    type Output = Rank2<B, 2>;
    fn forward2<M: Mode>(&self, x: Shared<Rank2<B, 2>, M>, _: Shared<Rank2<B, 1>, M>) -> impl Traced<Rank2<B, 2>, M> {
        self.out.call(x)
    }
}

fn main() {
    let field = Field::new(&mut Rng::seed(0));
    let _ = field.infer2(Tensor::<Rank2<8, 2>>::ones(), Tensor::<Rank1<8>>::ones());
}
