//! Methods of a tensor on a number and on a `bool`, which is what `backward` and `==` give: `item` is right there, the others say what
//! to write. Those take `&mut self`, which rustc looks at last: a method of that name in a trait of the user's goes before them.

/// A number that `backward` returned. Its `item` is the number itself.
///
/// The other methods exist for their messages, as those of the module `renamed`; one line each, since rustc shows it.
#[doc(hidden)]
#[rustfmt::skip]
pub trait NumberOfLoss: Copy {
    fn item(&self) -> Self { *self }
    fn backward<R>(&mut self) -> R where Self: HasGraph { unreachable!() }
    fn detach<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    fn value<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    fn cpu<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
}
// For each type, and not for each `Float`: where a type of the user's has no `item`, rustc would ask for a float.
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

/// No number is one.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this is a number already, such as the one that `backward` returns",
    label = "a method of a tensor",
    note = "leave `.detach()`, `.value()` and `.cpu()` out"
)]
pub trait IsTensor {}

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
