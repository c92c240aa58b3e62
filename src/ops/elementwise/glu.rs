//! y = a sigmoid(b) for the two halves a and b of an axis, and dL/da = sigmoid(b) dL/dy, dL/db = a s (1 - s) dL/dy with
//! s = sigmoid(b).

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::elementwise::function::{BinaryFunction, UnaryFunction};
use crate::kernel::elementwise::number::NumberZip;
use crate::kernel::math::Function;
use crate::kernel::shape::concat::{concat, narrow};
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, HasAxis, Law, Message, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `glu`.
pub struct GluBackward<E> {
    a: Storage<E>,
    gate: Storage<E>,
    outer: usize,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for GluBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let da = NumberZip::Mul.zip(grad.data.clone(), self.gate.clone());
        let db = FloatZip::SigmoidGrad.zip(NumberZip::Mul.zip(grad.data, self.a), self.gate);
        Tensor::constant(concat(&[da, db], self.outer))
    }
}

/// The axis of the shape `S` at the position `P` has halves.
pub struct Halves<S, P>(S, P);

/// [`Halves`] of the axis `I`.
pub(crate) type HalvesOf<S, const I: isize> = Halves<S, <S as HasAxis<I>>::AxisPosition>;

impl<S: Shape, P: Dim> Law for Halves<S, P> {
    const WRONG: Option<Message> = if S::SIZES[P::SIZE].is_multiple_of(2) {
        None
    } else {
        let message = Message::new()
            .text("glu halves an axis, so that its size must be even: axis ")
            .number(P::SIZE)
            .text(" of a tensor of shape ")
            .sizes(S::SIZES)
            .text(" has size ")
            .number(S::SIZES[P::SIZE]);
        Some(message)
    };
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// a sigmoid(b), where a is the first half of the axis `I` and b the second. PyTorch's `F.glu(x, dim=I)`.
    ///
    /// In: `S`, where the axis `I` has an even size, which is checked when the program is built. Out: `S` with half of it, an
    /// expression, which [`with_shape`](Tensor::with_shape) writes as a literal.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([[6.0, 8.0, 0.0, f64::INFINITY]]).glu::<-1>();
    /// assert_eq!(y.with_shape(), Tensor::from([[3.0, 8.0]]));
    /// ```
    #[rustfmt::skip]
    pub fn glu<const I: isize>( // `x.glu::<-1>()`
        self,
    ) -> Unary<S, E, C, F, S::HalvedAxis, Lawful<GluBackward<E>, Halves<S, S::AxisPosition>>>
    where
        S: Axis<I>,
    {
        let () = HalvesOf::<S, I>::HOLDS;
        let AxisLayout { outer, size, inner } = AxisLayout::of::<S, I>();
        let half = size / 2 * inner;
        let (x, flow) = self.into_waiting();
        let a = narrow(x.as_slice(), 2 * half, 0, half);
        let gate = Function::Sigmoid.map(narrow(x.as_slice(), 2 * half, half, half));
        let flow = Waiting::new(
            Waiting::into_inner(flow)
                .then(|| Lawful::new(GluBackward { a: a.clone(), gate: gate.clone(), outer })),
        );
        Tensor::from_waiting(NumberZip::Mul.zip(a, gate), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 4, 6>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.glu::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.glu::<1>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.glu::<-1>().powi(3).sum()).unwrap();
        assert!(Tensor::<Rank2<2, 0>>::ones().glu::<1>().to_vec().is_empty());
    }
}
