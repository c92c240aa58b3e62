//! Backward passes with a requirement on sizes, which [`check`](crate::nn::check) reads from the type of a graph.

use crate::element::Element;
use crate::graph::{Pullback, Pullback2, Pulled};
use crate::shape::{Broken, Law, Shape, first};
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass `B` of an operation whose sizes obey the law `L`.
pub struct Lawful<B, L> {
    backward: B,
    law: PhantomData<fn() -> L>,
}

impl<B, L> Lawful<B, L> {
    pub(in crate::ops) fn new(backward: B) -> Self {
        Lawful { backward, law: PhantomData }
    }
}

impl<S: Shape, T: Shape, E: Element, B: Pullback<S, T, E>, L: Law> Pullback<S, T, E> for Lawful<B, L> {
    const MULTIPLY_ADDS: usize = B::MULTIPLY_ADDS;
    const BROKEN: Broken = first(L::BROKEN, B::BROKEN);
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        self.backward.pull(grad)
    }
}

impl<S, R, T, E, B, L> Pullback2<S, R, T, E> for Lawful<B, L>
where
    S: Shape,
    R: Shape,
    T: Shape,
    E: Element,
    B: Pullback2<S, R, T, E>,
    L: Law,
{
    const MULTIPLY_ADDS: usize = B::MULTIPLY_ADDS;
    const BROKEN: Broken = first(L::BROKEN, B::BROKEN);
    const REPEATS: bool = B::REPEATS;
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<S, R, E> {
        self.backward.pull(grad, needs_grad)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn a_tensor_shows_the_operation_and_not_the_law() {
        let w = Param::new(Tensor::<Rank2<4, 4>>::ones());
        let shown =
            |text: String, name: &str| assert!(text.ends_with(&format!("grad_fn=<{name}>)")), "{text}");
        shown(w.track().permute::<Axes2<1, 0>>().to_string(), "ViewBackward");
        shown(w.track().pad::<1, 0>(0.0).to_string(), "PadBackward");
        shown(w.track().glu::<0>().to_string(), "GluBackward");
        shown(w.track().prelu(Tensor::from([0.5])).to_string(), "PreluBackward");
    }
}
