//! `x += y`, `x -= y`, `x *= y`, `x /= y` for constants and parameters.

use super::rhs::Pointwise;
use crate::element::{Float, Numeric};
use crate::graph::{Chain, Context, Graph, PlainConstant};
use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::elementwise::function::BinaryFunction;
use crate::kernel::elementwise::number::NumberZip;
use crate::shape::Shape;
use crate::shape::Unstretched;
use crate::tensor::Tensor;
use crate::tensor::param::Param;
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};

/// The flow of a tensor that may be changed in place by an operand `R`.
#[diagnostic::on_unimplemented(
    message = "a tensor with a graph cannot be changed in place: the type of its graph would change",
    label = "this tensor has a graph",
    note = "write `let x = x + y;`; a parameter is changed in place, after `backward`: `net.fc.weight -= grad * 0.1`"
)]
pub trait ChangesInPlace<R> {}
#[diagnostic::do_not_recommend]
impl<R> ChangesInPlace<R> for () {}
// With impls for operands that do not exist, rustc does not decide before it knows the operand, and then reports the message
// above. Without them, it says that the type lacks the operator; with a single one, it infers the type of that operand.
#[diagnostic::do_not_recommend]
impl<P, D> ChangesInPlace<NoOperand> for Chain<P, D> {}
#[diagnostic::do_not_recommend]
impl<P, D> ChangesInPlace<&NoOperand> for Chain<P, D> {}

/// An operand that does not exist.
#[derive(Debug)]
pub enum NoOperand {}

/// The flow of a tensor that may stand on the right of a change in place: that of a constant.
#[diagnostic::on_unimplemented(
    message = "a tensor with a graph has no `+=`, `-=`, `*=` or `/=`: the type of the graph would change",
    label = "neither of the two sides may have a graph",
    note = "write `let x = x + y;`, or take the value of the tensor that has a graph: `x += y.value()`",
    note = "the sum of losses is a number: `total += loss.backward()`, or `loss.value().item()`"
)]
pub trait Untracked {}
impl Untracked for () {}

macro_rules! in_place {
    ($($name:ident $method:ident $E:ident $Zip:ident $function:ident $torch:literal;)*) => { $(
        #[doc = concat!("Changes a constant tensor in place; the right side is a constant or a number. PyTorch's `", $torch, "`.")]
        ///
        /// In: the shape of the tensor, or one that lacks leading axes of it.
        impl<S, E, C, F, R> $name<R> for Tensor<S, E, Graph<C, F>>
        where
            S: Shape,
            E: $E,
            C: Context,
            F: ChangesInPlace<R>,
            R: Pointwise<C, S, E, Output: Unstretched<S>, Flow: Untracked>,
        {
            fn $method(&mut self, rhs: R) {
                let () = R::FITS;
                let (rhs, _) = rhs.into_pointwise();
                self.data = $Zip::$function.zip_value(self.data.clone(), rhs);
            }
        }

        #[doc = concat!("Changes a parameter in place; no graph may hold it. PyTorch's `", $torch, "` under `torch.no_grad()`.")]
        ///
        /// In: the shape of the parameter, or one that lacks leading axes of it.
        impl<S, E, R> $name<R> for Param<S, E>
        where
            S: Shape,
            E: Float,
            R: Pointwise<PlainConstant, S, E, Output: Unstretched<S>, Flow: Untracked>,
        {
            fn $method(&mut self, rhs: R) {
                let () = R::FITS;
                let (rhs, _) = rhs.into_pointwise();
                let value = $Zip::$function.zip_value(self.value().data.clone(), rhs);
                self.set(Tensor::constant(value));
            }
        }
    )* };
}
in_place! {
    AddAssign add_assign Numeric NumberZip Add "x += y";
    SubAssign sub_assign Numeric NumberZip Sub "x -= y";
    MulAssign mul_assign Numeric NumberZip Mul "x *= y";
    DivAssign div_assign Float FloatZip Div "x /= y";
}

/// A tensor is never added to a number: whose gradient would flow? The bound of an operator that exists for its message.
#[diagnostic::on_unimplemented(
    message = "a tensor cannot be added to a number: its graph would be lost",
    label = "a tensor, where a number is added",
    note = "the sum of losses is `total += loss.backward()`, before `step` and in place of `loss.backward()`; or `total += loss.value().item()`"
)]
pub trait IsNumber {}

macro_rules! no_sum {
    ($($e:ty)*) => { $(
        impl<S, G> AddAssign<Tensor<S, $e, G>> for $e
        where
            S: IsNumber,
        {
            fn add_assign(&mut self, _: Tensor<S, $e, G>) {}
        }
    )* };
}
no_sum!(f32 f64);
