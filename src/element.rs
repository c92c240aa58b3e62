//! What a tensor is made of.

use crate::graph::{Flow, FreeSlots, GradSlot, Scope};
use crate::kernel::Plain;
use crate::nn::StateData;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Printed;
use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::thread::LocalKey;

/// The type of the elements of a tensor: `f32`, `f64`, `i64` or `bool`.
pub trait Element:
    Copy + Default + PartialEq + PartialOrd + Debug + Display + Send + Sync + 'static + Sealed + Plain
{
    /// Its name in PyTorch, without `torch.`.
    const DTYPE: &'static str;
    /// The element as it is printed.
    #[doc(hidden)]
    fn printed(self) -> Printed;
    /// Adds `other` to `sum`, element by element, where this type holds gradients.
    #[doc(hidden)]
    fn accumulate(sum: &mut [Self], other: &[Self]);
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
pub trait Numeric: Element + num_traits::NumAssign + num_traits::NumCast {}

/// Elements that can carry a gradient: `f32` and `f64`.
pub trait Float:
    Numeric
    + num_traits::Float
    + num_traits::FloatConst
    + Sum
    + InputOf<Self>
    + crate::kernel::VectorMath
    + crate::kernel::Gemm
{
    /// The nearest value of this type.
    fn from_f64(x: f64) -> Self;
    /// This value as `f64`, exactly.
    fn as_f64(self) -> f64;
    /// The error function.
    fn erf(self) -> Self;
    /// 1 minus the error function.
    fn erfc(self) -> Self;
}

/// Elements that a module which computes in `E` can take: its own, or indices and masks.
pub trait InputOf<E: Element>: Element {
    /// The flow behind a boundary around `H`, where `P` is the flow of the input.
    type Behind<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope>: Flow<T, E>;
    #[doc(hidden)]
    fn behind<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope>(
        inner: H,
        outer: P,
        input: GradSlot<Self>,
    ) -> Self::Behind<S, T, H, P, L>;
}

macro_rules! impl_input_of_itself {
    ($($t:ty),*) => { $(
        impl InputOf<$t> for $t {
            type Behind<S: Shape, T: Shape, H: Flow<T, Self>, P: Flow<S, Self>, L: Scope> = H::Bounded<S, P, L>;
            fn behind<S: Shape, T: Shape, H: Flow<T, Self>, P: Flow<S, Self>, L: Scope>(
                inner: H,
                outer: P,
                input: GradSlot<Self>,
            ) -> H::Bounded<S, P, L> {
                inner.bounded::<S, P, L>(outer, input)
            }
        }
    )* };
}
impl_input_of_itself!(f32, f64);

/// Indices and masks have no gradient: what is upstream of them is let go.
macro_rules! impl_input_without_gradient {
    ($($t:ty),*) => { $(
        impl<E: Float> InputOf<E> for $t {
            type Behind<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope> = H::Bounded<S, (), L>;
            fn behind<S: Shape, T: Shape, H: Flow<T, E>, P: Flow<S, Self>, L: Scope>(
                inner: H,
                _: P,
                _: GradSlot<Self>,
            ) -> H::Bounded<S, (), L> {
                inner.bounded::<S, (), L>((), GradSlot::unwanted())
            }
        }
    )* };
}
impl_input_without_gradient!(i64, bool);

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
        impl Element for $t {
            const DTYPE: &'static str = $name;
            fn printed(self) -> Printed {
                self.into()
            }
            fn accumulate(sum: &mut [Self], other: &[Self]) {
                for (s, o) in sum.iter_mut().zip(other) {
                    *s += *o;
                }
            }
            slots!($t);
            state!($variant);
        }
        impl Numeric for $t {}
    )* };
}
impl_number!(f32 F32 "float32", f64 F64 "float64", i64 I64 "int64");

impl Sealed for bool {}
impl Element for bool {
    const DTYPE: &'static str = "bool";
    fn printed(self) -> Printed {
        self.into()
    }
    fn accumulate(_: &mut [Self], _: &[Self]) {}
    slots!(bool);
    state!(Bool);
}

impl Float for f32 {
    fn from_f64(x: f64) -> Self {
        x as f32
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

impl Float for f64 {
    fn from_f64(x: f64) -> Self {
        x
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
