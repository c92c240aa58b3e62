//! The sigmoid and tanh of gates, in place.

use crate::kernel::math::{Elementary, Function};

/// Sigmoid and tanh of slices, for an element type.
pub trait VectorMath: Sized {
    /// 1 / (1 + e⁻ˣ) for each x.
    #[doc(hidden)]
    fn sigmoid_all(x: &mut [Self]);
    /// tanh x for each x.
    #[doc(hidden)]
    fn tanh_all(x: &mut [Self]);
}

macro_rules! impl_sigmoid_tanh {
    ($($t:ty),*) => { $(
        impl VectorMath for $t {
            fn sigmoid_all(x: &mut [Self]) {
                <$t as Elementary>::map_in_place(Function::Sigmoid, x);
            }
            fn tanh_all(x: &mut [Self]) {
                <$t as Elementary>::map_in_place(Function::Tanh, x);
            }
        }
    )* };
}
impl_sigmoid_tanh!(f32, f64);
