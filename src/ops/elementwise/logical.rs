//! y = a ∧ b, a ∨ b, a ⊻ b, ¬a: masks of masks, through which no gradient flows. Every element but 0 is true.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, PlainConstant};
use crate::kernel::elementwise::compare_and_select::{Logic, combine, invert};
use crate::ops::support::rhs::Pointwise;
use crate::shape::Shape;
use crate::tensor::Tensor;
use std::ops::{BitAnd, BitOr, BitXor, Not};

/// A method for every element type, and an operator for masks.
macro_rules! impl_logical {
    ($($(#[$doc:meta])* $name:ident $op:tt $trait:ident $method:ident)*) => {
        impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
        where
            S: Shape,
            E: Element,
            C: Context,
            F: Flow<S, E>,
        { $(
            $(#[$doc])*
            pub fn $name<R: Pointwise<C, S, E>>(&self, other: R) -> Tensor<R::Output, bool> {
                let () = R::FITS;
                let (b, _) = other.into_pointwise();
                Tensor::constant(E::logic(impl_logical!(@logic $op), self.as_slice(), &b))
            }
        )* }

        $(
            impl<S: Shape, R: Pointwise<PlainConstant, S, bool>> $trait<R> for Tensor<S, bool> {
                type Output = Tensor<R::Output, bool>;
                fn $method(self, other: R) -> Self::Output {
                    let () = R::FITS;
                    Tensor::constant(combine(impl_logical!(@logic $op), self.data, other.into_pointwise().0))
                }
            }

            impl<S: Shape, R: Pointwise<PlainConstant, S, bool>> $trait<R> for &Tensor<S, bool> {
                type Output = Tensor<R::Output, bool>;
                fn $method(self, other: R) -> Self::Output {
                    let () = R::FITS;
                    self.clone().$method(other)
                }
            }
        )*
    };
    (@logic &) => { Logic::And };
    (@logic |) => { Logic::Or };
    (@logic ^) => { Logic::Xor };
}
impl_logical! {
    /// Whether both are true, where every element but 0 is. PyTorch's `logical_and`; on masks, the operator `&`.
    ///
    /// In: `S`, and a tensor that broadcasts with it. Out: the longer of the two shapes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([0.0, 1.0, 5.0]);
    /// assert_eq!(x.logical_and(Tensor::from([2.0, 2.0, 0.0])), Tensor::from([false, true, false]));
    /// assert_eq!(x.gt(0.0) & x.lt(3.0), Tensor::from([false, true, false]));
    /// ```
    logical_and & BitAnd bitand
    /// Whether one is true or both are, where every element but 0 is. PyTorch's `logical_or`; on masks, the operator
    /// `|`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([0.0, 1.0, 5.0]);
    /// assert_eq!(x.logical_or(Tensor::from([0.0, 2.0, 0.0])), Tensor::from([false, true, true]));
    /// assert_eq!(x.lt(1.0) | x.gt(3.0), Tensor::from([true, false, true]));
    /// ```
    logical_or | BitOr bitor
    /// Whether exactly one is true, where every element but 0 is. PyTorch's `logical_xor`; on masks, the operator `^`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([0.0, 1.0, 5.0]);
    /// assert_eq!(x.logical_xor(Tensor::from([0.0, 2.0, 0.0])), Tensor::from([false, false, true]));
    /// assert_eq!(x.lt(3.0) ^ x.gt(0.0), Tensor::from([true, false, true]));
    /// ```
    logical_xor ^ BitXor bitxor
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Whether each element is 0. PyTorch's `logical_not`; on masks, the operator `!`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([0.0, 1.0, -5.0]);
    /// assert_eq!(x.logical_not(), Tensor::from([true, false, false]));
    /// assert_eq!(!x.eq(0.0), Tensor::from([false, true, true]));
    /// ```
    pub fn logical_not(&self) -> Tensor<S, bool> {
        Tensor::constant(E::not(self.as_slice()))
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape> Not for Tensor<S, bool> {
    type Output = Self;
    fn not(self) -> Self {
        Tensor::constant(invert(self.data))
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape> Not for &Tensor<S, bool> {
    type Output = Tensor<S, bool>;
    fn not(self) -> Tensor<S, bool> {
        !self.clone()
    }
}
