//! Left operands other than tensors: of `+ - * /` numbers, parameters and references to constants; of `cat` and `stack` references.

use crate::element::{Element, Float, Numeric};
use crate::graph::{Context, Flow, Graph, PerElement, Switch, UseTwiceInsideShared, Waiting};
use crate::kernel::elementwise::float::FloatMap;
use crate::kernel::elementwise::function::{BinaryFunction, UnaryFunction};
use crate::kernel::elementwise::number::NumberZip;
use crate::kernel::elementwise::pointwise::Value;
use crate::ops::elementwise::div::NumberDivBackward;
use crate::ops::elementwise::neg::NegBackward;
use crate::ops::support::results::Mapped;
use crate::ops::support::rhs::{HasContext, Pointwise, Scalar};
use crate::shape::Shape;
use crate::tensor::Tensor;
use crate::tensor::param::Param;
use std::ops::{Add, Div, Mul, Sub};

/// A number, where `x + number` is the same operation, and the two where it is not.
macro_rules! impl_number_on_the_left {
    ($([$($generics:tt)*] $left:ty, $element:ty, $bound:ident, |$this:ident| $number:expr;)*) => { $(
        impl_number_on_the_left!(@ [$($generics)*] Add add $bound $left, $element,
            <Tensor<S, $element, Graph<C, F>> as Add<Scalar<$element>>>::Output, |$this, x| x + Scalar($number));
        impl_number_on_the_left!(@ [$($generics)*] Mul mul $bound $left, $element,
            <Tensor<S, $element, Graph<C, F>> as Mul<Scalar<$element>>>::Output, |$this, x| x * Scalar($number));
        impl_number_on_the_left!(@ [$($generics)*] Sub sub $bound $left, $element,
            Mapped<S, $element, C, F, NegBackward>, |$this, x| subtract($number, x));
    )* };
    (@ [$($generics:tt)*] $op:ident $method:ident $bound:ident $left:ty, $element:ty, $output:ty,
        |$this:ident, $x:ident| $value:expr
    ) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)* S: Shape, C: Context, F: Flow<S, $element>> $op<Tensor<S, $element, Graph<C, F>>> for $left
        where
            $element: $bound,
        {
            type Output = $output;
            fn $method(self, $x: Tensor<S, $element, Graph<C, F>>) -> Self::Output {
                let $this = self;
                $value
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($generics)* S, C, F> $op<&Tensor<S, $element, Graph<C, F>>> for $left
        where
            $element: $bound,
            S: Shape,
            C: Context,
            F: Flow<S, $element> + UseTwiceInsideShared,
        {
            type Output = <Self as $op<Tensor<S, $element, Graph<C, F>>>>::Output;
            fn $method(self, x: &Tensor<S, $element, Graph<C, F>>) -> Self::Output {
                self.$method(x.clone())
            }
        }
    };
}
impl_number_on_the_left! {
    [] f32, f32, Numeric, |number| number;
    [] f64, f64, Numeric, |number| number;
    [] i64, i64, Numeric, |number| number;
    [E: Element,] Scalar<E>, E, Numeric, |number| number.0;
}

macro_rules! impl_division_by_a_tensor {
    ($([$($generics:tt)*] $left:ty, $element:ty, |$this:ident| $number:expr;)*) => { $(
        impl_number_on_the_left!(@ [$($generics)*] Div div Float $left, $element,
            Mapped<S, $element, C, F, NumberDivBackward<$element>>, |$this, x| divide($number, x));
    )* };
}
impl_division_by_a_tensor! {
    [] f32, f32, |number| number;
    [] f64, f64, |number| number;
    [E: Element,] Scalar<E>, E, |number| number.0;
}

/// An integer is not an operand of floats. The bound of operators that exist for its message.
#[diagnostic::on_unimplemented(
    message = "an integer does not fit a tensor of floats, of shape `{Self}`",
    label = "an integer, where a float is needed",
    note = "write `2.0 * x` for `2 * x`, and `n as f32 * x` for an integer `n`"
)]
pub trait FitsIntegers {}

macro_rules! no_integer {
    ($($op:ident $method:ident),* of $elements:tt) => { $(
        no_integer!(@ $op $method $elements);
    )* };
    (@ $op:ident $method:ident [$($e:ty)*]) => { $(
        impl<S, G> $op<Tensor<S, $e, G>> for i32
        where
            S: FitsIntegers,
        {
            type Output = Tensor<S, $e, G>;
            fn $method(self, x: Tensor<S, $e, G>) -> Self::Output {
                x
            }
        }
    )* };
}
no_integer!(Add add, Sub sub, Mul mul, Div div of [f32 f64]);

fn subtract<S, E, C, F>(number: E, x: Tensor<S, E, Graph<C, F>>) -> Mapped<S, E, C, F, NegBackward>
where
    S: Shape,
    E: Numeric,
    F: Flow<S, E>,
{
    let (x, flow) = x.into_waiting();
    Tensor::from_parts(
        NumberZip::Sub.zip_values(Value::Scalar(number), Value::Many(x)),
        Waiting::into_inner(flow).then_as::<PerElement, _, _>(|| NegBackward),
    )
}

fn divide<S, E, C, F>(number: E, x: Tensor<S, E, Graph<C, F>>) -> Mapped<S, E, C, F, NumberDivBackward<E>>
where
    S: Shape,
    E: Float,
    F: Flow<S, E>,
{
    let (x, flow) = x.into_parts();
    let flow = Waiting::new(flow.then_as::<PerElement, _, _>(|| NumberDivBackward { number, x: x.clone() }));
    Tensor::from_waiting(FloatMap::Over(number).map(x), flow)
}

/// A parameter in the context `C`, as a tensor.
type InContext<'a, C, S, E> =
    Tensor<S, E, Graph<<C as Context>::WithParam, <<C as Context>::Params as Switch>::Leaf<'a, S, E>>>;

/// A reference to a constant, and a parameter: it is tracked in the context of the other side, and outside of
/// modules where that is a number or a plain constant.
macro_rules! impl_reference_on_the_left {
    ($($op:ident $method:ident $bound:ident),*) => { $(
        impl<S, E, C, F, R> $op<R> for &Tensor<S, E, Graph<C, F>>
        where
            S: Shape,
            E: $bound,
            C: Context,
            F: Flow<S, E> + UseTwiceInsideShared,
            R: Pointwise<C, S, E>,
        {
            type Output = <Tensor<S, E, Graph<C, F>> as $op<R>>::Output;
            fn $method(self, rhs: R) -> Self::Output {
                let () = R::FITS;
                self.clone().$method(rhs)
            }
        }

        impl<'a, S, E, R> $op<R> for &'a Param<S, E>
        where
            S: Shape,
            E: Float,
            R: HasContext + Pointwise<<R::Here as Context>::WithParam, S, E>,
        {
            type Output = <InContext<'a, R::Here, S, E> as $op<R>>::Output;
            fn $method(self, rhs: R) -> Self::Output {
                let () = R::FITS;
                self.in_context::<R::Here>().$method(rhs)
            }
        }
    )* };
}
impl_reference_on_the_left!(Add add Numeric, Sub sub Numeric, Mul mul Numeric, Div div Float);

/// A reference that is the first of a tuple, where the context of the others is `K`.
pub trait Leads<K: Context> {
    /// The reference as a tensor.
    type Tensor;
    #[doc(hidden)]
    fn lead(self) -> Self::Tensor;
}

impl<K, S, E, C, F> Leads<K> for &Tensor<S, E, Graph<C, F>>
where
    K: Context,
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E> + UseTwiceInsideShared,
{
    type Tensor = Tensor<S, E, Graph<C, F>>;
    fn lead(self) -> Self::Tensor {
        self.clone()
    }
}

impl<'a, K: Context, S: Shape, E: Float> Leads<K> for &'a Param<S, E> {
    type Tensor = InContext<'a, K, S, E>;
    fn lead(self) -> Self::Tensor {
        self.in_context::<K>()
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::{Context, Flow, Graph, Infer, Train};
    use crate::ops::Scalar;
    use crate::prelude::*;

    #[test]
    fn a_number_may_be_on_the_left_of_every_operator() {
        let x = Tensor::from([1.0_f32, 2.0, 4.0]);
        assert_eq!(1.0 + x.clone(), Tensor::from([2.0, 3.0, 5.0]));
        assert_eq!(1.0 - x.clone(), Tensor::from([0.0, -1.0, -3.0]));
        assert_eq!(2.0 * &x, Tensor::from([2.0, 4.0, 8.0]));
        assert_eq!(2.0 / &x, Tensor::from([2.0, 1.0, 0.5]));
        assert_eq!(Scalar(8.0) / x, Tensor::from([8.0, 4.0, 2.0]));
        assert_eq!(5 - Tensor::from([1_i64, 7]), Tensor::from([4, -2]));
    }

    #[test]
    fn references_to_constants_may_be_on_both_sides() {
        let (x, y) = (Tensor::from([1.0, 2.0]), Tensor::from([3.0, 5.0]));
        assert_eq!(&x + &y, Tensor::from([4.0, 7.0]));
        assert_eq!(&x - y.clone() * &x, Tensor::from([-2.0, -8.0]));
        assert_eq!(&y / 2.0, Tensor::from([1.5, 2.5]));
    }

    #[test]
    fn a_parameter_may_be_on_the_left_and_is_tracked() {
        let w = Param::new(Tensor::from([2.0, 3.0]));
        let v = Param::new(Tensor::from([5.0, 7.0]));
        (&w * Tensor::from([10.0, 100.0])).sum().backward();
        (&w * 3.0).sum().backward();
        (&w * &v).sum().backward();
        (&w - v.track()).sum().backward();
        (&w / &Tensor::from([1.0, 2.0])).sum().backward();
        assert_eq!(
            w.grad().unwrap(),
            Tensor::from([10.0 + 3.0 + 5.0 + 1.0 + 1.0, 100.0 + 3.0 + 7.0 + 1.0 + 0.5])
        );
        assert_eq!(v.grad().unwrap(), Tensor::from([2.0 - 1.0, 3.0 - 1.0]));
    }

    fn tracked<S: Shape, C: Context, F: Flow<S, f64>>(_: &Tensor<S, f64, Graph<C, F>>) -> bool {
        F::TRACKED
    }

    #[test]
    fn inside_a_module_the_mode_of_the_right_side_decides() {
        let w = Param::new(Tensor::from([2.0, 3.0]));
        let x = Tensor::from([1.0, 1.0]);
        let trained = &w * x.clone().within::<Train>();
        assert!(tracked(&trained));
        let inferred = &w * x.within::<Infer>();
        assert!(!tracked(&inferred));
    }
}
