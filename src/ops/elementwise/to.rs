//! y = x with elements of another type. Between `f32` and `f64`, dL/dx = dL/dy with the elements of x; through integers
//! and masks no gradient flows.

use crate::element::Element;
use crate::graph::{Constant, Context, Flow, Graph, PullbackCast, Waiting};
use crate::kernel::elementwise::convert::{ToIntegers, convert};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The backward pass of a conversion between floats.
pub struct ToBackward;

/// Elements that can be converted to `D`: each of `f32`, `f64`, `i64` and `bool` to each of them.
#[diagnostic::on_unimplemented(
    message = "a tensor of `{Self}` is not converted to elements `{D}`",
    label = "not a type of elements",
    note = "the types of elements are `f32`, `f64`, `i64` and `bool`"
)]
pub trait ConvertTo<D>: Element {
    /// The graph of the result: that of a gradient between floats, that of a plain constant where `D` is not a float.
    #[doc(hidden)]
    type Graph<S: Shape, C: Context, F: Flow<S, Self>>;
    #[doc(hidden)]
    fn convert<S: Shape, C: Context, F: Flow<S, Self>>(
        x: Tensor<S, Self, Graph<C, F>>,
    ) -> Tensor<S, D, Self::Graph<S, C, F>>;
}

/// Each line is what `to` computes from x; the form of the line says what becomes of the graph.
macro_rules! conversions {
    ($($form:ident $e:ident to $d:ident $(by |$x:ident| $y:expr)?;)+) => {
        $(conversions!(@$form $e $d $(|$x| $y)?);)+
    };
    (@gradient $e:ident $d:ident |$x:ident| $y:expr) => {
        impl<S: Shape> PullbackCast<S, $e, S, $d> for ToBackward {
            fn pull(self, grad: Tensor<S, $d>) -> Tensor<S, $e> {
                Tensor::constant(convert(grad.as_slice(), |x| x as $e))
            }
        }
        conversions!(@impl $e $d [Graph<C, F::Cast<S, $d, ToBackward>>] |x| {
            let (x, flow) = x.into_waiting();
            Tensor::from_parts(convert(x.as_slice(), |$x| $y), Waiting::into_inner(flow).cast(|| ToBackward))
        });
    };
    (@constant $e:ident $d:ident |$x:ident| $y:expr) => {
        conversions!(@impl $e $d [Constant] |x| Tensor::constant(convert(x.as_slice(), |$x| $y)));
    };
    (@integers $e:ident $d:ident) => {
        conversions!(@impl $e $d [Constant] |x| Tensor::constant($e::integers(x.as_slice())));
    };
    (@untracked $e:ident $d:ident |$x:ident| $y:expr) => {
        conversions!(@impl $e $d [Graph<C, ()>] |x| Tensor::from_parts(convert(x.as_slice(), |$x| $y), ()));
    };
    (@itself $e:ident $d:ident) => {
        conversions!(@impl $e $d [Graph<C, F>] |x| x);
    };
    (@impl $e:ident $d:ident [$graph:ty] |$tensor:ident| $y:expr) => {
        #[diagnostic::do_not_recommend]
        impl ConvertTo<$d> for $e {
            type Graph<S: Shape, C: Context, F: Flow<S, Self>> = $graph;
            fn convert<S: Shape, C: Context, F: Flow<S, Self>>(
                $tensor: Tensor<S, Self, Graph<C, F>>,
            ) -> Tensor<S, $d, Self::Graph<S, C, F>> {
                $y
            }
        }
    };
}
conversions! {
    gradient f32 to f64 by |x| f64::from(x);
    gradient f64 to f32 by |x| x as f32;
    itself f32 to f32;
    itself f64 to f64;
    itself i64 to i64;
    itself bool to bool;
    untracked i64 to f32 by |x| x as f32;
    untracked i64 to f64 by |x| x as f64;
    untracked bool to f32 by |x| f32::from(u8::from(x));
    untracked bool to f64 by |x| f64::from(u8::from(x));
    integers f32 to i64;
    integers f64 to i64;
    constant bool to i64 by |x| i64::from(x);
    constant f32 to bool by |x| x != 0.0;
    constant f64 to bool by |x| x != 0.0;
    constant i64 to bool by |x| x != 0;
}

/// A tensor of elements `E` with the elements `D`.
type Converted<S, E, C, F, D> = Tensor<S, D, <E as ConvertTo<D>>::Graph<S, C, F>>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// This tensor with elements of type `D`: `f32`, `f64`, `i64` or `bool`. PyTorch's `x.to(dtype)`.
    ///
    /// In: any shape. Out: the same shape.
    ///
    /// A float that becomes an integer is rounded towards 0; what is too large becomes the largest integer, and NaN becomes
    /// 0 (PyTorch leaves both to the machine). Any other number than 0 becomes `true`. The gradient flows between `f32` and `f64`, and
    /// through no other conversion. [`float`](Self::float), [`double`](Self::double), [`long`](Self::long) and
    /// [`bool`](Self::bool) are this method with a type, as in PyTorch.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let w = Param::new(Tensor::from([1.5_f32, -2.0]));
    /// w.track().to::<f64>().powi(2).sum().backward(); // summed in f64, with a gradient in f32
    /// assert_eq!(w.grad().unwrap(), Tensor::from([3.0, -4.0]));
    /// assert_eq!(w.value().clone().to::<i64>(), Tensor::from([1, -2]));
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn to<D>(self) -> Converted<S, E, C, F, D> // `x.to::<f32>()`; there are no devices
    where
        E: ConvertTo<D>,
    {
        E::convert(self)
    }

    /// This tensor with elements of type `f32`: [`to::<f32>()`](Self::to). PyTorch's `x.float()`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, -2.0, 3.0]);
    /// assert_eq!(x.gt(0.0).float().sum().item(), 2.0);
    /// ```
    pub fn float(self) -> Converted<S, E, C, F, f32>
    where
        E: ConvertTo<f32>,
    {
        self.to()
    }

    /// This tensor with elements of type `f64`: [`to::<f64>()`](Self::to). PyTorch's `x.double()`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1, 2]).double().mean().item(), 1.5);
    /// ```
    pub fn double(self) -> Converted<S, E, C, F, f64>
    where
        E: ConvertTo<f64>,
    {
        self.to()
    }

    /// This tensor with elements of type `i64`: [`to::<i64>()`](Self::to). PyTorch's `x.long()`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([2.75, -2.75]).long(), Tensor::from([2, -2]));
    /// ```
    pub fn long(self) -> Converted<S, E, C, F, i64>
    where
        E: ConvertTo<i64>,
    {
        self.to()
    }

    /// Whether each element is not 0: [`to::<bool>()`](Self::to). PyTorch's `x.bool()`. NaN is not 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, -0.5]).bool(), Tensor::from([false, true]));
    /// ```
    pub fn bool(self) -> Converted<S, E, C, F, bool>
    where
        E: ConvertTo<bool>,
    {
        self.to()
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::Train;
    use crate::prelude::*;

    #[test]
    fn conversion_of_nan_and_infinities_to_integers() {
        let x = Tensor::from([1e300, f64::NEG_INFINITY, f64::NAN, -0.9]);
        assert_eq!(x.clone().long(), Tensor::from([i64::MAX, i64::MIN, 0, 0]));
        assert_eq!(x.clone().bool(), Tensor::from([true, true, true, true]));
        assert_eq!(Tensor::from([1e300_f64]).float(), Tensor::from([f32::INFINITY]));
        assert!(x.float().to_vec()[2].is_nan());
    }

    /// The gradient arrives in the type of the parameter, and what is converted may be used inside modules.
    #[test]
    fn the_gradient_flows_between_floats_only() {
        let w = Param::new(Tensor::from([0.5_f64, 3.0]));
        w.track().shared(|w| (w.clone().float().powi(2).double() * w).sum()).backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([0.75, 27.0]));
        let chosen = (w.track().float() * w.track().bool().float()).sum();
        chosen.backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([1.75, 28.0]));
        let inside = w.traced::<Train>().float() + Tensor::from([1, 2]).float();
        assert_eq!(inside, Tensor::<Rank1<2>>::from([1.5, 5.0]).within::<Train>());
    }

    #[test]
    fn large_tensors_are_converted_whole() {
        let x = Tensor::<Rank1<300_001>, i64>::arange();
        assert_eq!(x.clone().float().long(), x);
    }
}
