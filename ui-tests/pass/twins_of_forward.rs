// The corrected twins of laws of layers inside `forward`, and of what runs them.
#![allow(dead_code, unused)]

/// All layers are trained.
mod a_layer_after_a_value_has_no_mode {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        fc1: Linear<4, 8>,
        fc2: Linear<8, 2>,
    }

    impl<const B: usize> Forward<Rank2<B, 4>> for Net {
        type Output = Rank2<B, 2>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
            let h = self.fc1.call(x).relu();
            let ones = Tensor::<Rank2<B, 8>>::ones().within::<M>();
            self.fc2.call(h) + self.fc2.call(ones)
        }
    }
}

/// The layer that is missing, and the method.
fn a_convolution_is_flattened_before_a_linear() {
    use typegrad::prelude::*;

    let rng = &mut Rng::seed(0);
    let x = Tensor::<Rank4<2, 1, 28, 28>>::ones();
    let net = <(Conv2d<1, 4, 3>, Relu, Flatten, Linear<2704, 10>)>::new(rng);
    let y = net.3.infer(net.0.infer(x.clone()).relu().flatten_axes::<1, -1>());
    assert_eq!(net.infer(x), y);
}

/// A value, and a constructor.
fn a_skipped_number_has_a_value() {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        fc: Linear<4, 4>,
        #[module(skip, init = 0.5)]
        scale: f32,
    }

    #[derive(Module)]
    #[module(no_init)]
    struct Own {
        fc: Linear<4, 4>,
        #[module(skip)]
        scale: f32,
    }

    let rng = &mut Rng::seed(0);
    assert_eq!(Net::new(rng).scale, 0.5);
    let own = Own { fc: Linear::new(rng), scale: 2.0 };
}

/// Tokens.
mod an_embedding_in_forward_takes_integers {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        emb: Embedding<100, 8>,
        fc: Linear<8, 2>,
    }

    impl<const B: usize> Forward<Rank2<B, 5>, f32, i64> for Net {
        type Output = Rank3<B, 5, 2>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 5>, M, i64>) -> impl Traced<Self::Output, M> {
            self.fc.call(self.emb.call(x))
        }
    }
}

/// The layer before the array changes the size.
mod an_array_of_layers_keeps_the_shape {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        fc: Linear<4, 16>,
        blocks: [(Linear<16, 16>, Relu); 3],
    }

    impl<const B: usize> Forward<Rank2<B, 4>> for Net {
        type Output = Rank2<B, 16>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
            self.blocks.call(self.fc.call(x))
        }
    }
}

/// A skip with a layer of its own: both have the same size.
mod a_residual_keeps_the_shape {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        skip: Linear<4, 5>,
        block: (Linear<4, 5>, Relu),
    }

    impl<const B: usize> Forward<Rank2<B, 4>> for Net {
        type Output = Rank2<B, 5>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
            self.skip.call(x.clone()) + self.block.call(x)
        }
    }
}

/// The number that `backward` gives.
fn the_closure_of_lbfgs_returns_the_number() {
    use typegrad::prelude::*;

    let mut net = Linear::<4, 1>::new(&mut Rng::seed(0));
    let x = Tensor::<Rank2<3, 4>>::ones();
    Lbfgs::default().step(&mut net, |net| net.train(x.clone()).powi(2).mean().backward());
}

/// x and its memory.
mod a_decoder_layer_takes_two_inputs {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        layer: TransformerDecoderLayer<8, 2, 16>,
    }

    impl<const B: usize> Forward2<Rank3<B, 5, 8>, Rank3<B, 9, 8>> for Net {
        type Output = Rank3<B, 5, 8>;
        fn forward2<M: Mode>(
            &self,
            x: Shared<Rank3<B, 5, 8>, M>,
            memory: Shared<Rank3<B, 9, 8>, M>,
        ) -> impl Traced<Self::Output, M> {
            self.layer.call2(x, memory)
        }
    }
}

/// Layers that fit each other.
fn a_summary_is_of_layers_that_fit() {
    use typegrad::nn::Summary;
    use typegrad::prelude::*;

    let summary = Summary::<(Linear<4, 8>, Linear<8, 2>), Rank2<2, 4>>::new();
    assert!(summary.to_string().contains("Linear"));
}

/// The input, and then the state; h and c of an LSTM are one tensor.
fn a_cell_takes_the_input_first() {
    use typegrad::prelude::*;

    let rng = &mut Rng::seed(0);
    let (x, h) = (Tensor::<Rank2<2, 4>>::ones(), Tensor::<Rank2<2, 8>>::zeros());
    GruCell::<4, 8>::new(rng).infer_step(x.clone(), h.clone());
    LstmCell::<4, 8>::new(rng).infer_step(x, (h.clone(), h).stack::<0>());
}

/// Code that is generic over the network, the layer, or the elements, says what it computes.
mod generic_code_names_the_output {
    use typegrad::prelude::*;

    fn fit<N: Forward<Rank2<8, 4>, Output = Rank2<8, 1>>>(net: &mut N, x: Tensor<Rank2<8, 4>>, y: Tensor<Rank2<8, 1>>) {
        net.train(x).mse_loss(&y).backward();
        Adam::new(1e-3).step(net);
    }

    #[derive(Module)]
    struct Twice<L> {
        inner: L,
    }

    impl<const B: usize, L: Forward<Rank2<B, 8>, Output = Rank2<B, 8>>> Forward<Rank2<B, 8>> for Twice<L> {
        type Output = Rank2<B, 8>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
            self.inner.call(self.inner.call(x))
        }
    }

    #[derive(Module)]
    struct Net<E: Float = f32> {
        fc: Linear<2, 1, E>,
    }

    impl<const B: usize, E: Float> Forward<Rank2<B, 2>, E> for Net<E> {
        type Output = Rank2<B, 1>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M, E>) -> impl Traced<Self::Output, M, E> {
            self.fc.call(x) * typegrad::ops::Scalar(E::from_f64(2.0))
        }
    }
}

fn main() {
    a_convolution_is_flattened_before_a_linear();
    a_skipped_number_has_a_value();
    the_closure_of_lbfgs_returns_the_number();
    a_summary_is_of_layers_that_fit();
    a_cell_takes_the_input_first();
}
