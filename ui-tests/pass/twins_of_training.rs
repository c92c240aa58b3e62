// The corrected twins of laws about training: each differs from its law in the lines that are wrong there.
#![allow(dead_code, unused)]

/// The number that `backward` returns; its `item` is the number.
mod the_number_of_a_loss_is_what_backward_returns {
    use typegrad::prelude::*;

    pub fn main() {
        let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let mut adam = Adam::new(1e-3);
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        for step in 0..10 {
            let loss = net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels);
            let loss = loss.backward();
            adam.step(&mut net);
            println!("step {step}: {}", loss.item());
        }
    }
}

/// Printed and run backward in one line.
mod a_step_follows_a_backward_pass {
    use typegrad::prelude::*;

    pub fn main() {
        let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let mut adam = Adam::new(1e-3);
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        for _ in 0..10 {
            net.zero_grad();
            let loss = net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&labels);
            println!("{}", loss.backward());
            adam.step(&mut net);
        }
    }
}

/// One backward pass.
mod a_number_has_no_backward_pass {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let loss = net.train(Tensor::<Rank2<32, 64>>::ones()).mean();
        let loss = loss.backward();
        println!("{}", loss.item());
    }
}

/// The values of the scores.
mod scores_are_read_before_their_loss {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        let scores = net.train(Tensor::<Rank2<32, 64>>::ones());
        let values = scores.value();
        scores.cross_entropy(&labels).backward();
        println!("{}", values.argmax_axis::<-1>().accuracy(&labels));
    }
}

/// The share of equal elements.
mod a_comparison_of_wholes_has_no_mean {
    use typegrad::prelude::*;

    pub fn main() {
        let scores = Tensor::<Rank2<4, 3>>::ones();
        let labels = Tensor::from([0, 1, 0, 2]);
        println!("{}", scores.argmax_axis::<-1>().accuracy(&labels));
    }
}

/// The values of the scores.
mod scores_of_a_batch_are_used_once {
    use typegrad::data::{Batch, Dataset};
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<2, 3>::new(&mut Rng::seed(0));
        for Batch { data: (x, y), .. } in vec![([0.5_f32, 1.0], 1_i64)].batches::<2>().in_order() {
            let scores = net.train(x);
            let values = scores.value();
            scores.cross_entropy(&y).backward();
            println!("{}", values.argmax_axis::<-1>().accuracy(&y));
        }
    }
}

/// A network runs in a mode.
mod forward_of_a_struct_is_not_called {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank2<32, 64>)]
    struct Net {
        fc: Linear<64, 10>,
    }

    impl<const B: usize> Forward<Rank2<B, 64>> for Net {
        type Output = Rank2<B, 10>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
            self.fc.call(x)
        }
    }

    pub fn main() {
        let scores = Net::new(&mut Rng::seed(0)).infer(Tensor::<Rank2<1, 64>>::ones());
        println!("{}", scores.argmax_axis::<-1>());
    }
}

/// A field that is not trained.
mod a_part_is_frozen_by_its_type {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Net {
        body: Frozen<Linear<64, 32>>,
        head: Linear<32, 10>,
    }

    pub fn main() {
        let net = Net::new(&mut Rng::seed(0));
        println!("{}", net.body.inner().weight.value());
    }
}

/// A factor.
mod the_rate_of_a_group_is_a_factor {
    use typegrad::prelude::*;

    pub fn main() {
        let mut net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let mut adam = Adam::new(1e-3).group(Group::named("bias").lr_factor(0.1));
        net.train(Tensor::<Rank2<32, 64>>::ones()).sum().backward();
        adam.step(&mut net);
    }
}

/// The number itself.
mod a_number_has_nothing_to_detach {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<3, 1>::new(&mut Rng::seed(0));
        let loss = net.train(Tensor::<Rank2<2, 3>>::ones()).mean();
        let loss = loss.backward();
        println!("{}", loss.item());
    }
}

/// A trait of the user's, whose methods on numbers go before those that never compile.
mod methods_of_the_user_are_called {
    use typegrad::prelude::*;

    trait Cell {
        fn value(&self) -> f32;
        fn detach(&self) -> f32;
        fn cpu(self) -> f32;
    }

    impl Cell for f32 {
        fn value(&self) -> f32 {
            *self
        }
        fn detach(&self) -> f32 {
            *self
        }
        fn cpu(self) -> f32 {
            self
        }
    }

    fn number<E: typegrad::Float>(x: Param<Rank1<3>, E>) -> E {
        x.track().mean().backward().item()
    }

    pub fn main() {
        println!("{}", 1.0_f32.value() + 1.0_f32.detach() + 1.0_f32.cpu());
        println!("{}", number(Param::new(Tensor::<Rank1<3>>::ones())));
    }
}

/// Classes, of scores or of probabilities.
mod accuracy_is_of_classes {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<8, 3>::new(&mut Rng::seed(0));
        let scores = net.infer(Tensor::<Rank2<4, 8>>::ones());
        println!("{}", scores.argmax_axis::<-1>().accuracy(&Tensor::from([0, 1, 2, 0])));
        let scores = Tensor::<Rank1<4>>::ones();
        println!("{}", scores.gt(0.0).to::<i64>().accuracy(&Tensor::from([0, 1, 1, 0])));
    }
}

/// The same of a batch of a loader, and the number of equal elements.
mod a_mask_of_a_batch_is_counted {
    use typegrad::data::{Batch, Dataset};
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<2, 3>::new(&mut Rng::seed(0));
        for Batch { data: (x, y), .. } in vec![([1.0_f32, 2.0], 1_i64); 5].batches::<2>().in_order() {
            let predicted = net.infer(x).argmax_axis::<-1>();
            println!("{} {}", predicted.accuracy(&y), predicted.eq(&y).count_nonzero());
        }
    }
}

/// A gain of ones in a part of the network.
mod a_part_with_a_bare_parameter_has_no_new {
    use typegrad::prelude::*;

    #[derive(Module)]
    struct Scale {
        #[module(init = Tensor::ones().into())]
        gain: Param<Rank1<8>>,
    }

    #[derive(Module)]
    struct Net {
        scale: Scale,
        head: Linear<8, 2>,
    }

    pub fn main() {
        assert_eq!(Net::new(&mut Rng::seed(0)).scale.gain.value().as_slice(), [1.0; 8]);
    }
}

fn main() {
    a_part_with_a_bare_parameter_has_no_new::main();
}
