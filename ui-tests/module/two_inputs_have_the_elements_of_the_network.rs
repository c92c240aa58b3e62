// Data of f64, NumPy's default, into a network of two inputs. PyTorch: "mat1 and mat2 must have the same dtype", when it runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Pair {
    image: Linear<4, 2>,
    text: Linear<3, 2>,
}

impl<const B: usize> Forward2<Rank2<B, 4>, Rank2<B, 3>> for Pair {
    type Output = Rank2<B, 2>;
    fn forward2<M: Mode>(
        &self,
        image: Shared<Rank2<B, 4>, M>,
        text: Shared<Rank2<B, 3>, M>,
    ) -> impl Traced<Self::Output, M> {
        self.image.call(image) + self.text.call(text)
    }
}

fn main() {
    let net = Pair::new(&mut Rng::seed(0));
    let (image, text) = (Tensor::<Rank2<5, 4>>::ones(), Tensor::<Rank2<5, 3>, f64>::ones());
    net.train2(image, text).cross_entropy(&Tensor::from([0, 1, 0, 1, 0])).backward();
}
