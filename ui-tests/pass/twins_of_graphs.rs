// As twins.rs: the corrected twins of laws about graphs and modules.
#![allow(dead_code, unused)]

/// A mask that is averaged.
mod a_mask_has_no_mean {
    use typegrad::prelude::*;

    pub fn main() {
        let scores = Tensor::<Rank2<32, 10>>::ones();
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        let right = scores.argmax_axis::<-1>().eq(&labels);
        println!("{}", right.to::<f32>().mean());
    }
}

/// Total_loss += loss.
mod a_sum_of_losses_is_a_number {
    use typegrad::prelude::*;

    pub fn main() {
        let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let mut adam = Adam::new(1e-3);
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        let mut total = 0.0;
        for _ in 0..10 {
            net.zero_grad();
            let loss = net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels);
            total += loss.backward();
            adam.step(&mut net);
        }
        println!("{total}");
    }
}

/// Torch.tensor(x) inside forward.
mod a_tensor_made_in_forward_is_brought_in {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        fc1: Linear<64, 32>,
        fc2: Linear<32, 10>,
    }

    impl<const B: usize> Forward<Rank2<B, 64>> for Net {
        type Output = Rank2<B, 10>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
            let x = self.fc1.call(x).relu();
            self.fc2.call(x)
        }
    }

    pub fn main() {
        let net = Net::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank2<32, 64>>::ones()).sum().backward();
    }
}

/// `x + layer(x)` after a first layer.
mod a_skip_uses_its_input_inside_shared {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        embed: Linear<64, 32>,
        fc: Linear<32, 32>,
    }

    impl<const B: usize> Forward<Rank2<B, 64>> for Net {
        type Output = Rank2<B, 32>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
            let x = self.embed.call(x);
            x.shared(|x| x.clone() + self.fc.call(x))
        }
    }

    pub fn main() {
        let net = Net::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank2<32, 64>>::ones()).sum().backward();
    }
}

/// Call outside of modules.
mod a_network_is_entered_by_train_or_infer {
    use typegrad::prelude::*;

    pub fn main() {
        let net: (Linear<64, 32>, Relu, Linear<32, 10>) = Init::new(&mut Rng::seed(0));
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels).backward();
    }
}

/// Net(x).
mod a_network_is_not_a_function {
    use typegrad::prelude::*;

    pub fn main() {
        let net: (Linear<64, 32>, Relu, Linear<32, 10>) = Init::new(&mut Rng::seed(0));
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels).backward();
    }
}

/// The gradient of a tensor that is not a leaf.
mod only_a_parameter_keeps_its_gradient {
    use typegrad::prelude::*;

    pub fn main() {
        let w = Param::new(Tensor::from([1.0, 2.0, 3.0]));
        let y = w.track().powi(2);
        y.sum().backward();
        println!("{}", w.grad().unwrap());
    }
}

/// If (x > 0).any.
mod a_mask_is_not_a_condition {
    use typegrad::prelude::*;

    pub fn main() {
        let x = Tensor::from([1.0, 2.0, 3.0]);
        if x.gt(0.0).any().item() {
            println!("positive");
        }
    }
}

/// A list of layers.
mod a_vec_of_layers_is_not_a_module {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        layers: [Linear<64, 64>; 6],
    }

    impl<const B: usize> Forward<Rank2<B, 64>> for Net {
        type Output = Rank2<B, 64>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
            self.layers[0].call(x)
        }
    }

    pub fn main() {
    }
}

/// X * n, a usize variable.
mod a_usize_is_not_an_operand_of_floats {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let y = net.infer(Tensor::<Rank2<32, 64>>::ones());
        let n = [1, 2, 3].len();
        println!("{}", y / n as f32);
    }
}

/// Float64 data into a user-written network.
mod a_network_has_the_elements_of_its_input {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        fc: Linear<2, 1>,
    }

    impl<const B: usize> Forward<Rank2<B, 2>> for Net {
        type Output = Rank2<B, 1>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Self::Output, M> {
            self.fc.call(x)
        }
    }

    pub fn main() {
        let net = Net::new(&mut Rng::seed(0));
        let x = Tensor::<Rank2<4, 2>, f64>::ones();
        println!("{}", net.infer(x.to::<f32>()));
    }
}

/// An attribute misspelt.
mod a_parameter_has_no_other_fields {
    use typegrad::prelude::*;

    pub fn main() {
        let fc = Frozen::new(Linear::<64, 10>::new(&mut Rng::seed(0)));
        println!("{}", fc.infer(Tensor::<Rank2<32, 64>>::ones()));
    }
}

/// A float64 target for a float32 prediction.
mod a_target_has_the_elements_of_the_prediction {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<64, 1>::new(&mut Rng::seed(0));
        let target = Tensor::<Rank2<32, 1>, f64>::ones();
        net.train(Tensor::<Rank2<32, 64>>::ones()).mse_loss(target.to::<f32>()).backward();
    }
}

/// [layer] * 6.
mod six_layers_are_not_one_six_times {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        layers: [Linear<64, 64>; 6],
    }

    impl<const B: usize> Forward<Rank2<B, 64>> for Net {
        type Output = Rank2<B, 64>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
            self.layers.call(x)
        }
    }

    pub fn main() {
        let rng = &mut Rng::seed(0);
        let net = Net { layers: std::array::from_fn(|_| Linear::new(rng)) };
        println!("{}", net.num_parameters());
    }
}

/// A tracked tensor in two branches.
mod two_heads_share_their_input {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        body: Linear<64, 32>,
        left: Linear<32, 10>,
        right: Linear<32, 10>,
    }

    impl<const B: usize> Forward<Rank2<B, 64>> for Net {
        type Output = Rank2<B, 10>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
            let x = self.body.call(x).relu();
            x.shared(|x| self.left.call(x.clone()) * self.right.call(x).sigmoid())
        }
    }

    pub fn main() {
        let net = Net::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank2<32, 64>>::ones()).sum().backward();
    }
}

/// X / x.sum(-1, keepdim) without expand.
mod a_kept_axis_is_expanded {
    use typegrad::prelude::*;

    pub fn main() {
        let x = Tensor::<Rank2<32, 10>>::ones();
        println!("{}", x.clone() / x.sum_keepdim::<-1>().expand());
    }
}

/// F.softmax(-1): an axis as an argument.
mod an_axis_is_a_const_parameter {
    use typegrad::prelude::*;

    pub fn main() {
        let x = Tensor::<Rank2<32, 10>>::ones();
        println!("{}", x.softmax::<-1>());
    }
}

/// Adam of net.parameters().
mod an_optimizer_is_given_its_module_at_each_step {
    use typegrad::prelude::*;

    pub fn main() {
        let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let mut adam = Adam::new(1e-3);
        net.train(Tensor::<Rank2<32, 64>>::ones()).sum().backward();
        adam.step(&mut net);
    }
}

/// A residual of computed size.
mod a_residual_of_computed_sizes_keeps_them {
    use typegrad::prelude::*;

    typegrad::check!(Residual<(Conv2d<16, 16, 3, 1, 1>, Relu, Conv2d<16, 16, 3, 1, 1>)>, Rank4<2, 16, 8, 8>);

    pub fn main() {}
}

/// A U-Net whose upsampled map is 28 wide where the skipped one is 30.
mod a_skipped_map_has_the_size_of_the_other {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank4<2, 1, 32, 32>)]
    struct Unet {
        down: Conv2d<1, 8, 3>,
        pool: MaxPool2d<2>,
        middle: Conv2d<8, 8, 3, 1, 1>,
        up: ConvTranspose2d<8, 8, 2, 2>,
        head: Conv2d<16, 1, 1>,
    }

    impl<const B: usize> Forward<Rank4<B, 1, 32, 32>> for Unet {
        type Output = Rank4<B, 1, 30, 30>;
        fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 32, 32>, M>) -> impl Traced<Self::Output, M> {
            let skip = self.down.call(x).relu();
            skip.shared(|skip| {
                let y = self.middle.call(self.pool.call(skip.clone())).relu();
                let y = self.up.call(y);
                self.head.call((skip, y).cat::<1>())
            })
            .with_shape()
        }
    }

    pub fn main() {
        let net = Unet::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank4<2, 1, 32, 32>>::ones()).sum().backward();
    }
}

/// Many numbers are compared with one.
mod many_numbers_are_not_compared_with_one {
    use typegrad::prelude::*;

    pub fn main() {
        let losses = Tensor::<Rank1<32>>::ones();
        if losses.mean() > 0.5 {
            println!("still too high");
        }
    }
}

/// A tracked tensor is changed in place.
mod a_tracked_tensor_is_not_changed_in_place {
    use typegrad::prelude::*;

    pub fn main() {
        let w = Param::new(Tensor::<Rank1<3>>::ones());
        let x = w.track();
        let x = x + 1.0;
        x.sum().backward();
    }
}

/// A method and its tensor.
mod a_mean_uses_its_tensor {
    use typegrad::prelude::*;

    pub fn main() {
        let w = Param::<Rank2<4, 3>>::new(Tensor::zeros());
        let x = w.track() * 2.0;
        let x = x.shared(|x| x.clone() + x.exp());
        x.shared(|x| x.clone() - x.mean_keepdim::<1>().expand()).powi(2).sum().backward();
    }
}

fn main() {}
