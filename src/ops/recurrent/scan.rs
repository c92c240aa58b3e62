//! hₜ = f(hₜ₋₁, xₜ) for each t, and the gradients from the last step to the first.

use crate::element::Float;
use crate::graph::{Context, Flow, GradSlot, Graph, Scan, ScanStep, Switch, Waiting};
use crate::kernel::memory::List;
use crate::ops::support::results::{ContextOf, ElementOf, FlowOf, OperandShape, ShapeOf};
use crate::ops::support::rhs::Operand;
use crate::shape::{Axis, Dim, InsertAxis, Shape};
use crate::storage::Storage;
use crate::tensor::{Computed, NextState, Tensor};
use std::marker::PhantomData;

/// The input of a step of a [`scan`](Tensor::scan) in context `C`.
pub type ScanInput<C, S, E> = Tensor<S, E, Graph<C, <<C as Context>::Shares as Switch>::SharedFlow<S, E>>>;

/// The state before a step of a [`scan`](Tensor::scan) in context `C`.
pub type ScanState<C, S, E> = Tensor<S, E, Graph<C, <<C as Context>::States as Switch>::SharedFlow<S, E>>>;

/// The step of a [`scan`](Tensor::scan) over the first axis of a tensor `X` from a first state `R`: a function of the
/// state and of an input, whose result is the next state.
pub trait Step<X, R>: FnMut(StateOf<X, R>, InputOf<X>) -> Self::State
where
    X: Computed<Shape: Axis<0>>,
    R: Operand<ContextOf<X>, ElementOf<X>>,
{
    /// Its result, the next state.
    type State: NextState<OperandShape<X, R>, ElementOf<X>>;
}

impl<X, R, Y, G> Step<X, R> for G
where
    X: Computed<Shape: Axis<0>>,
    R: Operand<ContextOf<X>, ElementOf<X>>,
    Y: NextState<OperandShape<X, R>, ElementOf<X>>,
    G: FnMut(StateOf<X, R>, InputOf<X>) -> Y,
{
    type State = Y;
}

/// The context of the states after the first one.
type NextContext<X, R, G> =
    <<G as Step<X, R>>::State as NextState<OperandShape<X, R>, ElementOf<X>>>::Context;

/// Their flow.
type NextFlow<X, R, G> = <<G as Step<X, R>>::State as NextState<OperandShape<X, R>, ElementOf<X>>>::Flow;

/// The first argument of a step.
type StateOf<X, R> = ScanState<ContextOf<X>, OperandShape<X, R>, ElementOf<X>>;

/// The second argument of a step.
type InputOf<X> = ScanInput<ContextOf<X>, <ShapeOf<X> as Axis<0>>::Removed, ElementOf<X>>;

/// The shape of the states.
type States<X, R> = <OperandShape<X, R> as InsertAxis<0>>::Inserted<<ShapeOf<X> as Axis<0>>::Dim>;

/// The states of a [`scan`](Tensor::scan) over the tensor `X`, `[T, X..]`, from a first state `R`, where `G` is the step:
/// `[T, H..]`.
pub type Scanned<X, R, G> = Tensor<
    States<X, R>,
    ElementOf<X>,
    Graph<
        NextContext<X, R, G>,
        ScanFlow<
            NextFlow<X, R, G>,
            OperandShape<X, R>,
            ShapeOf<X>,
            <ShapeOf<X> as Axis<0>>::Removed,
            States<X, R>,
            ElementOf<X>,
            <R as Operand<ContextOf<X>, ElementOf<X>>>::Flow,
            FlowOf<X>,
        >,
    >,
>;

/// The flow of a recurrence: untracked if its steps are, else a boundary around them for the first state (`S`, with the flow
/// `R`) and one for the inputs (`X`, with the flow `F`).
type ScanFlow<H, S, X, I, T, E, R, F> = <<<H as Flow<S, E>>::StartAt<T, Scan<H, S, I, T, E>> as Flow<
    T,
    E,
>>::Bounded<S, R, ()> as Flow<T, E>>::Bounded<X, F, ()>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Axis<0>,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// A recurrence: `state = step(state, x)` for each `x` along the first axis. Returns all states, stacked.
    ///
    /// In: inputs `[T, X..]` and a first state `[H..]`. Out: the states after each step, `[T, H..]`. In each step
    /// the state and the input may be used many times.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let xs = Tensor::from([1.0, 2.0, 3.0]);
    /// let w = Param::new(Tensor::from(2.0));
    /// let states = xs.scan(Tensor::from(0.0), |h, x| h * &w + x);
    /// assert_eq!(states, Tensor::from([1.0, 4.0, 11.0])); // 1, 2·1 + 2, 2·4 + 3
    /// states.sum().backward();
    /// assert_eq!(w.grad().unwrap().item(), 7.0);
    /// ```
    pub fn scan<R, G: Step<Self, R>>(self, first: R, mut step: G) -> Scanned<Self, R, G>
    where
        R: Operand<C, E, Shape: InsertAxis<0>>,
    {
        let (xs, flow) = self.into_waiting();
        let (mut state, first) = first.into_operand();
        let inputs = GradSlot::new(F::TRACKED && flow.needs_grad());
        let begin = GradSlot::new(R::Flow::TRACKED && first.needs_grad());

        let count = <S::Dim as Dim>::SIZE;
        let mut states = Storage::unspecified(count * R::Shape::NUMEL);
        let mut steps = List::with_capacity(if NextFlow::<Self, R, G>::TRACKED { count } else { 0 });
        for t in 0..count {
            let h = GradSlot::new(t > 0 || begin.needs_grad());
            let x = GradSlot::new(inputs.needs_grad());
            let row = &xs.as_slice()[t * S::Removed::NUMEL..(t + 1) * S::Removed::NUMEL];
            let input = Tensor::from_parts(Storage::from_slice(row), <C::Shares as Switch>::share(&x));
            let before = Tensor::from_parts(state, <C::States as Switch>::share(&h));
            let (next, graph) = step(before, input).into_state().into_parts();
            states.make_mut()[t * R::Shape::NUMEL..][..R::Shape::NUMEL].copy_from_slice(next.as_slice());
            state = next;
            if NextFlow::<Self, R, G>::TRACKED {
                steps.push(ScanStep { graph, state: h, input: x });
            }
        }
        let scan = NextFlow::<Self, R, G>::start_at(|| Scan {
            steps,
            first: begin.another(),
            inputs: inputs.another(),
            shapes: PhantomData,
        });
        let flow =
            scan.bounded::<_, _, ()>(first, begin).bounded::<_, _, ()>(Waiting::into_inner(flow), inputs);
        Tensor::from_parts(states, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn every_gradient_of_a_recurrence_agrees_with_differences() {
        let rng = &mut Rng::seed(3);
        let xs = Tensor::<Rank3<4, 2, 3>, f64>::randn(rng);
        let h = Tensor::<Rank2<2, 5>, f64>::randn(rng);
        let (wx, wh) = (Tensor::<Rank2<5, 3>, f64>::randn(rng), Tensor::<Rank2<5, 5>, f64>::randn(rng));
        gradcheck((xs, h, wx, wh), |(xs, h, wx, wh)| {
            xs.scan(h, |h, x| x.linear(wx.clone()) + h.clone().linear(wh.clone()).powi(2) * 0.1 + h)
                .powi(2)
                .sum()
        })
        .unwrap();
    }

    #[test]
    fn the_states_after_each_step_come_in_order() {
        let xs = Tensor::<Rank2<3, 2>>::ones();
        let states = xs.scan(Tensor::<Rank1<2>>::zeros(), |h, x| h + x);
        assert_eq!(states, Tensor::from([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]));
    }

    #[test]
    fn no_step_gives_no_state() {
        let states = Tensor::<Rank2<0, 2>>::ones().scan(Tensor::<Rank1<2>>::zeros(), |h, x| h + x);
        assert!(states.as_slice().is_empty());
    }
}
