// rustc follows a chain of types 128 deep. PyTorch nests until Python's own limit of 1,000 calls.
// Found when the program is built.
use typegrad::prelude::*;

#[derive(Module)]
struct Wrap<L>(L);

impl<S: Shape, L: Forward<S, Output = S>> Forward<S> for Wrap<L> {
    type Output = S;
    fn forward<M: Mode>(&self, x: Input<S, M>) -> impl Traced<S, M> {
        self.0.call(x)
    }
}

type Four<L> = Wrap<Wrap<Wrap<Wrap<L>>>>;

fn main() {
    let deep: Four<Four<Four<Four<Four<Four<Linear<2, 2>>>>>>> = Init::new(&mut Rng::seed(0));
    deep.train(Tensor::<Rank2<3, 2>>::ones()).sum().backward();
}
