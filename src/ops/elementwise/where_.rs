//! y = a where a mask is true, else b; dL/da = dL/dy where it is true, dL/db = dL/dy where it is false, and 0
//! elsewhere; summed over the axes along which an operand was repeated.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::elementwise::pointwise::{Value, fold};
use crate::ops::shape::expand::Expanded;
use crate::ops::support::results::Binary;
use crate::ops::support::rhs::{Pointwise, Scalar};
use crate::shape::{Broken, Law, Meet, Shape, Unstretched, first};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of `a.where_(mask, b)`.
pub struct WhereBackward<M> {
    mask: Storage<bool>,
    shape: PhantomData<fn() -> M>,
}

impl<A: Shape, B: Shape, T: Shape, E: Element, M: Shape> Pullback2<A, B, T, E> for WhereBackward<M> {
    const BROKEN: Broken = first(Meet::<A, B>::BROKEN, Meet::<T, M>::BROKEN);
    const REPEATS: bool = true;
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        // Zeros are filled in, not multiplied: an infinite gradient on the other side would be NaN here.
        let part = |grad, at| E::fill(grad, self.mask.as_slice(), at, E::default());
        let b = needs_grad.1.then(|| Tensor::constant(fold(part(grad.data.clone(), true), B::NUMEL)));
        let a = needs_grad.0.then(|| Tensor::constant(fold(part(grad.data, false), A::NUMEL)));
        (a, b)
    }
}

/// The elements of the mask of an operation whose result has `len` elements.
pub(in crate::ops) fn mask(mask: Value<bool>, len: usize) -> Storage<bool> {
    match mask {
        Value::Scalar(mask) => Storage::filled(len, mask),
        mask => mask.into_storage(),
    }
}

/// The mask of `where_` and `masked_fill`. It names the types of itself, the other argument and the result, so that for another type
/// rustc knows none of them, and reports that alone.
#[diagnostic::on_unimplemented(
    message = "a mask has elements of type `bool`, and this is `{Self}`",
    label = "not a mask",
    note = "the tensor comes first, and then the mask: `x.where_(&mask, y)`, `x.masked_fill(&mask, 0.0)`; `x.gt(0.0)` is a mask"
)]
pub trait BoolMask {
    /// This type.
    type This;
    /// `R`, of the other argument or the result.
    type With<R>;
    #[doc(hidden)]
    fn this(self) -> Self::This;
    #[doc(hidden)]
    fn give<R>(other: R) -> Self::With<R>;
    #[doc(hidden)]
    fn take<R>(other: Self::With<R>) -> R;
}

macro_rules! masks {
    ($([$($generics:tt)*] $mask:ty;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> BoolMask for $mask {
            type This = Self;
            type With<R> = R;
            fn this(self) -> Self {
                self
            }
            fn give<R>(other: R) -> R {
                other
            }
            fn take<R>(other: R) -> R {
                other
            }
        }
    )* };
}
masks! {
    [S, G] Tensor<S, bool, G>;
    [S, G] &Tensor<S, bool, G>;
    [X: BoolMask] Expanded<X>;
    [] Scalar<bool>;
    [] bool;
}

/// `R` where `M` is a mask.
type Other<M, R> = <M as BoolMask>::With<R>;

/// The shape of `S` and that of an operand.
pub(in crate::ops) type Met<C, S, E, R> = <R as Pointwise<C, S, E>>::Output;

/// The result of [`where_`](Tensor::where_).
pub type Chosen<S, E, C, F, R, M> = Other<
    M,
    Binary<
        S,
        E,
        C,
        F,
        Other<M, R>,
        WhereBackward<<<M as BoolMask>::This as Pointwise<C, Met<C, S, E, Other<M, R>>, bool>>::Shape>,
    >,
>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The elements of this tensor where the condition is true, and of `other` elsewhere. PyTorch's
    /// `self.where(condition, other)`, and `torch.where(condition, self, other)`; `where` is a keyword of Rust.
    ///
    /// In: `S`; a mask of the shape of the result, or without leading axes of it; and a tensor that broadcasts with `S`, or
    /// a number. Out: the longer of `S` and the shape of `other`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, -2.0, 3.0]);
    /// let y = Tensor::from([7.0, 8.0, 9.0]);
    /// assert_eq!(x.clone().where_(x.gt(0.0), y), Tensor::from([1.0, 8.0, 3.0]));
    /// ```
    // rustc shows the line of the bound that is not met.
    #[rustfmt::skip]
    pub fn where_<R, M>(self, condition: M, other: R) -> Chosen<S, E, C, F, R, M>
    where
        M: BoolMask<With<R>: Pointwise<C, S, E>>,
        M::This: Pointwise<C, Met<C, S, E, M::With<R>>, bool,
            Output: Unstretched<Met<C, S, E, M::With<R>>>>,
    {
        let () = <M::With<R> as Pointwise<C, S, E>>::FITS;
        let () = <M::This as Pointwise<C, Met<C, S, E, M::With<R>>, bool>>::FITS;
        let (a, flow) = self.into_waiting();
        let (b, rhs) = M::give(other).into_pointwise();
        let len = <Met<C, S, E, M::With<R>>>::NUMEL;
        let mask = mask(condition.this().into_pointwise().0, len);
        let y = E::select(len, mask.as_slice(), a.as_slice(), &b);
        let flow = Waiting::into_inner(flow).join(rhs, || WhereBackward { mask, shape: PhantomData });
        M::give(Tensor::from_parts(y, flow))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::ops::support::testing::{INF, NAN};
    use crate::prelude::*;

    #[test]
    fn elements_that_are_not_selected_get_no_gradient() {
        let mask = Tensor::from([true, false, true, false]);
        let a = Param::new(Tensor::from([1.0, NAN, 3.0, 4.0]));
        let b = Param::new(Tensor::from([INF, 6.0, 7.0, 8.0]));
        let y = a.track().where_(mask, &b);
        assert_eq!(y, Tensor::from([1.0, 6.0, 3.0, 8.0]));
        (y * INF).sum().backward();
        assert_eq!(a.grad().unwrap(), Tensor::from([INF, 0.0, INF, 0.0]));
        assert_eq!(b.grad().unwrap(), Tensor::from([0.0, INF, 0.0, INF]));
    }

    #[test]
    fn a_number_and_masks_of_fewer_axes_fit() {
        let x = Tensor::from([[1, 2], [3, 4]]);
        assert_eq!(x.clone().where_(Tensor::from([true, false]), 9), Tensor::from([[1, 9], [3, 9]]));
        let rows = Tensor::from([[true], [false]]);
        assert_eq!(x.where_(rows.expand(), 9), Tensor::from([[1, 2], [9, 9]]));
    }

    #[test]
    fn operands_of_literal_shape_fit_a_tensor_whose_sizes_are_computed() {
        let computed = || (Tensor::from([1.0, 2.0]), Tensor::from([3.0])).cat::<0>();
        let mask = Tensor::from([true, false, true]);
        assert_eq!(computed().where_(&mask, 0.0).to_vec(), [1.0, 0.0, 3.0]);
        assert_eq!(computed().masked_fill(&mask, 9.0).to_vec(), [9.0, 2.0, 9.0]);
        assert_eq!(computed().lerp(0.0, Tensor::from([0.0, 0.5, 1.0])).to_vec(), [1.0, 1.0, 0.0]);
        let mut sum = computed();
        sum += Tensor::from([1.0, 1.0, 1.0]);
        assert_eq!(sum.to_vec(), [2.0, 3.0, 4.0]);
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_repeated_operands_too() {
        let rng = &mut Rng::seed(3);
        let a = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let b = Tensor::<Rank1<3>, f64>::randn(rng);
        let mask = Tensor::from([[true, false, true], [true, true, false]]);
        let short = Tensor::from([true, false, true]);
        gradcheck((a.clone(), b.clone()), |(a, b)| a.where_(&mask, b).powi(2).sum()).unwrap();
        gradcheck((a.clone(), b), |(a, b)| b.where_(&short, a).powi(2).sum()).unwrap();
        gradcheck(a, |a| a.where_(&mask, 3.0).powi(2).sum()).unwrap();
    }
}
