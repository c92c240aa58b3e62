// The corrected twins of laws: each differs from its law in the lines that are wrong there.
#![allow(dead_code, unused)]

/// Images put into an MLP without flattening.
mod images_are_flattened_for_an_mlp {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Mlp {
        fc1: Linear<784, 128>,
        fc2: Linear<128, 10>,
    }

    impl<const B: usize> Forward<Rank2<B, 784>> for Mlp {
        type Output = Rank2<B, 10>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 784>, M>) -> impl Traced<Self::Output, M> {
            let x = self.fc1.call(x).relu();
            self.fc2.call(x)
        }
    }

    pub fn main() {
        let mut net = Mlp::new(&mut Rng::seed(0));
        let mut adam = Adam::new(1e-3);
        let images = Tensor::<Rank4<32, 1, 28, 28>>::ones();
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        net.zero_grad();
        net.train(images.reshape::<Rank2<32, 784>>()).cross_entropy(&labels).backward();
        adam.step(&mut net);
    }
}

/// Images put into a tuple without flattening.
mod images_are_flattened_for_a_tuple_of_layers {
    use typegrad::prelude::*;

    pub fn main() {
        let mut net: (Flatten, Linear<784, 128>, Relu, Linear<128, 10>) = Init::new(&mut Rng::seed(0));
        let mut adam = Adam::new(1e-3);
        let images = Tensor::<Rank4<32, 1, 28, 28>>::ones();
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        net.zero_grad();
        net.train(images).cross_entropy(&labels).backward();
        adam.step(&mut net);
    }
}

/// Labels of shape [B, 1].
mod labels_have_no_axis_of_size_one {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let labels = Tensor::<Rank2<32, 1>, i64>::full(3);
        net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels.squeeze::<-1>()).backward();
    }
}

/// One-hot labels of integers.
mod one_hot_integers_are_not_labels {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels).backward();
    }
}

/// Mse of [N, 1] against [N].
mod mse_loss_of_a_column_takes_a_column {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<64, 1>::new(&mut Rng::seed(0));
        let targets = Tensor::<Rank1<32>>::ones();
        let y = net.train(Tensor::<Rank2<32, 64>>::ones());
        y.squeeze::<-1>().mse_loss(targets).backward();
    }
}

/// [N, 1] - [N].
mod a_column_minus_a_vector_is_not_a_matrix {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<64, 1>::new(&mut Rng::seed(0));
        let targets = Tensor::<Rank1<32>>::ones();
        let y = net.train(Tensor::<Rank2<32, 64>>::ones());
        (y.squeeze::<-1>() - targets).square().mean().backward();
    }
}

/// Images [B, H, W, C] into a convolution.
mod channels_come_before_height_and_width {
    use typegrad::prelude::*;

    pub fn main() {
        let conv = Conv2d::<3, 16, 3>::new(&mut Rng::seed(0));
        let images = Tensor::<Rank4<32, 28, 28, 3>>::ones();
        conv.train(images.permute::<Axes4<0, 3, 1, 2>>()).relu().mean().backward();
    }
}

/// One image without a batch.
mod one_image_is_a_batch_of_one {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        fc: Linear<784, 10>,
    }

    impl<const B: usize> Forward<Rank2<B, 784>> for Net {
        type Output = Rank2<B, 10>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 784>, M>) -> impl Traced<Self::Output, M> {
            self.fc.call(x)
        }
    }

    pub fn main() {
        let net = Net::new(&mut Rng::seed(0));
        let image = Tensor::<Rank1<784>>::ones();
        let scores = net.infer(image.unsqueeze::<0>());
        println!("{}", scores.argmax_axis::<-1>());
    }
}

/// One image without a batch, into a convolution.
mod a_single_image_is_a_batch_of_one {
    use typegrad::prelude::*;

    pub fn main() {
        let conv = Conv2d::<3, 16, 3>::new(&mut Rng::seed(0));
        let image = Tensor::<Rank3<3, 28, 28>>::ones();
        println!("{}", conv.infer(image.unsqueeze::<0>()));
    }
}

/// A residual block that changes the channels: x + conv(x).
mod a_skip_keeps_the_channels {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Block {
        conv: Conv1d<64, 64, 3, 1, 1>,
    }

    impl<const B: usize> Forward<Rank3<B, 64, 8>> for Block {
        type Output = Rank3<B, 64, 8>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 64, 8>, M>) -> impl Traced<Self::Output, M> {
            let y = self.conv.call(x.clone()).relu();
            x + y
        }
    }

    pub fn main() {
        let net = Block::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank3<2, 64, 8>>::ones()).sum().backward();
    }
}

/// BatchNorm1d after a 2d convolution.
mod images_are_normalized_by_batch_norm2d {
    use typegrad::prelude::*;

    pub fn main() {
        let net: (Conv2d<1, 16, 3>, AdaptiveAvgPool2d<4>, BatchNorm2d<16>) = Init::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank4<8, 1, 28, 28>>::ones()).sum().backward();
    }
}

/// A sequence [T, B, F] where [B, T, F] is taken.
mod a_batch_comes_before_time {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        lstm: Lstm<16, 64>,
        head: Linear<64, 10>,
    }

    impl<const B: usize, const T: usize> Forward<Rank3<B, T, 16>> for Net {
        type Output = Rank2<B, 10>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, T, 16>, M>) -> impl Traced<Self::Output, M> {
            let end = self.lstm.call(x).select_at::<1, -1>();
            self.head.call(end)
        }
    }

    pub fn main() {
        let net = Net::new(&mut Rng::seed(0));
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        let x = Tensor::<Rank3<20, 32, 16>>::ones().transpose::<0, 1>();
        net.train(x).cross_entropy(&labels).backward();
    }
}

/// Gather with an index of another rank.
mod labels_are_unsqueezed_for_gather {
    use typegrad::prelude::*;

    pub fn main() {
        let scores = Tensor::<Rank2<32, 10>>::ones();
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        let picked = scores.gather::<1, _>(&labels.unsqueeze::<-1>());
        println!("{picked}");
    }
}

/// A sequence longer than the position embedding.
mod positions_are_as_many_as_the_sequence_is_long {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        embedding: Embedding<65, 32>,
        #[module(init = Param::new(Tensor::randn(rng)))]
        position: Param<Rank2<16, 32>>,
    }

    impl<const B: usize> Forward<Rank2<B, 16>, f32, i64> for Net {
        type Output = Rank3<B, 16, 32>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 16>, M, i64>) -> impl Traced<Self::Output, M> {
            self.embedding.call(x) + &self.position
        }
    }

    pub fn main() {
        let net = Net::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank2<2, 16>, i64>::full(1)).sum().backward();
    }
}

/// Cross entropy of scores [B, T, V] with CrossEntropyLoss.
mod the_axis_of_the_classes_is_named {
    use typegrad::prelude::*;

    pub fn main() {
        let scores = Tensor::<Rank3<8, 16, 65>>::zeros();
        let next = Tensor::<Rank2<8, 16>, i64>::full(2);
        let loss = CrossEntropyLoss::new().ignore_index(0).axis::<-1>();
        println!("{}", loss.mean(scores, &next));
    }
}

/// MaxPool1d after a 2d convolution.
mod images_are_pooled_by_max_pool2d {
    use typegrad::prelude::*;

    pub fn main() {
        let net: (Conv2d<1, 16, 3>, AdaptiveAvgPool2d<4>, MaxPool2d<2>) = Init::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank4<8, 1, 28, 28>>::ones()).sum().backward();
    }
}

/// Backward of a detached loss.
mod a_detached_loss_has_no_backward {
    use typegrad::prelude::*;

    pub fn main() {
        let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let mut adam = Adam::new(1e-3);
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        let loss = net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels);
        loss.backward();
        adam.step(&mut net);
    }
}

/// The hidden state is carried to the next batch without detach.
mod a_state_is_carried_on_as_a_value {
    use typegrad::prelude::*;

    pub fn main() {
        let rng = &mut Rng::seed(0);
        let cell = GruCell::<16, 32>::new(rng);
        let mut state = Tensor::<Rank2<8, 32>>::zeros();
        for _ in 0..10 {
            let next = cell.step(Tensor::<Rank2<8, 16>>::randn(rng), state);
            state = next.value();
            next.powi(2).mean().backward();
        }
        println!("{state}");
    }
}

/// A GAN that uses the same fake twice.
mod a_fake_is_used_twice_as_a_value {
    use typegrad::prelude::*;

    pub fn main() {
        let rng = &mut Rng::seed(0);
        let generator = Linear::<8, 64>::new(rng);
        let discriminator = Linear::<64, 1>::new(rng);
        let fake = generator.train(Tensor::<Rank2<32, 8>>::randn(rng));
        let wrong = discriminator.train(fake.value());
        wrong.binary_cross_entropy_with_logits(Tensor::zeros()).backward();
        let right = discriminator.train(fake);
        right.binary_cross_entropy_with_logits(Tensor::ones()).backward();
    }
}

/// The axes are moved; or the order of the elements is meant.
mod reshape_moves_no_axis {
    use typegrad::prelude::*;

    pub fn main() {
        let channels_last = Tensor::<Rank4<8, 28, 28, 3>>::ones();
        let images: Tensor<Rank4<8, 3, 28, 28>> = channels_last.clone().permute::<Axes4<0, 3, 1, 2>>();
        let same_order = channels_last.flatten().reshape::<Rank4<8, 3, 28, 28>>();
        println!("{}", images + same_order);
    }
}

/// The mean of each row; and operands that belong to the last axes: a bias, and a plain constant.
mod an_axis_that_was_lost_is_kept {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank2<32, 64>)]
    struct Net {
        fc: Linear<64, 32>,
        #[module(init = Param::new(Tensor::zeros()))]
        scale: Param<Rank1<32>>,
    }

    impl Forward<Rank2<32, 64>> for Net {
        type Output = Rank2<32, 32>;
        fn forward<M: Mode>(&self, x: Input<Rank2<32, 64>, M>) -> impl Traced<Self::Output, M> {
            let x = self.fc.call(x);
            let x = x.shared(|x| x.clone() - x.mean_keepdim::<-1>().expand());
            let x = x.shared(|x| x.clone() / x.sum_axis::<0>());
            &self.scale * (x * &self.scale + Tensor::<Rank1<32>>::ones())
        }
    }

    pub fn main() {
        let net = Net::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank2<32, 64>>::ones()).powi(2).mean().backward();
    }
}

/// Methods with other names than PyTorch's, and arguments in another order.
mod names_and_orders {
    use typegrad::prelude::*;
    use typegrad::tensor::Outside;

    fn loss(y: Outside<Rank2<8, 4>, f32, impl Flow<Rank2<8, 4>>>) -> Loss<impl Flow> {
        y.abs().mean()
    }

    pub fn main() {
        let x = Tensor::<Rank2<8, 4>>::ones();
        println!("{} {}", x.clone().select::<0>(-1), x.clone().slice::<0, 2, 5>().ln());
        println!("{} {:?}", x.shape()[0] * 2, x.to_vec());
        let x = x.clone().masked_fill(&x.gt(0.5), 0.0) + 1.0;
        let net = <[Linear<4, 4>; 3]>::new(&mut Rng::seed(0));
        typegrad::io::save(std::env::temp_dir().join("typegrad-twin.bin"), &net).unwrap();
        loss(net.train(x.clone())).backward();
        net.train(x).cross_entropy(&Tensor::<Rank1<8>, i64>::zeros()).backward();
        let images = Tensor::<Rank3<2, 4, 4>, i64>::ones();
        let long = <((Flatten, Linear<16, 8>, Relu), [(Linear<8, 8>, Relu); 6], Linear<8, 2>)>::new(&mut Rng::seed(0));
        long.train(images.to::<f32>()).sum().backward();
    }
}

/// Sizes, axes and devices that PyTorch takes as arguments, and results that are larger than the tensor.
mod arguments {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Block {
        fc: Linear<4, 2>,
    }

    #[derive(Module)]
    struct Net {
        block: Block,
    }

    impl<const B: usize> Forward<Rank2<B, 4>> for Net {
        type Output = Rank2<B, 2>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
            self.block.fc.call(x)
        }
    }

    pub fn main() -> Result<(), Box<dyn std::error::Error>> {
        println!("{} {}", Tensor::from([1.0, 2.0]), Tensor::<Rank2<2, 3>>::zeros());
        println!("{}", Tensor::<Rank2<1, 3>>::try_from(vec![1.0, 2.0, 3.0])?);
        println!("{}", Tensor::from([255_u8, 0].map(f32::from)));
        let x = Tensor::<Rank2<8, 4>>::ones();
        println!("{} {}", x.shape().len(), x.clone().permute::<Axes2<1, 0>>());
        println!("{}", x.argmax_axis::<1>());
        let mut net = Net { block: Block { fc: Linear::new(&mut Rng::seed(0)) } };
        let labels = Tensor::<Rank1<8>, i64>::zeros();
        let mut adam = Adam::new(0.1);
        net.zero_grad();
        CrossEntropyLoss::new().mean(net.train(x), &labels).backward();
        adam.step(&mut net);

        let row = Tensor::<Rank1<4>>::ones();
        let mask = Tensor::<Rank2<2, 4>, bool>::full(true);
        let mut total = row.broadcast_to::<Rank2<2, 4>>();
        total += Tensor::<Rank2<2, 4>>::ones();
        total = total.masked_fill(&mask, 0.0).where_(&mask, 1.0);
        println!("{total}");
        Ok(())
    }
}

/// Batches of a loader, whose last rows may be padding.
mod batches {
    use typegrad::data::{Batch, Dataset};
    use typegrad::prelude::*;

    pub fn main() {
        let images = vec![([[128.0_f32; 28]; 28], 3_usize); 50];
        let loader = images.into_iter().map(|(x, y)| (x, y as i64)).collect::<Vec<_>>().batches::<32>();
        println!("{} {}", 10 * loader.num_batches(), loader.dataset().len());
        let net = Linear::<784, 10>::new(&mut Rng::seed(0));
        for Batch { data: (x, y), .. } in loader.in_order() {
            let x = x.map(|x| x.reshape::<Rank2<32, 784>>()).map(|x| x / 255.0).map(|x| 1.0 - x);
            println!("{:?} {:?}", x.real_rows().nth(0), x.clone().with_padding().select::<0>(0).shape());
            let _ = x.clone().map(|x| x.select::<1>(3)).zip(y.clone(), |x, y| x - y.to::<f32>()).mean().item();
            let _ = x.clone().map(|x| x.gt(0.5)).map(|x| x.flatten_axes::<0, 1>().reshape::<Rank2<32, 784>>());
            let _ = y.clone().map(|y| y.one_hot::<10>()).map(|y| y.to::<f32>()).num_real_rows();
            println!("{:?}", x.clone().map(|x| x.max_axis::<-1>()).real_elements());
            println!("{} {:?}", y.clone().with_padding(), y.clone().map(|y| y.to::<f32>()).real_elements());
            let scores = net.train(x.clone());
            let _ = scores.cross_entropy(&y).backward();
            let _ = CrossEntropyLoss::new().none(net.train(x), &y).mean().backward();
        }
        let sequences = vec![([[0.5_f32; 8]; 16], [3_i64; 16]); 50];
        let net = Linear::<8, 65>::new(&mut Rng::seed(0));
        for Batch { data: (x, y), .. } in sequences.batches::<32>().in_order() {
            let _ = net.train(x).cross_entropy_axis::<-1, _>(&y).backward();
        }
    }
}

fn main() {
    batches::main();
    arguments::main().unwrap();
    names_and_orders::main();
}
