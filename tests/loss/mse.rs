//! The values and gradients of `mse`.

use typegrad::gradcheck;
use typegrad::prelude::*;

// Values of PyTorch 2.
#[test]
fn both_sides_have_the_gradient_of_pytorch() {
    let x = Param::new(Tensor::from([1.0, 2.0, 4.0]));
    let t = Param::new(Tensor::from([0.0, 2.0, 1.0]));
    assert_eq!(x.track().mse_loss(&t).backward(), 10.0 / 3.0);
    assert_eq!(x.grad().unwrap(), Tensor::from([2.0 / 3.0, 0.0, 2.0]));
    assert_eq!(t.grad().unwrap(), Tensor::from([-2.0 / 3.0, 0.0, -2.0]));
}

#[test]
fn only_tracked_operands_get_a_gradient() {
    let x = Tensor::from([1.0, 2.0]);
    let t = Param::new(Tensor::from([0.0, 4.0]));
    MseLoss.sum(x.clone(), &t).backward();
    assert_eq!(t.grad().unwrap(), Tensor::from([-2.0, 4.0]));
    assert_eq!(x, Tensor::from([1.0, 2.0]));
    assert_eq!(MseLoss.none(x, t.value()), Tensor::from([1.0, 4.0]));
}

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(1);
    let x = Tensor::<Rank2<2, 3>, f64>::randn(rng);
    let t = Tensor::<Rank2<2, 3>, f64>::randn(rng);
    gradcheck((x.clone(), t.clone()), |(x, t)| x.mse_loss(t)).unwrap();
    gradcheck((x.clone(), t.clone()), |(x, t)| MseLoss.none(x, t).powi(2).sum()).unwrap();
    gradcheck(x, |x| MseLoss.sum(x, &t).powi(2)).unwrap();
}

#[test]
fn the_loss_of_no_elements_is_nan() {
    assert!(Tensor::<Rank1<0>>::zeros().mse_loss(Tensor::zeros()).item().is_nan());
    assert_eq!(MseLoss.sum(Tensor::<Rank1<0>>::zeros(), Tensor::zeros()).item(), 0.0);
}
