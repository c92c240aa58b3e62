//! hₜ = f(hₜ₋₁, xₜ) for each t, and the gradients from the last step to the first.

use crate::element::Float;
use crate::graph::{Context, Flow, GradSlot, Graph, Scan, ScanStep, Switch, Waiting};
use crate::kernel::memory::List;
use crate::ops::support::rhs::Operand;
use crate::shape::{Axis, Dim, InsertAxis, Shape};
use crate::storage::Storage;
use crate::tensor::{Computed, Tensor};
use std::marker::PhantomData;

/// The input of a step of a [`scan`](Tensor::scan) in context `C`.
pub type StepInput<C, S, E> = Tensor<S, E, Graph<C, <<C as Context>::Shares as Switch>::SharedFlow<S, E>>>;

/// The state before a step of a [`scan`](Tensor::scan) in context `C`.
pub type StepState<C, S, E> = Tensor<S, E, Graph<C, <<C as Context>::States as Switch>::SharedFlow<S, E>>>;

/// The states of a [`scan`](Tensor::scan) over `[T, X..]`, the shape `S`, from a first state of shape `H` with the operand
/// `R`, where `Y` is what a step returns: `[T, H..]`.
pub type Scanned<S, E, C, F, H, R, Y> = Tensor<
    <H as InsertAxis<0>>::Inserted<<S as Axis<0>>::Dim>,
    E,
    Graph<
        <Y as Computed>::Context,
        ScanFlow<
            <Y as Computed>::Flow,
            H,
            S,
            <S as Axis<0>>::Removed,
            <H as InsertAxis<0>>::Inserted<<S as Axis<0>>::Dim>,
            E,
            <R as Operand<C, E>>::Flow,
            F,
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
    S: Shape,
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
    pub fn scan<R, Y, H>(
        self,
        first: R,
        mut step: impl FnMut(StepState<C, H, E>, StepInput<C, S::Removed, E>) -> Y,
    ) -> Scanned<S, E, C, F, H, R, Y>
    where
        S: Axis<0>,
        H: InsertAxis<0>,
        R: Operand<C, E, Shape = H>,
        Y: Computed<Shape = H, Element = E>,
    {
        let (xs, flow) = self.into_waiting();
        let (mut state, first) = first.into_operand();
        let inputs = GradSlot::new(F::TRACKED && flow.needs_grad());
        let begin = GradSlot::new(R::Flow::TRACKED && first.needs_grad());

        let count = <S::Dim as Dim>::SIZE;
        let mut states = Storage::unspecified(count * H::NUMEL);
        let mut steps = List::with_capacity(if Y::Flow::TRACKED { count } else { 0 });
        for t in 0..count {
            let h = GradSlot::new(t > 0 || begin.is_wanted());
            let x = GradSlot::new(inputs.is_wanted());
            let row = &xs.as_slice()[t * S::Removed::NUMEL..(t + 1) * S::Removed::NUMEL];
            let input = Tensor::from_parts(Storage::from_slice(row), <C::Shares as Switch>::share(&x));
            let before = Tensor::from_parts(state, <C::States as Switch>::share(&h));
            let (next, graph) = step(before, input).into_tensor().into_parts();
            states.make_mut()[t * H::NUMEL..][..H::NUMEL].copy_from_slice(next.as_slice());
            state = next;
            if Y::Flow::TRACKED {
                steps.push(ScanStep { graph, state: h, input: x });
            }
        }
        let scan = Y::Flow::start_at(|| Scan {
            steps,
            first: begin.another(),
            inputs: inputs.another(),
            shapes: PhantomData,
        });
        Tensor::from_parts(
            states,
            scan.bounded::<_, _, ()>(first, begin).bounded::<_, _, ()>(Waiting::into_inner(flow), inputs),
        )
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
