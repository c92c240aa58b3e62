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

/// A width that follows from the convolution before it.
mod a_checked_network_of_two_inputs_fits {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(inputs = (Rank4<32, 1, 8, 8>, Rank2<32, 3>))]
    struct Pair {
        conv: Conv2d<1, 4, 3>,
        image: Linear<144, 8>,
        text: Linear<3, 8>,
    }

    impl<const B: usize> Forward2<Rank4<B, 1, 8, 8>, Rank2<B, 3>> for Pair {
        type Output = Rank2<B, 8>;
        fn forward2<M: Mode>(
            &self,
            x: Shared<Rank4<B, 1, 8, 8>, M>,
            y: Shared<Rank2<B, 3>, M>,
        ) -> impl Traced<Self::Output, M> {
            let x = self.conv.call(x).flatten_axes::<1, -1>();
            self.image.call(x) + self.text.call(y)
        }
    }
}

/// Both shapes in order, twice, and a layer that is left out by intent.
mod a_checked_second_input_is_not_cut_off {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(inputs = (Rank2<32, 2>, Rank2<32, 3>), loss = CrossEntropyLoss, inputs = (Rank2<1, 2>, Rank2<1, 3>))]
    struct Pair {
        image: Linear<2, 8>,
        text: Linear<3, 8>,
        #[module(unused)]
        other: Linear<8, 8>,
    }

    impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 3>> for Pair {
        type Output = Rank2<B, 8>;
        fn forward2<M: Mode>(
            &self,
            x: Shared<Rank2<B, 2>, M>,
            y: Shared<Rank2<B, 3>, M>,
        ) -> impl Traced<Self::Output, M> {
            self.image.call(x) + self.text.call(y)
        }
    }
}

/// Indices of both, and each of the forms of the macro.
mod a_checked_layer_for_two_inputs_is_used {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(inputs = (Rank1<32>, Rank1<32>))]
    struct Ratings {
        users: Embedding<50, 8>,
        items: Embedding<80, 8>,
        bias: Embedding<80, 1>,
    }

    impl<const B: usize> Forward2<Rank1<B>, Rank1<B>, f32, i64, i64> for Ratings {
        type Output = Rank1<B>;
        fn forward2<M: Mode>(
            &self,
            user: Shared<Rank1<B>, M, i64>,
            item: Shared<Rank1<B>, M, i64>,
        ) -> impl Traced<Self::Output, M> {
            let bias = self.bias.call(item.clone()).squeeze::<-1>();
            (self.users.call(user) * self.items.call(item)).sum_axis::<-1>() + bias
        }
    }

    typegrad::check!(Ratings, inputs = (Rank1<8>, Rank1<8>));
    typegrad::check!(Ratings, inputs = (Rank1<8>, Rank1<8>), f32, i64, i64);
    typegrad::check!(Ratings, inputs = (Rank1<8>, Rank1<8>), loss = BceWithLogitsLoss);
    typegrad::check!(TransformerDecoderLayer<8, 2, 16, f64>, inputs = (Rank3<4, 5, 8>, Rank3<4, 7, 8>), f64);
    typegrad::check!(MultiheadAttention<8, 2>, inputs = (Rank3<4, 5, 8>, Rank3<4, 7, 8>),);
    typegrad::check!(Linear<8, 2, f64>, Rank2<4, 8>, f64);
}
