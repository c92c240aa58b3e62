// The corrected twins of laws of operations before a layer, and of checks of layers that run by other methods than `call`.
#![allow(dead_code, unused)]

/// The first half of the rows.
mod the_axis_of_a_slice_before_a_layer_exists {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        head: Linear<8, 3>,
    }

    impl<const B: usize> Forward<Rank3<B, 4, 8>> for Net {
        type Output = Rank3<B, 2, 3>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 4, 8>, M>) -> impl Traced<Self::Output, M> {
            let x = x.slice::<1, 0, 2>();
            self.head.call(x).with_shape()
        }
    }
}

/// The last step of a sequence.
mod the_last_step_is_along_an_axis {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        head: Linear<8, 3>,
    }

    impl<const B: usize> Forward<Rank3<B, 4, 8>> for Net {
        type Output = Rank2<B, 3>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 4, 8>, M>) -> impl Traced<Self::Output, M> {
            let x = x.select_at::<1, -1>();
            self.head.call(x)
        }
    }
}

/// Signals of four channels.
mod a_pooling_before_a_layer_takes_signals {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        head: Linear<8, 3>,
    }

    impl<const B: usize> Forward<Rank3<B, 4, 16>> for Net {
        type Output = Rank3<B, 4, 3>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 4, 16>, M>) -> impl Traced<Self::Output, M> {
            let x = x.max_pool1d::<2, 2, 0, 1>();
            self.head.call(x)
        }
    }
}

/// Images of four channels.
mod a_convolution_before_a_layer_takes_images {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        #[module(init = Param::new(Tensor::randn(rng)))]
        weight: Param<Rank4<8, 4, 3, 3>>,
        head: Linear<8, 3>,
    }

    impl<const B: usize> Forward<Rank4<B, 4, 3, 3>> for Net {
        type Output = Rank2<B, 3>;
        fn forward<M: Mode>(&self, x: Input<Rank4<B, 4, 3, 3>, M>) -> impl Traced<Self::Output, M> {
            let x = x.conv2d::<Conv, _>(&self.weight).flatten_axes::<1, -1>();
            self.head.call(x)
        }
    }
}

/// The channels after the height and the width.
mod a_permutation_before_a_layer_names_each_axis {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        head: Linear<8, 3>,
    }

    impl<const B: usize> Forward<Rank4<B, 8, 4, 4>> for Net {
        type Output = Rank4<B, 4, 4, 3>;
        fn forward<M: Mode>(&self, x: Input<Rank4<B, 8, 4, 4>, M>) -> impl Traced<Self::Output, M> {
            let x = x.permute::<Axes4<0, 2, 3, 1>>();
            self.head.call(x)
        }
    }
}

/// A mean over the height and the width.
mod the_axes_of_a_global_mean_exist {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        head: Linear<8, 3>,
    }

    impl<const B: usize> Forward<Rank4<B, 8, 4, 4>> for Net {
        type Output = Rank2<B, 3>;
        fn forward<M: Mode>(&self, x: Input<Rank4<B, 8, 4, 4>, M>) -> impl Traced<Self::Output, M> {
            let x = x.mean_axes::<Axes2<2, 3>>();
            self.head.call(x)
        }
    }
}

/// Two heads of width 5.
mod the_heads_of_masked_attention_divide_the_width {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank3<2, 5, 10>)]
    struct Net {
        attn: MultiheadAttention<10, 2>,
    }

    impl<const B: usize> Forward<Rank3<B, 5, 10>> for Net {
        type Output = Rank3<B, 5, 10>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 10>, M>) -> impl Traced<Self::Output, M> {
            self.attn.call_masked(x, Mask::causal())
        }
    }
}

/// Two heads of width 5, twice.
mod the_heads_of_a_decoder_layer_divide_the_width {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank3<2, 5, 10>)]
    struct Net {
        decoder: TransformerDecoderLayer<10, 2, 16>,
    }

    impl<const B: usize> Forward<Rank3<B, 5, 10>> for Net {
        type Output = Rank3<B, 5, 10>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 10>, M>) -> impl Traced<Self::Output, M> {
            self.decoder.call_with(x.clone(), x)
        }
    }
}

/// A softmax of rows.
mod a_softmax_before_a_layer_has_an_axis {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        weights: (Linear<8, 16>, Softmax<-1>),
        head: Linear<16, 3>,
    }

    impl<const B: usize> Forward<Rank2<B, 8>> for Net {
        type Output = Rank2<B, 3>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
            self.head.call(self.weights.call(x))
        }
    }
}

/// An array of encoder layers, a frozen part and a checkpointed one.
mod checked_parts {
    use typegrad::nn::Checkpointed;
    use typegrad::prelude::*;

    typegrad::check!((Linear<8, 10>, [TransformerEncoderLayer<10, 2, 16>; 2]), Rank3<4, 5, 8>);
    type Part = (Conv2d<1, 8, 3>, Relu, Flatten, Linear<288, 16>);
    typegrad::check!((Frozen<Part>, Linear<16, 2>), Rank4<4, 1, 8, 8>);
    typegrad::check!((Checkpointed<Part>, Linear<16, 2>), Rank4<4, 1, 8, 8>);
}

/// Two inputs of width 5.
mod a_checked_last_state_is_of_inputs_that_fit {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank3<2, 5, 5>)]
    struct Net {
        gru: Gru<10, 4>,
    }

    impl<const B: usize> Forward<Rank3<B, 5, 5>> for Net {
        type Output = Rank3<1, B, 4>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 5>, M>) -> impl Traced<Self::Output, M> {
            self.gru.call_last((x.clone(), x).cat::<2>())
        }
    }
}

/// Two inputs of width 5.
mod a_checked_step_is_of_inputs_that_fit {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank2<2, 5>)]
    struct Net {
        cell: GruCell<10, 4>,
    }

    impl<const B: usize> Forward<Rank2<B, 5>> for Net {
        type Output = Rank2<B, 4>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 5>, M>) -> impl Traced<Self::Output, M> {
            self.cell.step((x.clone(), x).cat::<1>(), Tensor::zeros())
        }
    }
}

/// Four heads for a width of 16, and a layer that is made alone.
mod the_heads_of_an_encoder_layer_divide_the_width {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        encoder: TransformerEncoderLayer<16, 4, 32>,
        head: Linear<16, 2>,
    }

    pub fn main() {
        let rng = &mut Rng::seed(0);
        let net = Net::new(rng);
        assert_eq!(net.num_parameters(), TransformerEncoderLayer::<16, 4, 32>::new(rng).num_parameters() + 34);
    }
}

/// One group for each channel of the input.
mod the_groups_of_a_field_divide_the_channels {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Blocks {
        blocks: [(Conv2d<3, 3, 3, 1, 1, 1, 3>, Relu); 2],
    }

    #[derive(Module)]
    struct Net {
        blocks: Blocks,
    }
}

fn main() {
    the_heads_of_an_encoder_layer_divide_the_width::main();
}
