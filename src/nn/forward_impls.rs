//! Impls of [`Forward`](super::Forward) for literal sizes and computed ones.

use crate::shape::{Broken, Law};

/// A law of a layer whose input has the shape `S`, which a text may name.
pub(super) trait OfInput<S> {
    const BROKEN: Broken;
}

impl<S, L: Law> OfInput<S> for L {
    const BROKEN: Broken = L::BROKEN;
}

/// Writes the impl for a shape with a computed size `X`. The result and the laws are those of the shape with a literal size, and
/// one more law compares the sizes when the program is built. The arguments are the other parameters of the impl, and the layer;
/// both shapes; the law; the forward pass of `x`, which has the literal shape; and further items.
macro_rules! computed_size {
    (
        [$($generics:tt)*] $layer:ty, $shape:ty => $literal:ty, $law:ty,
        |$self:ident, $x:ident| $forward:expr; $($items:item)*
    ) => {
        #[diagnostic::do_not_recommend]
        impl<X: DimExpr, $($generics)*> Forward<$shape, E> for $layer {
            type Output = <Self as Forward<$literal, E>>::Output;
            const LAWS: Laws = Laws::always(<$law as $crate::nn::forward_impls::OfInput<$shape>>::BROKEN).and(<Self as Forward<$literal, E>>::LAWS);
            fn forward<M: Mode>(&$self, $x: Input<$shape, M, E>) -> impl Traced<Self::Output, M, E> {
                let $x = $x.relabel::<$literal>();
                $forward
            }

            $($items)*
        }
    };
}
pub(super) use computed_size;

/// Writes the impls for shapes of one to six axes whose last axis is a literal or an expression, without the literal one of two
/// axes: errors name it, so it is written out beside the layer. The arguments are the parameters of the layer, and the layer; the
/// widths of its input and its output; the law of an expression `X`; the forward pass; and further items of each impl.
///
/// One impl for all shapes with a trait for the last axis would be shorter; but then a wrong width is a bound that does not hold
/// on the result, and rustc reports it again at each use of it. Where no impl has a head that fits there is one error.
macro_rules! along_last_axis {
    (@literal [$($dim:ident)*] {
        [$($generics:tt)*] $layer:ty, $in:ident => $out:ident, $law:ty,
        |$self:ident, $x:ident| $forward:expr; $($items:item)*
    }) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim,)* $($generics)*> Forward<($($dim,)* Const<$in>,), E> for $layer {
            type Output = ($($dim,)* Const<$out>,);
            fn forward<M: Mode>(&$self, $x: Input<($($dim,)* Const<$in>,), M, E>) -> impl Traced<Self::Output, M, E> {
                $forward
            }

            $($items)*
        }
    };
    (@computed [$($dim:ident)*] {
        [$($generics:tt)*] $layer:ty, $in:ident => $out:ident, $law:ty,
        |$self:ident, $x:ident| $forward:expr; $($items:item)*
    }) => {
        computed_size!(
            [$($dim: Dim,)* $($generics)*] $layer,
            ($($dim,)* Expr<X>,) => ($($dim,)* Const<$in>,), $law, |$self, $x| $forward; $($items)*
        );
    };
    (@both $layer:tt $($dims:tt)*) => { $(
        along_last_axis!(@literal $dims $layer);
        along_last_axis!(@computed $dims $layer);
    )* };
    ($($layer:tt)*) => {
        along_last_axis!(@both { $($layer)* } [] [A C] [A C D] [A C D F] [A C D F G]);
        along_last_axis!(@computed [A] { $($layer)* });
    };
}
pub(super) use along_last_axis;
