//! Residual blocks.

use typegrad::prelude::*;

#[test]
fn the_gradient_goes_both_ways() {
    let fc = Linear::<2, 2, f64> {
        weight: Param::new(Tensor::from([[1.0, 2.0], [3.0, 4.0]])),
        bias: Param::new(Tensor::zeros()),
    };
    let block = Residual(fc);
    assert_eq!(block.state_dict().names().collect::<Vec<_>>(), ["weight", "bias"]);
    let x = Param::new(Tensor::from([1.0_f64, -1.0]));
    let y = block.train(x.track());
    assert_eq!(y.value(), Tensor::from([0.0, -2.0]));
    y.sum().backward();
    // 1 + the sums of the columns.
    assert_eq!(x.grad().unwrap(), Tensor::from([5.0, 7.0]));
    assert_eq!(block.0.weight.grad().unwrap(), Tensor::from([[1.0, -1.0], [1.0, -1.0]]));
}

#[test]
fn a_residual_in_training_trains_its_module() {
    let block = Residual::<(Linear<3, 5>, Relu, Linear<5, 3>)>::new(&mut Rng::seed(0));
    block.train(Tensor::<Rank2<2, 3>>::ones()).sum().backward();
    assert!(block.parameters().all(|parameter| parameter.grad().is_some()));
    assert_eq!(<Residual<Linear<3, 3>> as Module>::NUM_PARAMETERS, Some(12));
}
