// rustc follows types 128 deep: see docs/limits.md. PyTorch nests until Python's limit of 1,000 calls.
// Found when the program is built.
use typegrad::prelude::*;

macro_rules! nest {
    ($inner:ident) => {};
    ($inner:ident $outer:ident $($rest:ident)*) => {
        #[derive(Module)]
        struct $outer($inner);
        impl Forward<Rank1<2>> for $outer {
            type Output = Rank1<2>;
            fn forward<M: Mode>(&self, x: Input<Rank1<2>, M>) -> impl Traced<Rank1<2>, M> {
                self.0.call(x)
            }
        }
        nest!($outer $($rest)*);
    };
}
nest!(Relu A B C D E F G H I J K L M1 N O P Q R S T U V W X Y Z A1 B1 C1 D1 E1 F1 G1 H1 I1 J1 K1 L1 M2 N1);

fn main() {
    let _ = N1::new(&mut Rng::seed(0)).train(Tensor::<Rank1<2>>::ones());
}
