//! `gradcheck` for a layer.

use typegrad::graph::Mode;
use typegrad::nn::{Visitor, VisitorMut};
use typegrad::prelude::*;
use typegrad::{InputOf, gradcheck};

const TOLERANCE: f64 = 1e-6;
/// A power of two, so that x + h - x is h.
const STEP: f64 = 1.0 / 4096.0;

/// The gradients of all parameters, in the order of the fields.
#[derive(Default)]
struct Gradients(Vec<Vec<f64>>);

impl<'a> Visitor<'a> for Gradients {
    fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
        let gradient = param.grad().expect("every parameter has a gradient");
        self.0.push(gradient.as_slice().iter().map(|g| g.as_f64()).collect());
    }
}

/// Adds `by` to one element of one parameter.
struct Move {
    parameter: usize,
    element: usize,
    by: f64,
}

impl<'a> VisitorMut<'a> for Move {
    fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
        if self.parameter == 0 {
            let x = &mut param.as_mut_slice()[self.element];
            *x += E::from_f64(self.by);
        }
        self.parameter = self.parameter.wrapping_sub(1);
    }
}

/// Compares the gradients of all parameters of a layer, for a random weighting of what it computes.
pub fn parameters<M, S, I, L>(name: &str, mut layer: L, x: &Tensor<S, I>)
where
    M: Mode,
    S: Shape,
    I: InputOf<f64>,
    L: Forward<S, f64, I>,
{
    let weights = Tensor::<L::Output, f64>::randn(&mut Rng::seed(2));
    let weighted = |layer: &L, backward: bool| {
        layer.reseed(3);
        let loss = (layer.run::<M, _>(x.clone()).boxed() * weights.clone()).sum();
        if backward { loss.backward() } else { loss.value().item() }
    };
    weighted(&layer, true);
    let mut gradients = Gradients::default();
    layer.visit(&mut gradients);
    assert_eq!(
        gradients.0.iter().map(Vec::len).sum::<usize>(),
        layer.num_parameters(),
        "{name}: all parameters are checked"
    );
    for (parameter, gradient) in gradients.0.iter().enumerate() {
        for (element, &analytic) in gradient.iter().enumerate() {
            let mut at = |steps: f64| {
                let by = steps * STEP;
                layer.visit_mut(&mut Move { parameter, element, by });
                let value = weighted(&layer, false);
                layer.visit_mut(&mut Move { parameter, element, by: -by });
                value
            };
            let (near, far) = (at(1.0) - at(-1.0), at(2.0) - at(-2.0));
            let numeric = (8.0 * near - far) / (12.0 * STEP);
            let relative = (analytic - numeric).abs() / analytic.abs().max(numeric.abs()).max(1.0);
            let what = layer.named_parameters().nth(parameter).map_or_else(String::new, |(name, _)| name);
            assert!(
                relative <= TOLERANCE,
                "{name}: the gradient of element {element} of `{what}` is {analytic}, but differences give {numeric}"
            );
        }
    }
}

/// Compares the gradients of the input and of all parameters of a layer.
pub fn layer<M, S, L>(name: &str, layer: L)
where
    M: Mode,
    S: Shape,
    L: Forward<S, f64>,
{
    let x = Tensor::<S, f64>::randn(&mut Rng::seed(1));
    let weights = Tensor::<L::Output, f64>::randn(&mut Rng::seed(2));
    let check = gradcheck(x.clone(), |x| {
        layer.reseed(3);
        (layer.run::<M, _>(x).boxed() * weights.clone()).sum()
    });
    check.unwrap_or_else(|e| panic!("{name}: {e}"));
    layer.zero_grad();
    parameters::<M, S, f64, L>(name, layer, &x);
}

/// `layers! { Train; Linear<4, 3, f64>, Rank2<2, 4>; .. }`: a layer, the shape of its input, and its options.
macro_rules! layers {
    ($mode:ident: $($layer:ty, $s:ty $(, |$l:ident| $options:expr)?;)+) => { $({
        let layer = <$layer as typegrad::prelude::Init>::new(&mut typegrad::prelude::Rng::seed(0));
        $(let layer = { let $l = layer; $options };)?
        $crate::check::layer::<typegrad::graph::$mode, $s, _>(stringify!($layer), layer);
    })+ };
}
pub(crate) use layers;
