//! Compares gradients with finite differences.

use crate::error_format::debug_as_display;
use crate::graph::{Chain, Context, Flow, GradSlot, Graph, Nil, On, OutsideForward, SharedInput, Switch};
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use thiserror::Error;

/// The gradient of an element does not agree with finite differences.
#[derive(Clone, Error, PartialEq)]
#[error(
    "the gradient of element {element} of input {input} is {analytic}, but differences give {numeric} \
     (relative error {relative:e}, tolerance {tolerance:e})"
)]
pub struct GradcheckError {
    /// The index of the input.
    pub input: usize,
    /// The index of the element, in row-major order.
    pub element: usize,
    /// The result of the backward pass.
    pub analytic: f64,
    /// The finite difference of the function.
    pub numeric: f64,
    /// Their difference, divided by the larger of them and 1.
    pub relative: f64,
    /// The largest relative error that was allowed.
    pub tolerance: f64,
}

debug_as_display!(GradcheckError);

/// The argument of a checked function: a tracked tensor that may be used many times.
pub type Checked<S> = Tensor<S, f64, Graph<OutsideForward, Chain<SharedInput<S, f64>, Nil>>>;

/// The inputs of a function whose gradient is checked: a tensor of `f64`, or a tuple of them.
pub trait Inputs {
    /// The same inputs, tracked.
    type Checked;
    #[doc(hidden)]
    fn values(&self) -> Vec<Vec<f64>>;
    #[doc(hidden)]
    fn checked(values: &[Vec<f64>], slots: &[GradSlot<f64>]) -> Self::Checked;
}

fn checked<S: Shape>(values: &[f64], slot: &GradSlot<f64>) -> Checked<S> {
    Tensor::from_parts(Storage::from_slice(values), <On as Switch>::share(slot))
}

impl<S: Shape> Inputs for Tensor<S, f64> {
    type Checked = Checked<S>;
    fn values(&self) -> Vec<Vec<f64>> {
        vec![self.to_vec()]
    }
    fn checked(values: &[Vec<f64>], slots: &[GradSlot<f64>]) -> Checked<S> {
        checked(&values[0], &slots[0])
    }
}

macro_rules! impl_inputs {
    ($($shape:ident $index:tt)+) => {
        impl<$($shape: Shape),+> Inputs for ($(Tensor<$shape, f64>,)+) {
            type Checked = ($(Checked<$shape>,)+);
            fn values(&self) -> Vec<Vec<f64>> {
                vec![$(self.$index.to_vec()),+]
            }
            fn checked(values: &[Vec<f64>], slots: &[GradSlot<f64>]) -> Self::Checked {
                ($(checked(&values[$index], &slots[$index]),)+)
            }
        }
    };
}
impl_inputs!(A 0);
impl_inputs!(A 0 B 1);
impl_inputs!(A 0 B 1 C 2);
impl_inputs!(A 0 B 1 C 2 D 3);
impl_inputs!(A 0 B 1 C 2 D 3 E 4);

/// Compares the gradient of `f` at `inputs` with central finite differences, in `f64`. PyTorch's
/// `torch.autograd.gradcheck`.
///
/// `f` is any function from tensors to a scalar. Each input may be used many times. The differences are those of
/// five points, with an error far below the tolerance of 1e-6, if `f` is smooth within 0.001 of each element.
///
/// # Errors
/// The first element whose gradient does not agree with the differences.
///
/// ```
/// use typegrad::prelude::*;
/// use typegrad::gradcheck;
/// let rng = &mut Rng::seed(0);
/// let x = Tensor::<Rank2<2, 3>, f64>::randn(rng);
/// let w = Tensor::<Rank2<4, 3>, f64>::randn(rng);
/// gradcheck((x, w), |(x, w)| x.linear(w).powi(2).sum()).unwrap();
/// ```
pub fn gradcheck<I, C, F>(
    inputs: I,
    f: impl Fn(I::Checked) -> Tensor<(), f64, Graph<C, F>>,
) -> Result<(), GradcheckError>
where
    I: Inputs,
    C: Context,
    F: Flow<(), f64>,
{
    const TOLERANCE: f64 = 1e-6;
    // A power of two, so that x + h - x is h.
    const STEP: f64 = 1.0 / 4096.0;
    let mut values = inputs.values();

    let slots: Vec<_> = values.iter().map(|_| GradSlot::new(true)).collect();
    let (_, flow) = f(I::checked(&values, &slots)).into_parts();
    flow.backward(Tensor::constant(Storage::filled(1, 1.0)));
    let gradients: Vec<_> = slots.into_iter().map(GradSlot::take).collect();

    let constants: Vec<_> = values.iter().map(|_| GradSlot::unneeded()).collect();
    for (input, gradient) in gradients.iter().enumerate() {
        for element in 0..values[input].len() {
            let x = values[input][element];
            let mut at = |h: f64| {
                values[input][element] = x + h;
                f(I::checked(&values, &constants)).value().item()
            };
            let near = at(STEP) - at(-STEP);
            let far = at(2.0 * STEP) - at(-2.0 * STEP);
            at(0.0);
            let numeric = (8.0 * near - far) / (12.0 * STEP);
            let analytic = gradient.as_ref().map_or(0.0, |g| g.as_slice()[element]);
            let relative = (analytic - numeric).abs() / analytic.abs().max(numeric.abs()).max(1.0);
            if relative > TOLERANCE || relative.is_nan() {
                let tolerance = TOLERANCE;
                return Err(GradcheckError { input, element, analytic, numeric, relative, tolerance });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Pullback;
    use crate::prelude::*;

    /// y = x with the gradient 2 dL/dy, which is wrong.
    struct Wrong;
    impl<S: Shape> Pullback<S, S, f64> for Wrong {
        fn pull(self, grad: Tensor<S, f64>) -> Tensor<S, f64> {
            grad * 2.0
        }
    }

    #[test]
    fn a_right_gradient_passes_and_a_wrong_one_is_named() {
        let x = Tensor::from([1.0_f64, -2.0, 3.0]);
        assert_eq!(gradcheck(x.clone(), |x| (x.clone() * x).sum()), Ok(()));
        let wrong = |x: Checked<Rank1<3>>| {
            let (data, flow) = x.into_parts();
            Tensor::<Rank1<3>, f64, Graph<OutsideForward, _>>::from_parts(data, flow.then(|| Wrong)).sum()
        };
        let error = gradcheck(x, wrong).unwrap_err();
        assert_eq!((error.input, error.element, error.analytic), (0, 0, 2.0));
        assert!((error.numeric - 1.0).abs() < 1e-9, "{error}");
    }

    #[test]
    fn an_input_that_does_not_matter_has_the_gradient_zero() {
        let x = Tensor::from([1.0_f64, 2.0]);
        assert_eq!(gradcheck((x.clone(), x), |(x, _)| (x.clone() * x).sum()), Ok(()));
    }
}
