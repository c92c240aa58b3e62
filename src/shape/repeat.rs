//! Shapes that are repeated along their axes.

use super::{Dim, Expr, Product, Shape};

/// A tensor of shape `Self` can be repeated `K` times, where `K` is a tuple of counts, at least one for each axis.
#[diagnostic::on_unimplemented(
    message = "repeat needs a count for each axis: the counts are `{K}`, the tensor has the shape `{Self}`",
    label = "at least as many counts as axes",
    note = "write the counts as a shape: `x.repeat::<Rank2<2, 3>>()`"
)]
pub trait Repeat<K>: Shape {
    /// The shape afterwards: leading counts, then the products of the counts and the dimensions.
    type Repeated: Shape;
}

macro_rules! impl_repeat {
    ($($dim:ident $count:ident)*) => {
        impl_repeat!(@rank [] [$($dim $count)*]);
    };
    // As many counts as axes, then the same counts with ever fewer axes.
    (@rank [$($lead:ident)*] [$($dim:ident $count:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($lead: Dim,)* $($dim: Dim, $count: Dim),*> Repeat<($($lead,)* $($count,)*)> for ($($dim,)*) {
            type Repeated = ($($lead,)* $(Expr<Product<$count, $dim>>,)*);
        }
        impl_repeat!(@fewer [$($lead)*] [$($dim $count)*]);
    };
    (@fewer [$($lead:ident)*] [$dim:ident $count:ident $($rest:ident)*]) => {
        impl_repeat!(@rank [$($lead)* $count] [$($rest)*]);
    };
    (@fewer [$($lead:ident)*] []) => {};
}
impl_repeat!();
impl_repeat!(A K);
impl_repeat!(A K B L);
impl_repeat!(A K B L C M);
impl_repeat!(A K B L C M D N);
impl_repeat!(A K B L C M D N E O);
impl_repeat!(A K B L C M D N E O F P);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Rank2, Rank3};

    #[test]
    fn counts_lead_or_multiply() {
        assert_eq!(<Rank2<2, 3> as Repeat<Rank3<7, 1, 2>>>::Repeated::SIZES, [7, 2, 6]);
        assert_eq!(<() as Repeat<Rank2<4, 2>>>::Repeated::SIZES, [4, 2]);
    }
}
