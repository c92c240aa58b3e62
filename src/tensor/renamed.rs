//! Methods that PyTorch has under another name or not at all: they do not exist here, and say what does.

use super::Tensor;
use super::convert::Makes;
use super::iterators::{HasOrder, PartsOf};
use crate::shape::{Law, Message};
use std::marker::PhantomData;
use std::ops::{Rem, RemAssign};

/// The label, and in each line a trait that no type has, the message that rustc prints for it, and a note.
macro_rules! missing {
    ($label:literal: $($trait:ident, $message:literal, $note:literal;)*) => { $(
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(message = $message, label = $label, note = $note)]
        pub trait $trait {}
    )* };
}

missing! { "a method of PyTorch":
    Log, "the natural logarithm is `ln`, as for Rust's floats", "write `x.ln()`";
    Size, "the sizes of a tensor are in `shape()`", "write `x.shape()[0]`; the number of elements is `x.numel()`, of axes `x.shape().len()`";
    Constructor, "a tensor is built by `from`, from an array", "write `Tensor::from([[1.0, 2.0], [3.0, 4.0]])`, `Tensor::<Rank2<2, 3>>::zeros()`";
    Numbers, "the elements of a tensor are in `to_vec()`", "write `x.to_vec()`, or `x.as_slice()`; of one element `x.item()`";
    Device, "tensors have no device: all are in the memory of the CPU", "leave `.cpu()` and `.cuda()` out";
    Contiguous, "every tensor is contiguous", "leave `.contiguous()` out: `reshape` takes every tensor";
    Trainable, "a tensor does not become a parameter, which is a type of its own",
        "write `let w = Param::new(x);`, and `w.track()` where it is used";
    Trains, "whether a parameter is trained is part of its type: one that is not is in a `Frozen`",
        "write the field as `fc1: Frozen<Linear<4, 8>>`, and `Frozen::new(layer)` for its value; for one pass `Frozen::of(&net).train(x)`";
    Integers, "integers have 64 bits: the elements of a tensor are `f32`, `f64`, `i64` or `bool`", "write `x.long()`, or `x.to::<i64>()`";
    Half, "there are no elements of 16 bits: a tensor has elements of `f32`, `f64`, `i64` or `bool`",
        "leave `.half()` and `.bfloat16()` out, or write `x.float()`";
    OfNetworks, "the elements of a network are converted by `to`", "write `net.to::<f64>()` or `net.to::<f32>()`, which is a new network";
    SwappedAxes, "two axes are swapped by `transpose`, whose numbers are type parameters", "write `x.transpose::<-2, -1>()`, or `x.t()` of a matrix";
    Selected, "the number of selected elements depends on the elements, and a shape does not",
        "write `x.masked_fill(&mask, 0.0)` or `x.where_(&mask, y)`, which keep the shape; `mask.count_nonzero()` counts";
    InPlace, "no method changes a tensor in place",
        "write `let x = x + y;`, or `x += y;` of an `x` without a graph; `step` and `net.zero_grad()` clear gradients";
}

missing! { "a method of other libraries":
    Elements, "the elements of a `Vec` or a slice become a tensor by `try_from`, which checks how many they are",
        "write `Tensor::<Rank2<2, 3>>::try_from(&x[..])?`, `Tensor::<Rank2<2, 3>>::try_from(v)?` of a `Vec`, `Tensor::from([1.0, 2.0])` of an array";
    Parts, "the parts of a tensor are taken along an axis, which is part of the name",
        "write `x.select::<0>(i)` for one, `x.unbind::<0>()` for all; the elements are `x.as_slice()`";
    ByElement, "operations of a tensor are of all its elements, without a closure",
        "write `x.exp() * 2.0 + y`, `x.clamp(0.0, 1.0)`; a loop is over `x.as_slice().iter().zip(y.as_slice())`; without a gradient \
         `Tensor::<Rank1<8>>::from_fn(|i| f(x.as_slice()[i]))`";
}

/// A function that joins tensors, and is a method of them.
struct OfTensors<R>(PhantomData<R>);

impl<R> Law for OfTensors<R> {
    const WRONG: Option<Message> = Some(
        Message::new().text("tensors are joined by a method: `(x, y).cat::<0>()`, `[x, y].stack::<0>()`"),
    );
}

// One line each: rustc shows them in errors. The type of a result is not known, so that nothing is reported where it is used.
// A call of `cat` or `stack` without arguments fails when it is compiled.
#[rustfmt::skip]
#[allow(clippy::new_ret_no_self, reason = "`new` never returns")]
#[doc(hidden)]
impl<S, E, G> Tensor<S, E, G> {
    pub fn log<R>(&self) -> R where Self: Log { unreachable!() }
    pub fn size<D, R>(&self, _: D) -> R where Self: Size { unreachable!() }
    pub fn dim<R>(&self) -> R where Self: Size { unreachable!() }
    pub fn ndim<R>(&mut self) -> R where Self: Size { unreachable!() }
    pub fn len<R>(&self) -> R where Self: Size { unreachable!() }
    pub fn new<A: Constructor, R>(_: A) -> R { unreachable!() } // `Tensor::from([1.0, 2.0])`
    pub fn tensor<A: Constructor, R>(_: A) -> R { unreachable!() } // `Tensor::from([1.0, 2.0])`
    pub fn from_array<A: Constructor, R>(_: A) -> R { unreachable!() } // `Tensor::from([1.0, 2.0])`
    pub fn from_vec<A: Elements, R>(_: A) -> R { unreachable!() } // `Tensor::<Rank2<2, 3>>::try_from(v)?`
    pub fn from_slice<A: Elements, R>(_: A) -> R { unreachable!() } // `Tensor::<Rank2<2, 3>>::try_from(v)?`
    pub fn cat<R>() -> R { let () = OfTensors::<R>::HOLDS; unreachable!() } // `(x, y).cat::<0>()`, `[x, y].cat::<0>()`
    pub fn stack<R>() -> R { let () = OfTensors::<R>::HOLDS; unreachable!() } // `[x, y].stack::<0>()`
    pub fn numpy<R>(&self) -> R where Self: Numbers { unreachable!() }
    pub fn tolist<R>(&self) -> R where Self: Numbers { unreachable!() }
    pub fn get<I, R>(&mut self, _: I) -> R where Self: Parts { unreachable!() }
    pub fn iter<R>(&mut self) -> R where Self: Parts { unreachable!() }
    pub fn into_iter<R>(&mut self) -> R where Self: Parts { unreachable!() }
    pub fn map<T, R>(&mut self, _: T) -> R where Self: ByElement { unreachable!() }
    pub fn zip<T, R>(&mut self, _: T) -> R where Self: ByElement { unreachable!() }
    pub fn cpu<R>(&self) -> R where Self: Device { unreachable!() }
    pub fn cuda<R>(&self) -> R where Self: Device { unreachable!() }
    pub fn contiguous<R>(&self) -> R where Self: Contiguous { unreachable!() }
    pub fn int<R>(&mut self) -> R where Self: Integers { unreachable!() }
    pub fn half<R>(&self) -> R where Self: Half { unreachable!() }
    pub fn bfloat16<R>(&self) -> R where Self: Half { unreachable!() }
    #[allow(non_snake_case, reason = "PyTorch's name")]
    pub fn mT<R>(&self) -> R where Self: SwappedAxes { unreachable!() }
    pub fn swapaxes<A, B, R>(&self, _: A, _: B) -> R where Self: SwappedAxes { unreachable!() }
    pub fn requires_grad_<B, R>(&self, _: B) -> R where Self: Trainable { unreachable!() }
    pub fn masked_select<M, R>(&self, _: M) -> R where Self: Selected { unreachable!() }
    pub fn nonzero<R>(&self) -> R where Self: Selected { unreachable!() }
    pub fn unique<R>(&self) -> R where Self: Selected { unreachable!() }
    pub fn zero_<R>(&self) -> R where Self: InPlace { unreachable!() }
    pub fn add_<T, R>(&self, _: T) -> R where Self: InPlace { unreachable!() }
    pub fn sub_<T, R>(&self, _: T) -> R where Self: InPlace { unreachable!() }
    pub fn mul_<T, R>(&self, _: T) -> R where Self: InPlace { unreachable!() }
    pub fn div_<T, R>(&self, _: T) -> R where Self: InPlace { unreachable!() }
}

// Methods of iterators: those of `Iterator` rustc does not report by its bound. They take `&mut self`, which it looks at last.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, E, G> Tensor<S, E, G> {
    pub fn nth<T, R>(&mut self, _: T) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn skip<T, R>(&mut self, _: T) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn step_by<T, R>(&mut self, _: T) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn enumerate<R>(&mut self) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn rev<R>(&mut self) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn last<R>(&mut self) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn count<R>(&mut self) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn filter<T, R>(&mut self, _: T) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn for_each<T, R>(&mut self, _: T) -> R where PartsOf<S>: HasOrder { unreachable!() }
}

// The function of the trait again: rustc would report a bound of the trait for the call, and once more for its `Error`.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, E> Tensor<S, E> {
    pub fn try_from<A: Makes<Self, Error = R>, R>(x: A) -> Result<Self, R> { x.make() }
}

/// No type is: tensors have no operator `%`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "tensors have no operator `%`, which differs between Python and Rust",
    label = "an operator of PyTorch",
    note = "write `x.remainder(3.0)`, whose sign is that of the divisor, as for Python's `%`, or `x.fmod(3.0)`, as for Rust's; \
            both are of floats, to which `x.to::<f32>()` converts integers"
)]
pub trait Remainder {
    type Output;
}

#[doc(hidden)]
impl<S, E, G, R: Remainder> Rem<R> for Tensor<S, E, G> {
    type Output = R::Output;
    fn rem(self, _: R) -> R::Output {
        unreachable!()
    }
}

#[doc(hidden)]
impl<S, E, G, R: Remainder> RemAssign<R> for Tensor<S, E, G> {
    fn rem_assign(&mut self, _: R) {
        unreachable!()
    }
}
