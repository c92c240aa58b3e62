//! Methods of a tensor on a number and on a `bool`, which is what `backward` and `==` give: `item` is right there, the others say what
//! to write.

/// A number that `backward` returned. Its `item` is the number itself.
///
/// The method `backward` exists for its message, as those of the module `renamed`; one line, since rustc shows it.
#[doc(hidden)]
#[rustfmt::skip]
pub trait NumberOfLoss: Sized {
    fn item(self) -> Self { self }
    fn backward<R>(self) -> R where Self: HasGraph { unreachable!() }
}
impl NumberOfLoss for f32 {}
impl NumberOfLoss for f64 {}

/// No number is one that has.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this is a number, such as the one that `backward` returns: a graph is run backward once",
    label = "a number has no graph",
    note = "leave this `backward` out; two losses are added before it, `(a + b).backward()`"
)]
pub trait HasGraph {}

/// `a == b` of two tensors, which is one `bool`. Its methods are those of a mask.
#[doc(hidden)]
#[rustfmt::skip]
pub trait WholeComparison: Sized {
    fn mean<R>(self) -> R where Self: IsMask { unreachable!() }
    fn sum<R>(self) -> R where Self: IsMask { unreachable!() }
    fn float<R>(self) -> R where Self: IsMask { unreachable!() }
    fn item<R>(self) -> R where Self: IsMask { unreachable!() }
}
impl WholeComparison for bool {}

/// No `bool` is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`a == b` compares whole tensors, and is one `bool`",
    label = "a method of a mask",
    note = "the share of equal elements is `a.accuracy(&b)`, their number `a.eq(&b).sum()`, the mask `a.eq(&b)`"
)]
pub trait IsMask {}
