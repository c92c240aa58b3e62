// The corrected twins of laws of computed sizes, axes and options: each differs from its law in the lines that are wrong there.
#![allow(dead_code, unused)]

/// An autoencoder whose output is smaller than its input.
mod a_target_has_the_computed_size {
    use typegrad::prelude::*;

    pub fn main() {
        let net: (Conv1d<1, 8, 3, 2, 1>, ConvTranspose1d<8, 1, 4, 2, 1>) = Init::new(&mut Rng::seed(0));
        let x = Tensor::<Rank3<2, 1, 28>>::ones();
        net.train(x.clone()).mse_loss(&x).backward();
    }
}

/// A stack of two computed sizes.
mod a_stack_is_of_one_computed_shape {
    use typegrad::prelude::*;

    pub fn main() {
        let (a, b): (Conv1d<4, 8, 3, 1, 1>, Conv1d<4, 8, 5, 1, 2>) = Init::new(&mut Rng::seed(0));
        let x = Tensor::<Rank3<2, 4, 9>>::ones();
        let _ = (a.infer(x.clone()), b.infer(x)).stack::<0>();
    }
}

/// Batches of matrices of computed sizes, of which one is transposed.
mod computed_inner_sizes_are_equal {
    use typegrad::prelude::*;

    pub fn main() {
        let (a, b): (Conv1d<4, 8, 3, 1, 1>, Conv1d<4, 8, 5, 1, 2>) = Init::new(&mut Rng::seed(0));
        let x = Tensor::<Rank3<2, 4, 9>>::ones();
        let _ = a.infer(x.clone()).transpose::<1, 2>().bmm(b.infer(x));
    }
}

/// An axis named twice.
mod a_permutation_names_no_axis_twice {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        head: Linear<8, 3>,
    }

    impl Forward<Rank3<4, 2, 8>> for Net {
        type Output = Rank3<2, 4, 3>;
        fn forward<M: Mode>(&self, x: Input<Rank3<4, 2, 8>, M>) -> impl Traced<Self::Output, M> {
            let x = x.permute::<Axes3<1, 0, 2>>();
            self.head.call(x)
        }
    }
}

/// A window as the options of a convolution.
mod the_options_of_a_convolution_are_a_conv {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        weight: Param<Rank4<4, 3, 3, 3>>,
        head: Conv2d<4, 3, 3>,
    }

    impl Forward<Rank4<2, 3, 8, 8>> for Net {
        type Output = Rank4<2, 3, 4, 4>;
        fn forward<M: Mode>(&self, x: Input<Rank4<2, 3, 8, 8>, M>) -> impl Traced<Self::Output, M> {
            let x = x.conv2d::<Conv, _>(&self.weight);
            self.head.call(x).with_shape()
        }
    }
}

/// A log_softmax over the batch.
mod a_log_softmax_is_along_the_classes {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank2<32, 64>, loss = NllLoss)]
    struct Net {
        fc: Linear<64, 10>,
        out: LogSoftmax<-1>,
    }

    impl<const B: usize> Forward<Rank2<B, 64>> for Net {
        type Output = Rank2<B, 10>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
            let x = self.fc.call(x);
            self.out.call(x)
        }
    }
}

fn main() {
    a_target_has_the_computed_size::main();
    a_stack_is_of_one_computed_shape::main();
    computed_inner_sizes_are_equal::main();
}
