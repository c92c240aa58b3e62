//! Methods of arrays of tensors on a `Vec`: they do not exist there, and say what does.

use super::Tensor;

/// `cat` and `stack` of a `Vec`, which do not exist and say what does. They take `&mut self`, which rustc looks at last: a method of
/// that name in a trait of the user's for `Vec` goes before them, unless it is called on a `&mut`.
#[doc(hidden)]
#[rustfmt::skip]
pub trait VecOfTensors {
    fn cat<const I: isize>(&mut self) -> <Self as HasConstLength>::Joined where Self: HasConstLength { unreachable!() }
    fn stack<const I: isize>(&mut self) -> <Self as HasConstLength>::Joined where Self: HasConstLength { unreachable!() }
}
impl<S, E, G> VecOfTensors for Vec<Tensor<S, E, G>> {}

/// No `Vec` has.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the number of tensors in a `Vec` is known only at run time, and the shape of the result depends on it",
    label = "a method of arrays and tuples of tensors",
    note = "write `let rows = <[_; 8]>::try_from(rows).expect(\"8 rows\");` for the number that it has, and then `rows.stack::<0>()`",
    note = "a sum of any number of losses needs no tensor of them: `losses.into_iter().map(|l| l.boxed()).reduce(|a, b| (a + b).boxed())`",
    note = "elements are collected in a `Vec<f32>`, and become a tensor by `Tensor::<Rank2<8, 4>>::try_from(elements)?`; any number of \
            rows is a `TensorRows`"
)]
pub trait HasConstLength {
    type Joined;
}
