use typegrad::prelude::*;

#[test]
fn a_computed_size_gives_the_numbers_of_a_literal_one() {
    macro_rules! check {
        ($layer:ty, $shape:ty) => {{
            let rng = &mut Rng::seed(0);
            let net = <$layer>::new(rng);
            let x = Param::new(Tensor::<Rank3<2, 3, 3>>::randn(rng));
            let twice = || (x.track(), x.value() * -2.0).cat::<-1>();
            let computed = net.train(twice());
            let literal = net.train(twice().with_shape::<Rank3<2, 3, 6>>());
            assert_eq!(computed.value(), literal.value());
            let w = Tensor::<$shape>::randn(rng);
            (computed * w.clone()).sum().backward();
            let gradient = x.grad().unwrap();
            x.zero_grad();
            (literal * w).sum().backward();
            assert_eq!(x.grad().unwrap(), gradient);
            assert!(gradient.to_vec().iter().any(|g| *g != 0.0));
        }};
    }
    check!(Linear<6, 4>, Rank3<2, 3, 4>);
    check!(LayerNorm<6>, Rank3<2, 3, 6>);
    check!(RmsNorm<6>, Rank3<2, 3, 6>);
}
