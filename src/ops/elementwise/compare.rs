//! y = a ∘ b for each of = ≠ < ≤ > ≥: a mask, through which no gradient flows.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::elementwise::compare_and_select::Comparison;
use crate::ops::support::rhs::Pointwise;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// One method for each comparison. rustc shows the line of the bound where an operand does not fit.
macro_rules! impl_compare {
    (@method [$($bound:tt)*] $(#[$doc:meta])* $name:ident $op:tt) => {
        impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
        where
            S: Shape,
            E: Element,
            C: Context,
            F: Flow<S, E>,
        {
            $(#[$doc])*
            pub fn $name<$($bound)*>(&self, other: R) -> Tensor<R::Output, bool> {
                let () = R::FITS;
                let (b, _) = other.into_pointwise();
                Tensor::constant(E::compare(impl_compare!(@comparison $op), self.as_slice(), &b))
            }
        }
    };
    (@comparison ==) => { Comparison::Eq };
    (@comparison !=) => { Comparison::Ne };
    (@comparison <) => { Comparison::Lt };
    (@comparison <=) => { Comparison::Le };
    (@comparison >) => { Comparison::Gt };
    (@comparison >=) => { Comparison::Ge };
    ($bound:tt $($(#[$doc:meta])* $name:ident $op:tt)*) => {
        $(impl_compare!(@method $bound $(#[$doc])* $name $op);)*
    };
}
impl_compare! { [R: Pointwise<C, S, E>]
    /// Whether a = b, element-wise: a mask. PyTorch's `eq`, which its operator `==` is too.
    ///
    /// In: `S`, and a tensor that broadcasts with it, or a number. Out: the longer of the two shapes. This
    /// tensor stays usable, as for every comparison, because no gradient flows through a mask; a tracked tensor is
    /// compared with another by its `value()`.
    ///
    /// Rust's operator `==` returns a single `bool`, as PyTorch's `torch.equal`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0]);
    /// assert_eq!(x.eq(1.0), Tensor::from([true, false]));
    /// assert_eq!(x.eq(Tensor::from([3.0, 2.0])), Tensor::from([false, true]));
    /// assert!(x == Tensor::from([1.0, 2.0]));
    /// ```
    eq ==
    /// Whether a ≠ b, element-wise: a mask. PyTorch's `ne`. NaN is not equal to itself.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1, 2]).ne(1), Tensor::from([false, true]));
    /// ```
    ne !=
    /// Whether a < b, element-wise: a mask. PyTorch's `lt`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, 2.0]).lt(2.0), Tensor::from([true, false]));
    /// ```
    lt <
    /// Whether a ≤ b, element-wise: a mask. PyTorch's `le`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, 3.0]).le(2.0), Tensor::from([true, false]));
    /// ```
    le <=
    /// Whether a > b, element-wise: a mask. PyTorch's `gt`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([-1.0, 2.0]);
    /// let negative = x.lt(0.0);
    /// assert_eq!(x.masked_fill(negative, 0.0), Tensor::from([0.0, 2.0]));
    /// ```
    gt >
    /// Whether a ≥ b, element-wise: a mask. PyTorch's `ge`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, 2.0]).ge(2.0), Tensor::from([false, true]));
    /// ```
    ge >=
}

#[cfg(test)]
mod tests {
    use crate::graph::Train;
    use crate::prelude::*;

    #[test]
    fn comparisons_with_nan_are_those_of_pytorch() {
        let x = Tensor::from([1.0, f64::NAN, 2.0]);
        let y = Tensor::from([1.0, f64::NAN, f64::NAN]);
        assert_eq!(x.eq(&y), Tensor::from([true, false, false]));
        assert_eq!(x.ne(&y), Tensor::from([false, true, true]));
        assert_eq!(x.lt(&y), Tensor::from([false, false, false]));
        assert_eq!(x.le(&y), Tensor::from([true, false, false]));
        assert_eq!(x.gt(&y), Tensor::from([false, false, false]));
        assert_eq!(x.ge(&y), Tensor::from([true, false, false]));
    }

    #[test]
    fn the_shorter_side_repeats_and_an_axis_of_one_stretches() {
        let x = Tensor::from([[1, 2], [3, 4]]);
        let want = Tensor::from([[true, false], [true, true]]);
        assert_eq!(x.ge(Tensor::from([1, 3])), Tensor::from([[true, false], [true, true]]));
        assert_eq!(Tensor::from([1, 3]).le(&x), want);
        assert_eq!(x.gt(Tensor::from([[1], [3]]).expand()), Tensor::from([[false, true], [false, true]]));
    }

    #[test]
    fn comparisons_do_not_consume_a_tracked_tensor() {
        let w = Param::new(Tensor::from([1.0, -2.0]));
        let x = w.traced::<Train>();
        let mask = x.gt(0.0) & x.ge(&w);
        let y = x.masked_fill(mask, 0.0);
        assert_eq!(y, Tensor::<Rank1<2>, f64>::from([0.0, -2.0]).within::<Train>());
    }
}
