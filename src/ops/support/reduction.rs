//! The five forms of a reduction: over all elements, along an axis, over several axes, and these two with size 1 in their
//! place.

/// Writes forms of a reduction as methods of a tensor, each a line behind its docs: the form, the name, and in
/// parentheses the option that the method takes, or `= ` its value if it takes none. They call the method `$run` of the
/// tensor with the lanes and the option.
macro_rules! forms {
    ($run:ident, $backward:ty; $($(#[$doc:meta])* $form:ident $name:ident $option:tt;)+) => {
        $(crate::ops::support::reduction::forms! { @$form $run, $backward, [$(#[$doc])*] $name $option })+
    };
    (@whole $($method:tt)*) => {
        crate::ops::support::reduction::forms! { @method [] [()] [ReduceOver::all::<S>()] [] $($method)* }
    };
    (@axis $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @method [<const I: isize>] [S::Removed] [ReduceOver::axis::<S, I>()] [where S: Axis<I>] $($method)*
        }
    };
    (@keepdim $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @method [<const I: isize>] [S::Kept] [ReduceOver::axis::<S, I>()] [where S: Axis<I>] $($method)*
        }
    };
    (@axes $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @method [<A>] [S::Removed] [ReduceOver::axes::<S, A>()] [where S: Axes<A>] $($method)*
        }
    };
    (@axes_keepdim $($method:tt)*) => {
        crate::ops::support::reduction::forms! {
            @method [<A>] [S::Kept] [ReduceOver::axes::<S, A>()] [where S: Axes<A>] $($method)*
        }
    };
    (
        @method [$($generics:tt)*] [$out:ty] [$lanes:expr] [$($bound:tt)*]
        $run:ident, $backward:ty, [$($doc:tt)*] $name:ident($($option:ident: $type:ty)? $(= $value:expr)?)
    ) => {
        $($doc)*
        pub fn $name $($generics)* (
            self
            $(, $option: $type)?
        ) -> Unary<S, E, C, F, $out, $backward>
        $($bound)*
        {
            self.$run::<$out>($lanes $(, $option)? $(, $value)?)
        }
    };
}
pub(in crate::ops) use forms;
