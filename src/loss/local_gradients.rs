//! Shared by the losses: the local gradients they save, and their methods.

use super::SameShapeOperand;
use super::results::{OfThree, OfTwo};
use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Pullback2, Pulled, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::elementwise::function::UnaryFunction;
use crate::kernel::elementwise::number::NumberMap;
use crate::kernel::loss::along::{Job, lanes};
use crate::kernel::loss::elements::{Constant, elements};
use crate::kernel::loss::formulas::ElementLoss;
use crate::kernel::loss::{Reduce, check_signs, scaled};
use crate::kernel::shape::concat::concat;
use crate::ops::{Packed, PackedBackward, Unary};
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::{Elements, Tensor};

/// An element of its own: the lanes of a loss that is computed, element-wise.
pub(super) const ELEMENTS: AxisLayout = AxisLayout { outer: 1, size: 1, inner: 1 };

/// The local gradients of a loss, computed in the forward pass. The backward pass multiplies them by the upstream gradient.
pub(super) struct LocalGradients<E> {
    pub(super) x: Option<Storage<E>>,
    pub(super) other: Other<E>,
    pub(super) along: AxisLayout,
}

/// The local gradient with respect to the right operand.
pub(super) enum Other<E> {
    /// There is none, or it is not needed.
    None,
    /// Minus that with respect to the left operand.
    Opposite,
    Own(Storage<E>),
}

impl<E: Float> LocalGradients<E> {
    /// The local gradients of a loss with one tracked operand.
    pub(super) fn of(x: Option<Storage<E>>, along: AxisLayout) -> Self {
        LocalGradients { x, other: Other::None, along }
    }

    pub(super) fn pull_one<S: Shape, T: Shape>(self, grad: &Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(scaled(self.x.unwrap_or_else(Storage::empty), grad.as_slice(), self.along))
    }

    pub(super) fn pull<A: Shape, B: Shape, T: Shape>(
        self,
        grad: &Tensor<T, E>,
        needs_grad: (bool, bool),
    ) -> Pulled<A, B, E> {
        let opposite = matches!(self.other, Other::Opposite);
        let x = self.x.filter(|_| needs_grad.0 || opposite).map(|x| scaled(x, grad.as_slice(), self.along));
        let other = match self.other {
            Other::Own(gradient) if needs_grad.1 => Some(scaled(gradient, grad.as_slice(), self.along)),
            Other::Opposite if needs_grad.1 => x.clone().map(|x| NumberMap::Neg.map(x)),
            _ => None,
        };
        (x.filter(|_| needs_grad.0).map(Tensor::constant), other.map(Tensor::constant))
    }
}

/// The formula of an element-wise loss.
pub(super) struct Formula<'a, E> {
    pub(super) loss: ElementLoss<E>,
    /// The arguments after the operands.
    pub(super) constant: Constant<'a, E>,
    pub(super) weight: Constant<'a, E>,
    /// The text of a panic, if an operand is wrong.
    pub(super) problem: Option<String>,
}

impl<E> Formula<'_, E> {
    /// Of the operands alone.
    pub(super) fn plain(loss: ElementLoss<E>) -> Self {
        Formula { loss, constant: Constant::Nothing, weight: Constant::Nothing, problem: None }
    }
}

/// A factor for each element, if there are weights.
pub(super) fn factors<E>(weights: Option<&[E]>) -> Constant<'_, E> {
    weights.map_or(Constant::Nothing, Constant::Numbers)
}

/// Element-wise, of x and labels of 1 or -1, for the loss `name`.
#[track_caller]
pub(super) fn with_signs<T, S, E, C, F, B>(
    name: &str,
    x: Tensor<S, E, Graph<C, F>>,
    labels: impl Elements<S, i64>,
    reduce: Reduce,
    make: fn(LocalGradients<E>) -> B,
    loss: ElementLoss<E>,
) -> Unary<S, E, C, F, T, B>
where
    T: Shape,
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
    B: Pullback<S, T, E>,
{
    let (x, flow) = x.into_waiting();
    let labels = labels.elements();
    check_signs(name, &labels[..reduce.rows.part(labels.len())]);
    let constants = (Constant::Signs(labels), Constant::Nothing);
    let (value, [x]) = elements(loss, [x], constants, [F::TRACKED], reduce);
    Tensor::from_parts(value, Waiting::into_inner(flow).then(|| make(LocalGradients::of(x, ELEMENTS))))
}

/// Element-wise, of two operands. With `opposite`, the gradient for the target is minus that for x.
#[track_caller]
pub(super) fn pair<'a, T, S, E, C, F, R, B>(
    x: Tensor<S, E, Graph<C, F>>,
    target: R,
    reduce: Reduce,
    opposite: bool,
    make: fn(LocalGradients<E>) -> B,
    formula: impl FnOnce(&[E]) -> Formula<'a, E>,
) -> OfTwo<T, Tensor<S, E, Graph<C, F>>, R, B>
where
    T: Shape,
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
    R: SameShapeOperand<C, S, E>,
    B: Pullback2<S, R::Shape, T, E>,
{
    let (x, flow) = x.into_waiting();
    let (target, rhs) = target.into_same_shape_operand();
    let tracked = <R::Flow as Flow<R::Shape, E>>::TRACKED;
    let needs_grad = [F::TRACKED || opposite && tracked, tracked && !opposite];
    let Formula { loss, constant, weight, problem } = formula(&x.as_slice()[..reduce.rows.part(x.len())]);
    // Out here, where `track_caller` names the line of the user.
    if let Some(problem) = problem {
        panic!("{problem}");
    }
    let (value, [x, other]) = elements(loss, [x, target], (constant, weight), needs_grad, reduce);
    let other = if opposite && tracked { Other::Opposite } else { other.map_or(Other::None, Other::Own) };
    let flow = Waiting::into_inner(flow).join(rhs, || make(LocalGradients { x, other, along: ELEMENTS }));
    Tensor::from_parts(value, flow)
}

/// Lane by lane of two tensors: `compute` runs the job.
pub(super) fn pair_of_lanes<T, S, E, C, F, R, B>(
    x: Tensor<S, E, Graph<C, F>>,
    other: R,
    along: AxisLayout,
    reduce: Reduce,
    make: fn(LocalGradients<E>) -> B,
    compute: impl FnOnce(&Job<'_, E, 2>),
) -> OfTwo<T, Tensor<S, E, Graph<C, F>>, R, B>
where
    T: Shape,
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
    R: SameShapeOperand<C, S, E>,
    B: Pullback2<S, R::Shape, T, E>,
{
    let (x, flow) = x.into_waiting();
    let (other, rhs) = other.into_same_shape_operand();
    let needs_grad = [F::TRACKED, <R::Flow as Flow<R::Shape, E>>::TRACKED];
    let (value, [x, other]) = lanes([x, other], along, needs_grad, reduce, compute);
    let other = other.map_or(Other::None, Other::Own);
    let flow = Waiting::into_inner(flow).join(rhs, || make(LocalGradients { x, other, along }));
    Tensor::from_parts(value, flow)
}

/// A value, and the local gradients that are needed.
type ValueAndGradients<E, const N: usize> = (Storage<E>, [Option<Storage<E>>; N]);

/// The local gradients of a loss of three tensors, the first two packed as one operand; see [`Packed`].
pub(super) struct LocalGradients3<E> {
    gradients: [Option<Storage<E>>; 3],
    along: AxisLayout,
}

impl<E: Float> LocalGradients3<E> {
    pub(super) fn pull<A: Shape, B: Shape, D: Shape, T: Shape>(
        self,
        grad: &Tensor<T, E>,
        needs_grad: (bool, bool),
    ) -> Pulled<Packed<A, B>, D, E> {
        let [a, b, c] = self.gradients;
        let times = |gradient| scaled(gradient, grad.as_slice(), self.along);
        let zeros = || Storage::filled(A::NUMEL, E::zero());
        let ends = needs_grad.0.then(|| {
            let (a, b) = (a.map_or_else(zeros, times), b.map_or_else(zeros, times));
            Tensor::constant(concat(&[a, b], 1))
        });
        (ends, c.filter(|_| needs_grad.1).map(times).map(Tensor::constant))
    }
}

/// Lane by lane of three tensors: `compute` runs the job.
pub(super) fn three_lanes<T, S, E, C, F, R1, R2, B>(
    x: Tensor<S, E, Graph<C, F>>,
    second: R1,
    third: R2,
    along: AxisLayout,
    reduce: Reduce,
    make: fn(LocalGradients3<E>) -> B,
    compute: impl FnOnce(&Job<'_, E, 3>),
) -> OfThree<T, Tensor<S, E, Graph<C, F>>, R1, R2, B>
where
    T: Shape,
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
    R1: SameShapeOperand<C, S, E>,
    R2: SameShapeOperand<C::Or<R1::Context>, S, E>,
    B: Pullback2<Packed<S, R1::Shape>, R2::Shape, T, E>,
{
    three(x, second, third, along, make, |operands, needs_grad| {
        Ok(lanes(operands, along, needs_grad, reduce, compute))
    })
}

/// Element-wise, of three operands; `loss` looks at them, and gives the text of a panic if they are wrong.
#[track_caller]
pub(super) fn three_elements<T, S, E, C, F, R1, R2, B>(
    x: Tensor<S, E, Graph<C, F>>,
    second: R1,
    third: R2,
    reduce: Reduce,
    make: fn(LocalGradients3<E>) -> B,
    loss: impl FnOnce(&[Storage<E>; 3]) -> Result<ElementLoss<E>, String>,
) -> OfThree<T, Tensor<S, E, Graph<C, F>>, R1, R2, B>
where
    T: Shape,
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
    R1: SameShapeOperand<C, S, E>,
    R2: SameShapeOperand<C::Or<R1::Context>, S, E>,
    B: Pullback2<Packed<S, R1::Shape>, R2::Shape, T, E>,
{
    three(x, second, third, ELEMENTS, make, |operands, needs_grad| {
        let loss = loss(&operands)?;
        Ok(elements(loss, operands, (Constant::Nothing, Constant::Nothing), needs_grad, reduce))
    })
}

/// The value of `run`, which is told what gradients are needed.
#[track_caller]
fn three<T, S, E, C, F, R1, R2, B>(
    x: Tensor<S, E, Graph<C, F>>,
    second: R1,
    third: R2,
    along: AxisLayout,
    make: fn(LocalGradients3<E>) -> B,
    run: impl FnOnce([Storage<E>; 3], [bool; 3]) -> Result<ValueAndGradients<E, 3>, String>,
) -> OfThree<T, Tensor<S, E, Graph<C, F>>, R1, R2, B>
where
    T: Shape,
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
    R1: SameShapeOperand<C, S, E>,
    R2: SameShapeOperand<C::Or<R1::Context>, S, E>,
    B: Pullback2<Packed<S, R1::Shape>, R2::Shape, T, E>,
{
    let (x, flow) = x.into_waiting();
    let (second, flow2) = second.into_same_shape_operand();
    let (third, flow3) = third.into_same_shape_operand();
    let needs_grad =
        [F::TRACKED, <R1::Flow as Flow<R1::Shape, E>>::TRACKED, <R2::Flow as Flow<R2::Shape, E>>::TRACKED];
    let (value, gradients) = match run([x, second, third], needs_grad) {
        Ok(both) => both,
        Err(problem) => panic!("{problem}"),
    };
    let flow = Waiting::into_inner(flow)
        .join(flow2, || PackedBackward)
        .join(flow3, || make(LocalGradients3 { gradients, along }));
    Tensor::from_parts(value, flow)
}

/// Defines the backward pass of a loss: its local gradients, under the name that `grad_fn` shows. With `for`, it is that of a
/// type.
macro_rules! backward {
    (for $loss:ident $(<$($w:ident),+>)?: $($backward:tt)+) => {
        super::local_gradients::backward!($($backward)+);

        super::local_gradients::backward!(@of $loss [$($($w),+)?] $($backward)+);
    };
    (@of $loss:ident [$($w:ident),*] $backward:ident of $($rest:tt)+) => {
        impl<$($w,)* E> super::Criterion<E> for $loss<$($w),*> {
            type Backward = $backward<E>;
        }
    };
    ($backward:ident of $name:ident) => {
        #[doc = concat!("The backward pass of `", stringify!($name), "`.")]
        pub struct $backward<E>(super::local_gradients::LocalGradients<E>);

        impl<S, T, E> crate::graph::Pullback<S, T, E> for $backward<E>
        where
            S: crate::shape::Shape,
            T: crate::shape::Shape,
            E: crate::element::Float,
        {
            fn pull(self, grad: crate::tensor::Tensor<T, E>) -> crate::tensor::Tensor<S, E> {
                self.0.pull_one(&grad)
            }
        }

        impl<A, B, T, E> crate::graph::Pullback2<A, B, T, E> for $backward<E>
        where
            A: crate::shape::Shape,
            B: crate::shape::Shape,
            T: crate::shape::Shape,
            E: crate::element::Float,
        {
            fn pull(
                self,
                grad: crate::tensor::Tensor<T, E>,
                needs_grad: (bool, bool),
            ) -> crate::graph::Pulled<A, B, E> {
                self.0.pull(&grad, needs_grad)
            }
        }
    };
    ($backward:ident of $name:ident, three tensors) => {
        #[doc = concat!("The backward pass of `", stringify!($name), "`.")]
        pub struct $backward<E>(super::local_gradients::LocalGradients3<E>);

        impl<A, B, D, T, E> crate::graph::Pullback2<crate::ops::Packed<A, B>, D, T, E> for $backward<E>
        where
            A: crate::shape::Shape,
            B: crate::shape::Shape,
            D: crate::shape::Shape,
            T: crate::shape::Shape,
            E: crate::element::Float,
        {
            fn pull(
                self,
                grad: crate::tensor::Tensor<T, E>,
                needs_grad: (bool, bool),
            ) -> crate::graph::Pulled<crate::ops::Packed<A, B>, D, E> {
                self.0.pull(&grad, needs_grad)
            }
        }
    };
}
pub(super) use backward;
