//! y₁, y₂, .. = parts of x along an axis; dL/dx is the sum of their gradients, each at its part.
//!
//! The parts are separate tensors, so x is used once for each: it is a constant, the input of a module, or
//! inside `shared`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, UseTwiceInsideShared};
use crate::ops::index::narrow::NarrowBackward;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, Law, Message, Shape};
use crate::tensor::Tensor;

/// The sizes of the parts of a `split`, a tuple of dimensions: `Rank2<2, 3>` is two parts, of sizes 2 and 3.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of the sizes of up to six parts",
    label = "not a tuple of dimensions",
    note = "write the sizes as a shape: `x.split::<0, Rank2<2, 3>>()`"
)]
pub trait SplitSizes<const I: isize, X>: Shape {
    /// The parts, a tuple.
    type Pieces;
    /// The requirement that the sizes add up to that of the axis.
    #[doc(hidden)]
    type SizesAddUp: Law;
    #[doc(hidden)]
    fn split(x: X) -> Self::Pieces;
}

macro_rules! impl_parts {
    ($(#[$hidden:meta])* $($part:ident)+) => {
        $(#[$hidden])*
        impl<$($part: Dim,)+ const I: isize, S, E, C, F> SplitSizes<I, Tensor<S, E, Graph<C, F>>> for ($($part,)+)
        where
            S: Axis<I>,
            E: Element,
            C: Context,
            F: Flow<S, E> + UseTwiceInsideShared,
        {
            type Pieces = ($(Unary<S, E, C, F, S::With<$part>, NarrowBackward<AddUp<S::AxisDim, I, Self>>>,)+);
            type SizesAddUp = AddUp<S::AxisDim, I, Self>;
            fn split(x: Tensor<S, E, Graph<C, F>>) -> Self::Pieces {
                let mut end = 0;
                ($({
                    end += $part::SIZE;
                    x.clone().part_by_law::<I, S::With<$part>, _>(end - $part::SIZE, $part::SIZE)
                },)+)
            }
        }
    };
}
// rustc lists the others in errors.
impl_parts!(
    #[diagnostic::do_not_recommend]
    P
);
impl_parts!(P Q);
impl_parts!(P Q R);
impl_parts!(P Q R T);
impl_parts!(P Q R T U);
impl_parts!(P Q R T U V);

/// The sizes of a `split` and the size of the axis, compared when the program is built.
pub struct AddUp<D, const I: isize, P>(D, P);

impl<D: Dim, const I: isize, P: Shape> AddUp<D, I, P> {
    const SUM: usize = {
        let (mut sum, mut i) = (0, 0);
        while i < P::RANK {
            sum += P::SIZES[i];
            i += 1;
        }
        sum
    };
}

impl<D: Dim, const I: isize, P: Shape> Law for AddUp<D, I, P> {
    const WRONG: Option<Message> = if Self::SUM == D::SIZE {
        None
    } else {
        let message = Message::new()
            .text("split must use the whole axis: the sizes ")
            .sizes(P::SIZES)
            .text(" add up to ")
            .number(Self::SUM)
            .text(", but axis ")
            .signed(I)
            .text(" of the tensor has size ")
            .number(D::SIZE);
        Some(message)
    };
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Parts along the axis `I`, of the sizes `P`, which add up to that of the axis; that is checked when the program
    /// is built. PyTorch's `split([..], dim=I)`.
    ///
    /// In: `S`. Out: a tuple of `S` with each of the sizes at the axis `I`. A tracked tensor is split inside
    /// [`shared`](Tensor::shared).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// let (a, b) = x.split::<1, Rank2<1, 2>>();
    /// assert_eq!(a, Tensor::from([[1.0], [4.0]]));
    /// assert_eq!(b, Tensor::from([[2.0, 3.0], [5.0, 6.0]]));
    /// ```
    #[rustfmt::skip]
    pub fn split<const I: isize, P>(self) -> P::Pieces // `x.split::<1, Rank2<1, 2>>()`
    where
        P: SplitSizes<I, Self>,
    {
        let () = P::SizesAddUp::HOLDS;
        P::split(self)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn parts_joined_again_are_the_whole() {
        let x = Tensor::<Rank3<2, 6, 3>, i64>::from_fn(|i| i as i64);
        assert_eq!(x.clone().split::<1, Rank3<1, 2, 3>>().cat::<1>().with_shape::<Rank3<2, 6, 3>>(), x);
    }

    #[test]
    fn the_gradients_of_the_parts_meet_in_the_whole() {
        let w = Param::new(Tensor::from([1.0, 2.0, 3.0]));
        w.track()
            .shared(|x| {
                let (a, b) = x.split::<0, Rank2<1, 2>>();
                a.sum() * 5.0 + b.powi(2).sum()
            })
            .backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([5.0, 4.0, 6.0]));
    }

    #[test]
    fn gradients_agree_with_differences() {
        let x = Tensor::<Rank2<2, 4>, f64>::randn(&mut Rng::seed(9));
        gradcheck(x, |x| {
            let (a, b) = x.split::<-1, Rank2<3, 1>>();
            a.powi(2).sum() * b.sum()
        })
        .unwrap();
    }
}
