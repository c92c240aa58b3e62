// The corrected twins of laws of modules with two inputs, and of networks in a row.
#![allow(dead_code, unused)]

use typegrad::prelude::*;

#[derive(Module)]
struct Pair {
    image: Linear<2, 8>,
    text: Linear<3, 8>,
}

impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 3>> for Pair {
    type Output = Rank2<B, 8>;
    fn forward2<M: Mode>(
        &self,
        image: Shared<Rank2<B, 2>, M>,
        text: Shared<Rank2<B, 3>, M>,
    ) -> impl Traced<Self::Output, M> {
        self.image.call(image) + self.text.call(text)
    }
}

/// An input of each width.
mod two_inputs_fit_where_they_are_called {
    use super::Pair;
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        pair: Pair,
        head: Linear<8, 1>,
    }

    impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 3>> for Net {
        type Output = Rank2<B, 1>;
        fn forward2<M: Mode>(
            &self,
            x: Shared<Rank2<B, 2>, M>,
            y: Shared<Rank2<B, 3>, M>,
        ) -> impl Traced<Self::Output, M> {
            let hidden = self.pair.call2(x, y);
            self.head.call(hidden)
        }
    }
}

/// The width of the layer.
mod a_memory_has_the_width_of_the_layer {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        attn: MultiheadAttention<8, 2>,
    }

    impl<const B: usize> Forward2<Rank3<B, 5, 8>, Rank3<B, 7, 8>> for Net {
        type Output = Rank3<B, 5, 8>;
        fn forward2<M: Mode>(
            &self,
            x: Shared<Rank3<B, 5, 8>, M>,
            memory: Shared<Rank3<B, 7, 8>, M>,
        ) -> impl Traced<Self::Output, M> {
            let seen = self.attn.call2(x, memory);
            seen.relu()
        }
    }
}

fn main() {
    let rng = &mut Rng::seed(0);
    let net = Pair::new(rng);
    let (x, y) = (Tensor::<Rank2<4, 2>>::ones(), Tensor::<Rank2<4, 3>>::ones());
    net.train2(x.clone(), y.clone()).powi(2).mean().backward();
    // An input may have a graph, and be a part of a batch of a loader.
    let encoder = Linear::<2, 3>::new(rng);
    net.train2(x.clone(), encoder.train(x.clone())).powi(2).mean().backward();
    net.eval2(PaddedBatch::new(x.clone(), 3), PaddedBatch::new(y.clone(), 3)).mean().backward();
    assert_eq!(net.infer2(x.clone(), y.clone()), net.sample2(x.clone(), y));
    let decoder = Linear::<3, 2>::new(rng);
    decoder.train(encoder.train(x.clone())).mse_loss(&x).backward();
}
