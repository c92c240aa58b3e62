//! The forms of a reduction: over all elements, along an axis, over several axes, and these two with size 1 in their
//! position.

/// Writes forms of a reduction as methods of a tensor, with their docs.
///
/// ```text
/// forms! { std_lanes(self), StdBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
///     ["The standard deviation", "The standard deviations", "PyTorch's `std"(), "The divisor is n - 1."];
///     of "[[1.0, 1.0], [0.0, 2.0]]" {
///         whole std(= 1): "x.std().item(), (2.0_f64 / 3.0).sqrt()";
///         axis std_axis[const I: isize](= 1): "x.std_axis::<-1>(), Tensor::from([0.0, 2.0_f64.sqrt()])";
///     }
/// }
/// ```
///
/// The head: the method that computes each form from the lanes and the options, its `self`, whose line rustc shows where a tensor
/// is used twice, and the backward pass. Then, for the docs:
/// the results in the singular and in the plural, PyTorch's name with its first argument if that is not `dim`, and a remark.
/// Then, for each input of the examples, the forms: their names, with the parameter of a single axis, whose line rustc shows
/// where a program does not write the axis; in parentheses the options of the method, then `= ` the value of the last one if the
/// method does not take it; `if (..)` where a result needs at least one element, the constant of
/// [`not_empty`](super::not_empty) that says so; and what the example asserts.
macro_rules! forms {
    (
        $run:ident $self:tt, $backward:ty, $docs:tt;
        $(of $x:literal { $(
            $form:ident $method:ident $([$($axis:tt)*])? ($($option:tt)*) $(if ($check:expr))?: $example:literal;
        )+ })+
    ) => {
        $($(crate::ops::support::reduction::forms! {
            @$form [$($check)?] $docs [$x, $example] $run $self, [$backward] $method [$(<$($axis)*>)?] ($($option)*)
        })+)+
    };

    (@whole $check:tt [$one:literal, $many:literal, $name:literal($($argument:literal)?), $remark:literal] $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @guard $check " with at least one element"
            [concat!($one, " of all elements. ", $name, "(", $($argument,)? ")`. ", $remark)] ["In: any shape"] [". Out: a scalar."]
            [] [(), crate::graph::Anything] [ReduceOver::all::<S>()] [] one $($method)*
        }
    };
    (@axis $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @along " along the axis `I`. " "dim=I" ". Out: `S` without the axis `I`." [S::RemovedAxis, crate::graph::OfReduction<S::AxisPosition>] one $($method)*
        }
    };
    (@keepdim $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @along " along the axis `I`, which stays with size 1. " "dim=I, keepdim=True"
            ". Out: `S` with size 1 at the axis `I`." [S::KeptAxis, crate::graph::Anything] one $($method)*
        }
    };
    (@axis_with_indices $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @along " along the axis `I`, and their indices on it. " "dim=I"
            ". Out: twice `S` without the axis `I`." [S::RemovedAxis, crate::graph::OfReduction<S::AxisPosition>] two $($method)*
        }
    };
    (@keepdim_with_indices $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @along " along the axis `I`, which stays with size 1, and their indices on it. " "dim=I, keepdim=True"
            ". Out: twice `S` with size 1 at the axis `I`." [S::KeptAxis, crate::graph::Anything] two $($method)*
        }
    };
    (@axes $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @over " over several axes. " "dim=(..)"
            ". Out: `S` without the axes `A`, such as [`Axes2`](crate::shape::Axes2)." [S::Removed, crate::graph::Anything] $($method)*
        }
    };
    (@axes_keepdim $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @over " over several axes, which stay with size 1. " "dim=(..), keepdim=True"
            ". Out: `S` with size 1 at the axes `A`." [S::Kept, crate::graph::Anything] $($method)*
        }
    };

    (
        @along $place:literal $dim:literal $end:literal [$out:ty, $kind:ty] $results:ident $check:tt
        [$one:literal, $many:literal, $name:literal($($argument:literal)?), $remark:literal]
        $($method:tt)*
    ) => {
        crate::ops::support::reduction::forms! {
            @guard $check ", where the axis is not empty"
            [concat!($many, $place, $name, "(", $($argument, ", ",)? $dim, ")`. ", $remark)] ["In: `S`"] [$end]
            [] [$out, $kind] [ReduceOver::axis::<S, I>()] [where S: Axis<I>] $results $($method)*
        }
    };
    (
        @over $place:literal $dim:literal $end:literal [$out:ty, $kind:ty] $check:tt
        [$one:literal, $many:literal, $name:literal($($argument:literal)?), $remark:literal]
        $($method:tt)*
    ) => {
        crate::ops::support::reduction::forms! {
            @guard $check ", where no axis of these is empty"
            [concat!($many, $place, $name, "(", $($argument, ", ",)? $dim, ")`. ", $remark)] ["In: `S`"] [$end]
            [<A>] [$out, $kind] [ReduceOver::axes::<S, A>()] [where S: Axes<A>] one $($method)*
        }
    };

    (@guard [] $in_not_empty:literal $docs:tt [$in:literal] [$end:literal] $($method:tt)*) => {
        crate::ops::support::reduction::forms! { @method $docs [concat!($in, $end)] [] $($method)* }
    };
    (@guard [$check:expr] $in_not_empty:literal $docs:tt [$in:literal] [$end:literal] $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @method $docs [concat!($in, $in_not_empty, $end)] [$check] $($method)*
        }
    };

    (
        @method [$summary:expr] [$in:expr] [$($check:expr)?] [$($generics:tt)*] [$out:ty, $kind:ty] [$lanes:expr] [$($bound:tt)*]
        $results:ident [$x:literal, $example:literal] $run:ident($($self:tt)*), [$backward:ty]
        $name:ident [$($axis:tt)*] ($($option:ident: $type:ty),* $(= $value:expr)?)
    ) => {
        #[doc = $summary]
        ///
        #[doc = $in]
        ///
        /// ```
        /// use typegrad::prelude::*;
        #[doc = concat!("let x = Tensor::from(", $x, ");")]
        #[doc = concat!("assert_eq!(", $example, ");")]
        /// ```
        #[track_caller]
        pub fn $name $($generics)* $($axis)* (
            $($self)*
            $(, $option: $type)*
        ) -> crate::ops::support::reduction::forms!(@results $results $out, $backward, $kind)
        $($bound)*
        {
            $(let () = $check;)?
            $($self)*.$run::<$out, $kind>($lanes $(, $option)* $(, $value)?)
        }
    };
    (@results one $out:ty, $backward:ty, $kind:ty) => { Unary<S, E, C, F, $out, $backward, $kind> };
    (@results two $out:ty, $backward:ty, $kind:ty) => { (Unary<S, E, C, F, $out, $backward, $kind>, Tensor<$out, i64>) };
}
pub(in crate::ops) use forms;
