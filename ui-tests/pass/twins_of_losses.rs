// The corrected twins of the laws of losses: each differs from its law in the lines that are wrong there.
#![allow(dead_code, unused)]

/// The scores themselves; the softmax is for `infer`.
mod a_softmax_is_part_of_cross_entropy {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank2<32, 784>, loss = CrossEntropyLoss)]
    struct Classifier {
        fc1: Linear<784, 128>,
        fc2: Linear<128, 10>,
    }

    impl<const B: usize> Forward<Rank2<B, 784>> for Classifier {
        type Output = Rank2<B, 10>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 784>, M>) -> impl Traced<Self::Output, M> {
            let x = self.fc1.call(x).relu();
            self.fc2.call(x)
        }
    }

    pub fn main() {
        let mut net = Classifier::new(&mut Rng::seed(0));
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        net.train(Tensor::<Rank2<32, 784>>::ones()).cross_entropy(&labels).backward();
        Adam::new(1e-3).step(&mut net);
        println!("{}", net.infer(Tensor::<Rank2<1, 784>>::ones()).softmax::<-1>());
    }
}

/// `nll_loss` of the logarithms.
mod a_log_softmax_is_part_of_cross_entropy {
    use typegrad::prelude::*;

    pub fn main() {
        type Net = (Linear<64, 10>, LogSoftmax<-1>);
        typegrad::check!(Net, Rank2<32, 64>, loss = NllLoss);
        let net = Net::new(&mut Rng::seed(0));
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        net.train(Tensor::<Rank2<32, 64>>::ones()).nll_loss(&labels).backward();
    }
}

/// Probabilities into the loss of probabilities, and scores into that of scores.
mod a_sigmoid_is_part_of_bce_with_logits {
    use typegrad::prelude::*;

    pub fn main() {
        let net: (Linear<64, 16>, Relu, Linear<16, 1>, Sigmoid) = Init::new(&mut Rng::seed(0));
        let target = Tensor::<Rank1<32>>::ones();
        let y = net.train(Tensor::<Rank2<32, 64>>::ones()).squeeze::<-1>();
        y.binary_cross_entropy(&target).backward();
        let net: (Linear<64, 16>, Relu, Linear<16, 1>) = Init::new(&mut Rng::seed(0));
        let y = net.train(Tensor::<Rank2<32, 64>>::ones()).squeeze::<-1>();
        y.binary_cross_entropy_with_logits(target).backward();
    }
}

/// `log_softmax`, and the logarithm of a softmax.
mod nll_loss_takes_logarithms {
    use typegrad::prelude::*;

    pub fn main() {
        let net: (Linear<64, 10>, LogSoftmax<-1>) = Init::new(&mut Rng::seed(0));
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        net.train(Tensor::<Rank2<32, 64>>::ones()).nll_loss(&labels).backward();
        let net: (Linear<64, 10>, Softmax<-1>) = Init::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank2<32, 64>>::ones()).ln().nll_loss(&labels).backward();
    }
}

/// `log_softmax`; and the negative mean of the probabilities of labels, which needs `boxed`.
mod kl_div_takes_logarithms {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<64, 10>::new(&mut Rng::seed(0));
        let teacher = Tensor::<Rank2<32, 10>>::full(0.1);
        let student = net.train(Tensor::<Rank2<32, 64>>::ones()).log_softmax::<-1>();
        KlDivLoss::new().batchmean(student, teacher).backward();
        let labels = Tensor::<Rank1<32>, i64>::full(3);
        let probabilities = net.train(Tensor::<Rank2<32, 64>>::ones()).softmax::<-1>();
        probabilities.boxed().nll_loss(&labels).backward();
    }
}

/// NLLLoss, BCELoss and CrossEntropyLoss of what they take, and a class more.
mod the_input_of_a_loss_is_of_its_kind {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank2<2, 4>, loss = NllLoss)]
    struct Net {
        fc1: Linear<4, 8>,
        fc2: Linear<8, 3>,
    }

    impl<const B: usize> Forward<Rank2<B, 4>> for Net {
        type Output = Rank2<B, 3>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
            self.fc2.call(self.fc1.call(x).relu()).log_softmax::<-1>()
        }
    }

    typegrad::check!((Linear<4, 8>, Relu, Linear<8, 1>, Sigmoid), Rank2<2, 4>, loss = BceLoss);
    typegrad::check!((Linear<4, 8>, Relu, Linear<8, 2>), Rank2<2, 4>, loss = CrossEntropyLoss);
    typegrad::check!((Linear<4, 8>, Relu, Linear<8, 2>, Softmax<-1>), Rank2<2, 4>);
    typegrad::check!((Linear<4, 8>, Relu, Linear<8, 1>, Sigmoid), Rank2<2, 4>);

    pub fn main() {
        let net: (Linear<4, 8>, Relu, Linear<8, 3>, LogSoftmax<-1>) = Init::new(&mut Rng::seed(0));
        net.train(Tensor::<Rank2<2, 4>>::ones()).nll_loss(&Tensor::from([0, 2])).backward();
        let net: (Linear<4, 8>, Relu, Linear<8, 1>) = Init::new(&mut Rng::seed(0));
        let labels = Tensor::<Rank2<2, 1>>::ones();
        net.train(Tensor::<Rank2<2, 4>>::ones()).binary_cross_entropy_with_logits(labels).backward();
    }
}

/// A layer of the program with the name and the fields of one of the library, which computes probabilities.
mod probabilities_of_a_layer_of_the_program {
    use typegrad::prelude::{Linear as _, *};

    #[derive(Module)]
    struct Linear {
        weight: Param<Rank2<1, 4>>,
        bias: Param<Rank1<1>>,
    }

    impl<const B: usize> Forward<Rank2<B, 4>> for Linear {
        type Output = Rank2<B, 1>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
            (x.linear(&self.weight) + &self.bias).clamp(0.01, 0.99)
        }
    }

    pub fn main() {
        typegrad::check!(Linear, Rank2<2, 4>, loss = BceLoss);
        let (weight, bias) = (Param::new(Tensor::zeros()), Param::new(Tensor::zeros()));
        let net = Linear { weight, bias };
        net.train(Tensor::<Rank2<2, 4>>::ones()).binary_cross_entropy(Tensor::<Rank2<2, 1>>::ones()).backward();
    }
}

fn main() {}
