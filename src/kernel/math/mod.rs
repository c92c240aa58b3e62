//! The elementary functions of slices, at the level of the machine.
//!
//! Each is written once over [`Vector`], without branches, for `f32` and `f64`. A result depends on its element alone,
//! not on where it is in the slice, and is the same at every level with FMA. The last bits may differ at the baseline.

mod arithmetic;
mod coefficients;
mod error;
mod exponential;
mod logarithm;
mod power;
#[cfg(test)]
mod tests;
mod trigonometric;

use super::simd::{Kernel, Simd, Vector, dispatch};
use coefficients::Coefficients;
use std::marker::PhantomData;

/// A function of vectors.
trait Unary {
    /// The function of each lane.
    fn of<E: Coefficients, V: Vector<E>>(x: V) -> V;
}

macro_rules! functions {
    ($($name:ident $path:path, $doc:literal;)*) => {
        /// A function of one number.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Function {
            $(#[doc = $doc] $name,)*
        }

        impl Function {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }

        $(
            struct $name;
            impl Unary for $name {
                #[inline(always)]
                fn of<E: Coefficients, V: Vector<E>>(x: V) -> V {
                    $path(x)
                }
            }
        )*

        /// Computes `function` of each element.
        fn run<E: Coefficients>(function: Function, elements: Elements<'_, E>) {
            match function {
                $(Function::$name => dispatch(Map(elements, $name)),)*
            }
        }
    };
}

functions! {
    Exp exponential::exp, "eˣ.";
    Exp2 exponential::exp2, "2ˣ.";
    Expm1 exponential::expm1, "eˣ - 1.";
    Ln logarithm::ln, "The natural logarithm.";
    Log2 logarithm::log2, "The logarithm to base 2.";
    Log10 logarithm::log10, "The logarithm to base 10.";
    Log1p logarithm::log1p, "ln(1 + x).";
    Sinh exponential::sinh, "The hyperbolic sine.";
    Cosh exponential::cosh, "The hyperbolic cosine.";
    Tanh exponential::tanh, "The hyperbolic tangent.";
    Asinh logarithm::asinh, "The inverse hyperbolic sine.";
    Acosh logarithm::acosh, "The inverse hyperbolic cosine.";
    Atanh logarithm::atanh, "The inverse hyperbolic tangent.";
    Sigmoid exponential::sigmoid, "1 / (1 + e⁻ˣ).";
    Silu exponential::silu, "x / (1 + e⁻ˣ).";
    Softplus exponential::softplus, "ln(1 + eˣ).";
    Gelu error::gelu, "x Φ(x).";
    GeluTanh exponential::gelu_tanh, "PyTorch's approximation of x Φ(x) by tanh.";
    Erf error::erf, "The error function.";
    Erfc error::erfc, "1 - erf x.";
    Sin trigonometric::sin, "The sine.";
    Cos trigonometric::cos, "The cosine.";
    Tan trigonometric::tan, "The tangent.";
    Asin trigonometric::asin, "The inverse sine.";
    Acos trigonometric::acos, "The inverse cosine.";
    Atan trigonometric::atan, "The inverse tangent.";
}

/// Elements to read, and as many to write: the same ones, or others.
struct Elements<'a, E> {
    n: usize,
    from: *const E,
    to: *mut E,
    borrowed: PhantomData<&'a mut [E]>,
}

impl<'a, E> Elements<'a, E> {
    fn in_place(x: &'a mut [E]) -> Self {
        let to = x.as_mut_ptr();
        Self { n: x.len(), from: to, to, borrowed: PhantomData }
    }

    fn between(x: &'a [E], y: &'a mut [E]) -> Self {
        assert_eq!(x.len(), y.len(), "as many results as arguments");
        Self { n: x.len(), from: x.as_ptr(), to: y.as_mut_ptr(), borrowed: PhantomData }
    }
}

/// `f` of each element.
struct Map<'a, E, F>(Elements<'a, E>, F);

impl<E: Coefficients, F: Unary> Kernel for Map<'_, E, F> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Elements { n, from, to, .. } = self.0;
        let lanes = E::V::<S>::LANES;
        let mut i = 0;
        // One loop for whole and partial vectors, since the function is inlined into it.
        while i < n {
            let count = n - i;
            // SAFETY: from i on there are `count` elements to read and to write, by the constructors of `Elements`.
            unsafe {
                let x = if count >= lanes {
                    E::V::<S>::load_ptr(from.add(i))
                } else {
                    E::V::<S>::load_first(from.add(i), count, E::ZERO)
                };
                let y = F::of(x);
                if count >= lanes {
                    y.store_ptr(to.add(i));
                } else {
                    y.store_first(to.add(i), count);
                }
            }
            i += lanes;
        }
    }
}

/// xʸ of each pair, or of each x and one y.
struct Pow<'a, E> {
    x: Elements<'a, E>,
    y: &'a [E],
}

impl<E: Coefficients> Kernel for Pow<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Elements { n, from, to, .. } = self.x;
        let lanes = E::V::<S>::LANES;
        let exponent = E::V::<S>::splat(self.y.first().copied().unwrap_or(E::ZERO));
        let mut i = 0;
        while i < n {
            let count = (n - i).min(lanes);
            let y = if self.y.len() == 1 { exponent } else { E::V::<S>::load_partial(&self.y[i..], E::ZERO) };
            // SAFETY: from i on there are `count` elements to read and to write, by the constructors of `Elements`.
            unsafe {
                let x = E::V::<S>::load_first(from.add(i), count, E::ZERO);
                power::pow(x, y).store_first(to.add(i), count);
            }
            i += lanes;
        }
    }
}

/// Elements that have elementary functions. Each method is compiled in this crate, once for each type and level.
pub trait Elementary: Sized {
    /// The function of each `x`, in `y`, which has the same length.
    fn map(function: Function, x: &[Self], y: &mut [Self]);
    /// The function of each element, in its place.
    fn map_in_place(function: Function, x: &mut [Self]);
    /// xʸ, in `z`. There are as many exponents as numbers, or one for all.
    fn pow(x: &[Self], y: &[Self], z: &mut [Self]);
    /// xʸ, in the place of x. There are as many exponents as numbers, or one for all.
    fn pow_in_place(x: &mut [Self], y: &[Self]);
}

macro_rules! elementary {
    ($($t:ty),*) => { $(
        impl Elementary for $t {
            fn map(function: Function, x: &[Self], y: &mut [Self]) {
                run(function, Elements::between(x, y));
            }
            fn map_in_place(function: Function, x: &mut [Self]) {
                run(function, Elements::in_place(x));
            }
            fn pow(x: &[Self], y: &[Self], z: &mut [Self]) {
                assert!(y.len() == x.len() || y.len() == 1, "an exponent for each number, or one");
                dispatch(Pow { x: Elements::between(x, z), y });
            }
            fn pow_in_place(x: &mut [Self], y: &[Self]) {
                assert!(y.len() == x.len() || y.len() == 1, "an exponent for each number, or one");
                dispatch(Pow { x: Elements::in_place(x), y });
            }
        }
    )* };
}
elementary!(f32, f64);
