//! y = x with x\[..i\[..k..]..] = s\[..k..], or += s\[..k..]: each element of s goes where an index of the same
//! shape says. The counterpart of `gather`.
//!
//! `scatter_add`: dL/dx = dL/dy, and dL/ds is gathered from dL/dy. `scatter`: dL/dx is dL/dy where nothing was
//! written, else 0; dL/ds is gathered from dL/dy for the elements that stayed, else 0. Of two elements for one
//! position the last one stays.

use crate::element::{Element, Numeric};
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::{Of, check};
use crate::kernel::index::scatter::scatter_add;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{SameExceptAxis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `scatter`.
pub struct ScatterBackward {
    along: AxisLayout,
    indices: Storage<i64>,
}

impl<S: Shape, T: Shape, E: Element> Pullback2<S, T, S, E> for ScatterBackward {
    fn pull(self, grad: Tensor<S, E>, needs_grad: (bool, bool)) -> Pulled<S, T, E> {
        let (x, src) = E::put_back(grad.data, self.along, self.indices.as_slice());
        (needs_grad.0.then(|| Tensor::constant(x)), needs_grad.1.then(|| Tensor::constant(src)))
    }
}

/// The backward pass of `scatter_add`.
pub struct ScatterAddBackward {
    along: AxisLayout,
    indices: Storage<i64>,
}

impl<S: Shape, T: Shape, E: Element> Pullback2<S, T, S, E> for ScatterAddBackward {
    fn pull(self, grad: Tensor<S, E>, needs_grad: (bool, bool)) -> Pulled<S, T, E> {
        let src = needs_grad
            .1
            .then(|| Tensor::constant(E::taken(grad.as_slice(), self.along, self.indices.as_slice())));
        (needs_grad.0.then_some(grad), src)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// This tensor with the elements of `src` written where `indices` points to along the axis `I`. PyTorch's
    /// `scatter(I, indices, src)`.
    ///
    /// In: `S`, a source of a shape that is `S` with any size at the axis `I`, and indices of the shape of the
    /// source. Out: `S`. Of several elements for one index the last one stays, in value and in gradient; PyTorch
    /// leaves that open.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<2, 3>>::zeros();
    /// let y = x.scatter::<1, _>(&Tensor::from([[2], [0]]), Tensor::from([[5.0], [6.0]]));
    /// assert_eq!(y, Tensor::from([[0.0, 0.0, 5.0], [6.0, 0.0, 0.0]]));
    /// ```
    ///
    /// # Panics
    /// If an index is negative, or not below the size of the axis.
    #[track_caller]
    pub fn scatter<const I: isize, R>(
        self,
        indices: &Tensor<R::Shape, i64, impl Sized>,
        src: R,
    ) -> Joined<S, E, C, F, R, S, ScatterBackward>
    where
        R: Operand<C, E, Shape: SameExceptAxis<I, S>>,
    {
        let along = AxisLayout::between::<R::Shape, S, I>();
        let indices = &indices.data;
        check("scatter", Of::Axis(I), along.size, indices.as_slice(), R::Shape::SIZES);
        let (x, flow) = self.into_waiting();
        let (src, rhs) = src.into_operand();
        let y = E::put(x, along, indices.as_slice(), src.as_slice());
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).join(rhs, || ScatterBackward { along, indices: indices.clone() }),
        )
    }

    /// This tensor with the elements of `src` added where `indices` points to along the axis `I`. PyTorch's
    /// `scatter_add(I, indices, src)`.
    ///
    /// In: `S`, a source of a shape that is `S` with any size at the axis `I`, and indices of the shape of the
    /// source. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let votes = Tensor::from([2, 0, 2, 2]);
    /// let counts = Tensor::<Rank1<3>>::zeros().scatter_add::<0, _>(&votes, Tensor::<Rank1<4>>::ones());
    /// assert_eq!(counts, Tensor::from([1.0, 0.0, 3.0]));
    /// ```
    ///
    /// # Panics
    /// If an index is negative, or not below the size of the axis.
    #[track_caller]
    pub fn scatter_add<const I: isize, R>(
        self,
        indices: &Tensor<R::Shape, i64, impl Sized>,
        src: R,
    ) -> Joined<S, E, C, F, R, S, ScatterAddBackward>
    where
        E: Numeric,
        R: Operand<C, E, Shape: SameExceptAxis<I, S>>,
    {
        let along = AxisLayout::between::<R::Shape, S, I>();
        let indices = &indices.data;
        check("scatter_add", Of::Axis(I), along.size, indices.as_slice(), R::Shape::SIZES);
        let (x, flow) = self.into_waiting();
        let (src, rhs) = src.into_operand();
        let y = scatter_add(x, along, indices.as_slice(), src.as_slice());
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).join(rhs, || ScatterAddBackward { along, indices: indices.clone() }),
        )
    }
}
