//! Methods of a mask on a `bool`, which is what `==` gives: they say what to write. They take `&mut self`, which rustc looks at last: a
//! method of that name in a trait of the user's goes before them.

/// A `bool`, such as `a == b` of two tensors. Its methods are those of a mask.
#[doc(hidden)]
#[rustfmt::skip]
pub trait WholeComparison {
    fn mean<R>(&mut self) -> R where Self: IsMask { unreachable!() }
    fn sum<R>(&mut self) -> R where Self: IsMask { unreachable!() }
    fn all<R>(&mut self) -> R where Self: IsMask { unreachable!() }
    fn any<R>(&mut self) -> R where Self: IsMask { unreachable!() }
    fn count_nonzero<R>(&mut self) -> R where Self: IsMask { unreachable!() }
    fn float<R>(&mut self) -> R where Self: IsMask { unreachable!() }
    fn long<R>(&mut self) -> R where Self: IsMask { unreachable!() }
    fn item<R>(&mut self) -> R where Self: IsMask { unreachable!() }
}
impl WholeComparison for bool {}

/// No `bool` is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this is one `bool`, and not a mask: `==`, `!=`, `<` and `>` compare wholes",
    label = "a method of a mask",
    note = "masks are `a.eq(&b)`, `a.ne(&b)`, `a.gt(0.2)`: `.count_nonzero()` says how many are true; `a.accuracy(&b)` is the share of \
            equal elements",
    note = "`a == b` says itself whether all are equal; as a number it is `f32::from(a == b)`"
)]
pub trait IsMask {}
