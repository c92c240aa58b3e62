//! The element types of tensors.

use crate::free_slots::FreeSlots;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::{ElementKernels, FloatKernels, NumberKernels};
use crate::state_data::StateData;
use crate::storage::Storage;
use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::thread::LocalKey;

/// The type of the elements of a tensor: `f32`, `f64`, `i64` or `bool`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of an element of a tensor",
    label = "the elements of a tensor are `f32`, `f64`, `i64` or `bool`",
    note = "other numbers are converted first: `bytes.map(f32::from)`, `n as i64`"
)]
pub trait Element:
    Copy + Default + PartialEq + PartialOrd + Debug + Display + Send + Sync + 'static + Sealed + ElementKernels
{
    /// Its name in PyTorch, without `torch.`.
    const DTYPE: &'static str;
    /// The element as it is printed.
    #[doc(hidden)]
    fn printed(self) -> Printed;
    /// Adds `other` to `sum`, element-wise, where this type holds gradients.
    #[doc(hidden)]
    fn accumulate(sum: &mut [Self], other: &[Self]);
    /// Writes each of `from` over `size` elements.
    #[doc(hidden)]
    fn spread(to: &mut [Self], size: usize, from: &[Self]);
    /// The free slots of this thread.
    #[doc(hidden)]
    fn slots() -> &'static LocalKey<FreeSlots<Self>>;
    /// These elements as those of a state dict.
    #[doc(hidden)]
    fn to_state(elements: Storage<Self>) -> StateData;
    /// The elements of a state dict, if they are of this type.
    #[doc(hidden)]
    fn from_state(data: &StateData) -> Option<&Storage<Self>>;
}

/// Numbers: `f32`, `f64` and `i64`.
#[diagnostic::on_unimplemented(
    message = "this takes numbers, but the elements are `{Self}`",
    label = "the numbers of a tensor are `f32`, `f64` or `i64`",
    note = "a mask becomes numbers with `x.to::<f32>()`; one of equal values is `Tensor::full(false)`"
)]
pub trait Numeric: Element + num_traits::NumAssign + num_traits::NumCast + NumberKernels {
    /// Writes `start + i * step` at each position i.
    #[doc(hidden)]
    fn progression(to: &mut [Self], start: Self, step: Self);
}

/// Elements that can carry a gradient: `f32` and `f64`.
#[diagnostic::on_unimplemented(
    message = "this takes floats, but the elements are `{Self}`",
    label = "`{Self}` is not a float",
    note = "integers and masks have no gradient; `x.to::<f32>()` converts them to floats"
)]
pub trait Float:
    Numeric + num_traits::Float + num_traits::FloatConst + Sum + NumberOfLoss + FloatKernels
{
    /// The nearest value of this type.
    fn from_f64(x: f64) -> Self;
    /// The nearest values of this type.
    #[doc(hidden)]
    fn from_f64s(to: &mut [Self], x: &[f64]);
    /// This value as `f64`, exactly.
    fn as_f64(self) -> f64;
    /// The error function.
    fn erf(self) -> Self;
    /// 1 minus the error function.
    fn erfc(self) -> Self;
}

/// A number that `backward` returned. Its `item` is the number itself.
///
/// The other methods exist for their messages, one line each, since rustc shows it. They take `&mut self`, which rustc looks at
/// last: a method of that name in a trait of the user's goes before them.
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

mod sealed {
    pub trait Sealed {}
}
use sealed::Sealed;

macro_rules! slots {
    ($t:ty) => {
        fn slots() -> &'static LocalKey<FreeSlots<Self>> {
            thread_local!(static SLOTS: FreeSlots<$t> = const { FreeSlots::new() });
            &SLOTS
        }
    };
}

macro_rules! state {
    ($variant:ident) => {
        fn to_state(elements: Storage<Self>) -> StateData {
            StateData::$variant(elements)
        }
        fn from_state(data: &StateData) -> Option<&Storage<Self>> {
            match data {
                StateData::$variant(elements) => Some(elements),
                _ => None,
            }
        }
    };
}

macro_rules! impl_number {
    ($($t:ident $variant:ident $name:literal),*) => { $(
        impl Sealed for $t {}
        #[diagnostic::do_not_recommend]
        impl Element for $t {
            const DTYPE: &'static str = $name;
            fn printed(self) -> Printed {
                self.into()
            }
            fn accumulate(sum: &mut [Self], other: &[Self]) {
                at_level(#[inline(always)] || sum.iter_mut().zip(other).for_each(|(s, o)| *s += *o));
            }
            fn spread(to: &mut [Self], size: usize, from: &[Self]) {
                at_level(#[inline(always)] || to.chunks_exact_mut(size).zip(from).for_each(|(to, x)| to.fill(*x)));
            }
            slots!($t);
            state!($variant);
        }
        #[diagnostic::do_not_recommend]
        impl Numeric for $t {
            fn progression(to: &mut [Self], start: Self, step: Self) {
                // Vectors of AVX2 convert 32-bit integers only.
                if let Ok(n) = i32::try_from(to.len()) {
                    at_level(#[inline(always)] || to.iter_mut().zip(0..n).for_each(|(x, i)| *x = start + step * (i as $t)));
                } else {
                    to.iter_mut().enumerate().for_each(|(i, x)| *x = start + step * (i as i64 as $t));
                }
            }
        }
    )* };
}
impl_number!(f32 F32 "float32", f64 F64 "float64", i64 I64 "int64");

impl Sealed for bool {}
#[diagnostic::do_not_recommend]
impl Element for bool {
    const DTYPE: &'static str = "bool";
    fn printed(self) -> Printed {
        self.into()
    }
    fn accumulate(_: &mut [Self], _: &[Self]) {}
    fn spread(to: &mut [Self], size: usize, from: &[Self]) {
        to.chunks_exact_mut(size).zip(from).for_each(|(to, x)| to.fill(*x));
    }
    slots!(bool);
    state!(Bool);
}

impl Float for f32 {
    fn from_f64(x: f64) -> Self {
        x as f32
    }
    fn from_f64s(to: &mut [f32], x: &[f64]) {
        at_level(
            #[inline(always)]
            || to.iter_mut().zip(x).for_each(|(to, x)| *to = *x as f32),
        );
    }
    fn as_f64(self) -> f64 {
        self.into()
    }
    fn erf(self) -> Self {
        libm::erff(self)
    }
    fn erfc(self) -> Self {
        libm::erfcf(self)
    }
}

#[diagnostic::do_not_recommend]
impl Float for f64 {
    fn from_f64(x: f64) -> Self {
        x
    }
    fn from_f64s(to: &mut [f64], x: &[f64]) {
        to.copy_from_slice(x);
    }
    fn as_f64(self) -> f64 {
        self
    }
    fn erf(self) -> Self {
        libm::erf(self)
    }
    fn erfc(self) -> Self {
        libm::erfc(self)
    }
}

/// An element as it is printed.
#[derive(Clone, Copy, Debug)]
pub enum Printed {
    /// A floating-point number.
    Real(f64),
    /// An integer.
    Whole(i64),
    /// A truth value.
    Truth(bool),
}

impl From<f32> for Printed {
    fn from(x: f32) -> Self {
        Printed::Real(x.into())
    }
}

impl From<f64> for Printed {
    fn from(x: f64) -> Self {
        Printed::Real(x)
    }
}

impl From<i64> for Printed {
    fn from(x: i64) -> Self {
        Printed::Whole(x)
    }
}

impl From<bool> for Printed {
    fn from(x: bool) -> Self {
        Printed::Truth(x)
    }
}
