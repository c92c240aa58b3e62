use typegrad::prelude::*;

/// PyTorch scales the old gradients, which the next `zero_grad` clears, silently.
#[test]
#[should_panic(expected = "no parameter has a gradient to clip: clip after `backward` and before `step`")]
fn gradients_are_not_clipped_after_the_step() {
    let mut w = Param::new(Tensor::from([3.0_f64, 4.0]));
    (w.track().powi(2) * 0.5).sum().backward();
    assert_eq!(w.clip_grad_norm(1.0), 5.0);
    Sgd::new(0.1).step(&mut w);
    w.clip_grad_norm(1.0);
}

#[test]
#[should_panic(expected = "no parameter has a gradient to clip")]
fn nothing_is_clipped_by_value_before_the_first_backward() {
    Linear::<3, 1>::new(&mut Rng::seed(0)).clip_grad_value(1.0);
}

#[test]
fn a_module_without_parameters_has_the_norm_0() {
    assert_eq!(Relu.clip_grad_norm(1.0), 0.0);
    assert_eq!(Relu.try_clip_grad_norm(1.0, 2.0), Ok(0.0));
}
