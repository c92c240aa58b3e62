//! Activation functions as layers.

use super::pool::without_parameters;
use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::{Element, Float};
use crate::graph::Mode;
use crate::module::Follower;
use crate::options;
use crate::rng::Rng;
use crate::shape::{Axis, Dim, Known, Law, Laws, Message, Shape};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// ```text
/// activations! {
///     /// Docs.
///     LeakyRelu { negative_slope = 0.01 } as "LeakyReLU(negative_slope={})", by leaky_relu;
/// }
/// ```
///
/// The options are fields with PyTorch's defaults, and a method of the same name sets each. After `as` comes what PyTorch
/// prints.
macro_rules! activations {
    ($( $(#[$attr:meta])* $name:ident { $($option:ident = $default:literal),* } as $printed:literal, by $method:ident; )+) => { $(
        $(#[$attr])*
        ///
        /// In: any shape. Out: the same shape.
        #[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
        pub struct $name { $($option: f64),* }

        impl $name { $(
            #[doc = concat!("With another `", stringify!($option), "` than ", stringify!($default), ".")]
            ///
            /// # Panics
            /// If it is NaN.
            #[must_use]
            #[track_caller]
            pub fn $option(mut self, $option: f64) -> Self {
                self.$option = options::not_nan(stringify!($option), $option);
                self
            }
        )* }

        impl Default for $name {
            fn default() -> Self {
                $name { $($option: $default),* }
            }
        }

        activations!(@layer $name { $($option),* } as $printed, by $method);
    )+ };
    (units: $( $(#[$attr:meta])* $name:ident as $printed:literal, by $method:ident $(, follower = $follower:expr)?; )+) => { $(
        $(#[$attr])*
        ///
        /// In: any shape. Out: the same shape.
        #[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name;

        activations!(@layer $name {} as $printed, by $method $(, follower = $follower)?);
    )+ };
    (@layer $name:ident { $($option:ident),* } as $printed:literal, by $method:ident $(, follower = $follower:expr)?) => {
        without_parameters!([] $name);

        impl Init for $name {
            fn new(_: &mut Rng) -> Self {
                Self::default()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, $printed $(, self.$option)*)
            }
        }

        impl<S: Shape, E: Float> Forward<S, E> for $name {
            type Output = S;
            $(const FOLLOWER: Option<Follower> = $follower;)?
            fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<S, M, E> {
                x.$method($(E::from_f64(self.$option)),*)
            }
        }
    };
}

activations! { units:
    /// max(x, 0), element-wise. PyTorch's `nn.ReLU`. In inference, a convolution before it in a tuple computes it with its
    /// own result.
    Relu as "ReLU()", by relu, follower = Some(Follower::Relu);
    /// min(max(x, 0), 6), element-wise. PyTorch's `nn.ReLU6`. In inference, a convolution before it in a tuple computes it
    /// with its own result.
    Relu6 as "ReLU6()", by relu6, follower = Some(Follower::Relu6);
    /// x Φ(x), element-wise, where Φ is the distribution function of the normal distribution. PyTorch's `nn.GELU`.
    Gelu as "GELU(approximate='none')", by gelu;
    /// Almost [`Gelu`], by a hyperbolic tangent, element-wise. PyTorch's `nn.GELU(approximate="tanh")`.
    GeluTanh as "GELU(approximate='tanh')", by gelu_tanh;
    /// x / (1 + e⁻ˣ), element-wise. PyTorch's `nn.SiLU`.
    Silu as "SiLU()", by silu;
    /// x tanh(ln(1 + eˣ)), element-wise. PyTorch's `nn.Mish`.
    Mish as "Mish()", by mish;
    /// 1 / (1 + e⁻ˣ), element-wise. PyTorch's `nn.Sigmoid`.
    Sigmoid as "Sigmoid()", by sigmoid;
    /// ln(1 / (1 + e⁻ˣ)), element-wise. PyTorch's `nn.LogSigmoid`.
    LogSigmoid as "LogSigmoid()", by log_sigmoid;
    /// The hyperbolic tangent, element-wise. PyTorch's `nn.Tanh`.
    Tanh as "Tanh()", by tanh;
    /// min(max(x + 3, 0), 6) / 6, element-wise. PyTorch's `nn.Hardsigmoid`.
    Hardsigmoid as "Hardsigmoid()", by hardsigmoid;
    /// x min(max(x + 3, 0), 6) / 6, element-wise. PyTorch's `nn.Hardswish`.
    Hardswish as "Hardswish()", by hardswish;
    /// x / (1 + |x|), element-wise. PyTorch's `nn.Softsign`.
    Softsign as "Softsign()", by softsign;
    /// s x where x is positive, else s α (eˣ - 1), element-wise, with two constants. PyTorch's `nn.SELU`.
    Selu as "SELU()", by selu;
}

activations! {
    /// x where it is positive, else `negative_slope` x, element-wise. PyTorch's `nn.LeakyReLU`.
    ///
    /// ```
    /// use typegrad::nn::LeakyRelu;
    /// use typegrad::prelude::*;
    /// let layer = LeakyRelu::default().negative_slope(0.5);
    /// assert_eq!(layer.infer(Tensor::from([-2.0_f32, 3.0])), Tensor::from([-1.0, 3.0]));
    /// ```
    LeakyRelu { negative_slope = 0.01 } as "LeakyReLU(negative_slope={})", by leaky_relu;
    /// x where it is positive, else `alpha` (eˣ - 1), element-wise. PyTorch's `nn.ELU`.
    Elu { alpha = 1.0 } as "ELU(alpha={:?})", by elu;
    /// x where it is positive, else `alpha` (exp(x / `alpha`) - 1), element-wise. PyTorch's `nn.CELU`.
    Celu { alpha = 1.0 } as "CELU(alpha={:?})", by celu;
    /// x where |x| is more than `lambd`, else 0, element-wise. PyTorch's `nn.Hardshrink`.
    Hardshrink { lambd = 0.5 } as "Hardshrink({})", by hardshrink;
    /// x moved towards 0 by `lambd`, element-wise, but not past it. PyTorch's `nn.Softshrink`.
    Softshrink { lambd = 0.5 } as "Softshrink({})", by softshrink;
    /// ln(1 + exp(βx)) / β, but x where βx is more than `threshold`, element-wise. PyTorch's `nn.Softplus`.
    Softplus { beta = 1.0, threshold = 20.0 } as "Softplus(beta={:?}, threshold={:?})", by softplus;
    /// min(max(x, `min_val`), `max_val`), element-wise. PyTorch's `nn.Hardtanh`.
    Hardtanh { min_val = -1.0, max_val = 1.0 } as "Hardtanh(min_val={:?}, max_val={:?})", by hardtanh;
}

macro_rules! along_an_axis {
    ($( $(#[$attr:meta])* $name:ident; )+) => { $(
        $(#[$attr])*
        ///
        /// In: any shape with the axis `AXIS`, which may be negative. Out: the same shape.
        #[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name<const AXIS: isize>;

        without_parameters!([const AXIS: isize] $name<AXIS>);

        impl<const AXIS: isize> Init for $name<AXIS> {
            fn new(_: &mut Rng) -> Self {
                $name
            }
        }

        impl<const AXIS: isize> fmt::Debug for $name<AXIS> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(dim={AXIS})", stringify!($name))
            }
        }
    )+ };
}

along_an_axis! {
    /// eˣ / Σ eˣ along an axis. PyTorch's `nn.Softmax(dim=AXIS)`.
    Softmax;
    /// x - ln Σ eˣ along an axis. PyTorch's `nn.LogSoftmax(dim=AXIS)`.
    LogSoftmax;
}

/// The axis of a layer that ends a network is not of size 1, where a softmax is always 1.
struct MoreThanOne<D>(PhantomData<D>);

impl<D: Dim> Law for MoreThanOne<D> {
    const WRONG: Option<Message> = if D::SIZE == 1 && !D::LOST {
        Some(
            Message::new()
                .text("a softmax along an axis of size 1 is always 1: write Sigmoid, or another axis"),
        )
    } else {
        None
    };
}

// Not in the macro, so that errors show no macro.
impl<S: Axis<AXIS>, E: Float, const AXIS: isize> Forward<S, E> for Softmax<AXIS> {
    // Unknown where the axis does not exist, so that nothing more is reported.
    type Output = <S::AxisDim as Known>::Then<S>;
    const LAWS: Laws = Laws::always(MoreThanOne::<S::Dim>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<S, M, E> {
        x.softmax::<AXIS>()
    }
}

impl<S: Axis<AXIS>, E: Float, const AXIS: isize> Forward<S, E> for LogSoftmax<AXIS> {
    type Output = <S::AxisDim as Known>::Then<S>;
    const LAWS: Laws = Laws::always(MoreThanOne::<S::Dim>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<S, M, E> {
        x.log_softmax::<AXIS>()
    }
}

/// Returns its input. PyTorch's `nn.Identity`.
///
/// In: any shape. Out: the same shape.
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::from([1.0_f32, -2.0]);
/// assert_eq!(Identity::new(&mut Rng::seed(0)).infer(x.clone()), x);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity;

without_parameters!([] Identity);

impl Init for Identity {
    fn new(_: &mut Rng) -> Self {
        Identity
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity()")
    }
}

impl<S: Shape, E: Element> Forward<S, E> for Identity {
    type Output = S;
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<S, M, E> {
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: `print` in PyTorch 2.15.
    #[test]
    fn layers_print_as_in_pytorch() {
        assert_eq!(format!("{Relu:?}"), "ReLU()");
        assert_eq!(format!("{:?}", LeakyRelu::default()), "LeakyReLU(negative_slope=0.01)");
        assert_eq!(format!("{:?}", Elu::default()), "ELU(alpha=1.0)");
        assert_eq!(format!("{:?}", Softplus::default()), "Softplus(beta=1.0, threshold=20.0)");
        assert_eq!(format!("{:?}", Softmax::<-1>), "Softmax(dim=-1)");
    }
}
