//! A recurrent layer as one operation: y₁ .. y_T, and its last state, from x₁ .. x_T, a first state and all weights.
//! Backward: through time, from the last step to the first; `kernel::recurrent::cell` has the formulas of a step.
//!
//! Its right operand is one vector: the weights of all layers, then the first state.

use crate::element::Float;
use crate::graph::{Bundle, Bundled, Flow, Leaves, Pullback2, Pulled, Switch};
use crate::kernel::recurrent::backward::{Reached, backward};
use crate::kernel::recurrent::recurrent::{AllWeights, Masks, Saved, Sizes, forward};
use crate::shape::{Broken, DimExpr, Expr, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::fmt::Debug;
use std::marker::PhantomData;

/// The result of a run that the graph continues from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecurrentOutput {
    /// The output of the last layer in each step.
    Output,
    /// The state of each layer after the last step.
    State,
}

/// A recurrent layer or a cell.
pub trait Recurrence: Debug + 'static {
    /// The elements of all its parameters, if its type says them.
    const PARAMETERS: Option<usize>;
    /// The number of elements of its matrices: the multiply-adds of one step of one example.
    const WEIGHTS: usize;
    /// That the width of an input of shape `S` is that of the layer.
    type Fits<S: Shape>: Law;
}

/// The elements of the matrices of a recurrent layer.
pub(crate) const fn weights(
    num_gates: usize,
    [input, units, layers]: [usize; 3],
    bidirectional: bool,
) -> usize {
    let directions = if bidirectional { 2 } else { 1 };
    let first = input + units;
    let deeper = layers.saturating_sub(1) * (directions + 1) * units;
    directions * num_gates * units * (first + deeper)
}

/// The backward pass of the recurrent layer `L`.
pub struct RecurrentBackward<L, E> {
    sizes: Sizes,
    weights: AllWeights<E>,
    saved: Option<Saved<E>>,
    output: RecurrentOutput,
    layer: PhantomData<fn() -> L>,
}

impl<L, S, R, T, E> Pullback2<S, R, T, E> for RecurrentBackward<L, E>
where
    L: Recurrence,
    S: Shape,
    R: Shape,
    T: Shape,
    E: Float,
{
    /// The last axis is the width, and each of the others is examples or steps.
    const BROKEN: Broken = <L::Fits<S> as Law>::BROKEN;
    const MULTIPLY_ADDS: usize = {
        let (mut product, mut axis) = (L::WEIGHTS, 0);
        while axis + 1 < S::RANK {
            product *= S::SIZES[axis];
            axis += 1;
        }
        product
    };
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<S, R, E> {
        let Some(saved) = self.saved else { return (None, None) };
        let reached = match self.output {
            RecurrentOutput::Output => Reached { output: Some(grad.as_slice()), state: None },
            RecurrentOutput::State => Reached { output: None, state: Some(grad.as_slice()) },
        };
        let (x, rest) = backward(self.sizes, &self.weights, saved, reached, needs_grad);
        (x.map(Tensor::constant), rest.map(Tensor::constant))
    }
}

/// The backward pass of appending a first state to the weights. The gradient row also holds the state;
/// each parameter reads its own prefix of it.
pub struct StateBackward;

impl<S, P, R, E> Pullback2<S, P, R, E> for StateBackward
where
    S: Shape,
    P: Shape,
    R: Shape,
    E: Float,
{
    fn pull(self, grad: Tensor<R, E>, needs_grad: (bool, bool)) -> Pulled<S, P, E> {
        let elements = grad.as_slice();
        let state = needs_grad.0.then(|| {
            let start = elements.len() - S::NUMEL;
            Tensor::constant(Storage::from_slice(&elements[start..]))
        });
        (state, needs_grad.1.then(|| Tensor::constant(grad.data)))
    }
}

/// The number of elements of all parameters of a layer `L`.
#[derive(Debug)]
pub struct Parameters<L>(PhantomData<fn() -> L>);

impl<L: Recurrence> DimExpr for Parameters<L> {
    const SIZE: usize = match L::PARAMETERS {
        Some(count) => count,
        None => 0,
    };
}

/// The number of elements of a row of length `P` followed by a state of shape `H`.
#[derive(Debug)]
pub struct Appended<P, H>(PhantomData<fn() -> (P, H)>);

impl<P: DimExpr, H: Shape> DimExpr for Appended<P, H> {
    const SIZE: usize = P::SIZE + H::NUMEL;
}

/// All parameters of the layer `L` in one row.
type ParameterRow<L> = (Expr<Parameters<L>>,);

/// The same, followed by a state of shape `H`.
type Rest<L, H> = (Expr<Appended<Parameters<L>, H>>,);

/// The flow of the parameters of `L` joined with a first state of shape `H` and flow `R`.
type RestFlow<'m, L, H, E, R, P> =
    <R as Flow<H, E>>::Join<Rest<L, H>, ParameterRow<L>, Bundled<'m, P, E, ParameterRow<L>>, StateBackward>;

/// The flow of a result of shape `T` of a layer `L`: the input has the flow `F`, the first state, of shape `H`, has
/// the flow `R`, and parameters record gradients as `P` says.
pub type RecurrentFlow<'m, L, S, T, H, E, F, R, P> =
    <F as Flow<S, E>>::Join<T, Rest<L, H>, RestFlow<'m, L, H, E, R, P>, RecurrentBackward<L, E>>;

/// The parameters of a recurrent layer.
pub(crate) struct Layers<'m, E> {
    pub sizes: Sizes,
    pub weights: AllWeights<E>,
    /// References to the gradients, in the order of the weights.
    pub leaves: Leaves<'m, E>,
    /// The dropout between the layers.
    pub masks: Masks<E>,
    /// The number of steps of each sequence; none, if each has all.
    pub lengths: Vec<usize>,
}

/// Runs the layer `L` on an input of shape `S`, from a first state or from zeros. Returns the output, the last state,
/// and the flow of that of the two which `output` names, of shape `T`.
pub(crate) fn recurrent<'m, L, S, T, H, E, F, R, P>(
    layers: Layers<'m, E>,
    output: RecurrentOutput,
    (x, flow): (Storage<E>, F),
    (state, first): (Option<Storage<E>>, R),
) -> (Storage<E>, Storage<E>, RecurrentFlow<'m, L, S, T, H, E, F, R, P>)
where
    L: Recurrence,
    S: Shape,
    T: Shape,
    H: Shape,
    E: Float,
    F: Flow<S, E>,
    R: Flow<H, E>,
    P: Switch,
{
    let Layers { sizes, weights, leaves, masks, lengths } = layers;
    let save = F::TRACKED || R::TRACKED || P::ON;
    let first_state = state.as_ref().map(Storage::as_slice);
    let (y, last, saved) = forward(sizes, &weights, &x, first_state, masks, (save, &lengths));
    let rest = first.join(Bundle::flow::<P>(leaves), || StateBackward);
    let flow = flow.join(rest, || RecurrentBackward { sizes, weights, saved, output, layer: PhantomData });
    (y, last, flow)
}
