//! y = whether a and b differ by at most atol + rtol |b|: a mask, through which no gradient flows.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::elementwise::pointwise::zip_value_to;
use crate::kernel::reduce::nonzero::all;
use crate::ops::support::rhs::Pointwise;
use crate::options;
use crate::shape::Shape;
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// Whether a and b differ by at most 1e-8 + 1e-5 |b|, element-wise: a mask. PyTorch's `isclose`.
    ///
    /// In: `S`, and a tensor that fits it element-wise or a number. Out: the longer of the two shapes. Equal
    /// infinities are close; NaN is close to nothing. This tensor stays usable.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0]);
    /// assert_eq!(x.isclose(Tensor::from([1.000001, 2.1])), Tensor::from([true, false]));
    /// ```
    pub fn isclose<R: Pointwise<C, S, E>>(&self, other: R) -> Tensor<R::Output, bool> {
        self.isclose_with(other, 1e-5, 1e-8, false)
    }

    /// Whether a and b differ by at most `atol` + `rtol` |b|, element-wise: a mask; with `equal_nan`, also whether both
    /// are NaN. PyTorch's `isclose(other, rtol, atol, equal_nan)`.
    ///
    /// In and out as [`isclose`](Self::isclose).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, f64::NAN]);
    /// assert_eq!(x.isclose_with(&x, 0.0, 0.0, true), Tensor::from([true, true]));
    /// ```
    ///
    /// # Panics
    /// If `rtol` or `atol` is negative or NaN.
    #[track_caller]
    pub fn isclose_with<R: Pointwise<C, S, E>>(
        &self,
        other: R,
        rtol: f64,
        atol: f64,
        equal_nan: bool,
    ) -> Tensor<R::Output, bool> {
        let () = R::FITS;
        let (b, _) = other.into_pointwise();
        let (rtol, atol) = (options::not_negative("rtol", rtol), options::not_negative("atol", atol));
        let (rtol, atol) = (E::from_f64(rtol), E::from_f64(atol));
        let close = |a: E, b: E| {
            let difference = (a - b).abs();
            let near = difference.is_finite() && difference <= atol + (rtol * b).abs();
            a == b || near || equal_nan && a.is_nan() && b.is_nan()
        };
        Tensor::constant(zip_value_to(self.as_slice(), &b, close))
    }

    /// Whether all elements of a and b differ by at most 1e-8 + 1e-5 |b|. PyTorch's `allclose`.
    ///
    /// In: `S`, and a tensor that fits it element-wise or a number.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([0.1 + 0.2, 1.0]);
    /// assert!(x.allclose(Tensor::from([0.3, 1.0])));
    /// ```
    pub fn allclose<R: Pointwise<C, S, E>>(&self, other: R) -> bool {
        self.allclose_with(other, 1e-5, 1e-8, false)
    }

    /// Whether all elements of a and b differ by at most `atol` + `rtol` |b|; with `equal_nan`, NaN is close to NaN. PyTorch's
    /// `allclose(other, rtol, atol, equal_nan)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert!(Tensor::from([1.0, 2.0]).allclose_with(Tensor::from([1.5, 2.5]), 0.0, 0.5, false));
    /// ```
    ///
    /// # Panics
    /// If `rtol` or `atol` is negative or NaN.
    #[track_caller]
    pub fn allclose_with<R: Pointwise<C, S, E>>(
        &self,
        other: R,
        rtol: f64,
        atol: f64,
        equal_nan: bool,
    ) -> bool {
        all(self.isclose_with(other, rtol, atol, equal_nan).as_slice())
    }
}
