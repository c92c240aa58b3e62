//! Literals as inputs.

use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<1, 2>,
}

impl<const B: usize> Forward<Rank2<B, 1>> for Net {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 1>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x)
    }
}

/// `[[5.0]]` alone would be of `f64`.
#[test]
fn literals_have_the_elements_of_the_network() {
    macro_rules! check {
        ($net:expr) => {{
            let net = $net;
            let infer = net.infer(Tensor::from([[5.0], [-0.5]]));
            let sample = net.sample(Tensor::from([[5.0], [-0.5]]));
            let loss = net.train(Tensor::from([[5.0], [-0.5]])).sum().backward();
            assert_eq!(net.eval(Tensor::from([[5.0], [-0.5]])).sum().backward(), loss);
            assert_eq!((infer.clone().sum().item(), infer), (loss, sample));
        }};
    }
    let rng = &mut Rng::seed(0);
    check!(Linear::<1, 2>::new(rng));
    check!(Linear::<1, 2, f64>::new(rng));
    check!(NoBias::<Linear<1, 2>>::new(rng));
    check!(<(Linear<1, 2>,)>::new(rng));
    check!(<(Linear<1, 2>, Relu, Linear<2, 3>)>::new(rng));
    check!(<(LayerNorm<1>, Residual<Linear<1, 1>>)>::new(rng));
    check!(<[Linear<1, 1>; 2]>::new(rng));
    check!(Net::new(rng));
    let labels = Embedding::<7, 2>::new(rng).infer(Tensor::from([[5], [0]]));
    assert_eq!(labels.to_vec().len(), 4);
}
