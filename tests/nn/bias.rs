use typegrad::nn::{NoBias, Strict};
use typegrad::prelude::*;

type Plain = NoBias<Linear<3, 2, f64>>;

#[test]
fn a_layer_without_bias_has_a_weight_only() {
    const COUNT: Option<usize> = <Plain as Module>::NUM_PARAMETERS;
    let fc = Plain::new(&mut Rng::seed(0));
    assert_eq!((fc.num_parameters(), COUNT), (6, Some(6)));
    assert_eq!(fc.state_dict().names().collect::<Vec<_>>(), ["weight"]);
    assert_eq!(fc.named_modules().count(), 1);
    let mut other = Plain::new(&mut Rng::seed(1));
    other.load_state_dict(&fc.state_dict(), Strict::Yes).unwrap();
    let x = Tensor::<Rank2<4, 3>, f64>::randn(&mut Rng::seed(2));
    assert_eq!(other.infer(x.clone()), x.clone().linear(fc.weight.value()));
    other.train(x).sum().backward();
    assert!(other.weight.grad().is_some());
}

#[test]
fn the_weight_is_initialized_as_with_a_bias() {
    let (a, b) = (Plain::new(&mut Rng::seed(3)), Linear::<3, 2, f64>::new(&mut Rng::seed(3)));
    assert_eq!(a.weight.value(), b.weight.value());
}
