//! How an operation with one operand that works element by element is written down: its docs, its name and
//! the name of its backward pass, what that saves, y as a function of x, and dL/dx as a function of dL/dy and
//! what was saved.

/// ```text
/// unary! { Float:
///     /// Docs, with PyTorch's name, the gradient and an example.
///     fn exp() by ExpBackward, saving y:
///         |x| x.exp(),
///         |g, y| g * y;
/// }
/// ```
///
/// `Float` bounds the elements. Arguments of the method are elements, and both functions may use them.
/// `saving` says `x`, `y` or `nothing`. The functions are compiled once for each element type, not for each
/// shape.
macro_rules! unary {
    ($bound:ident: $(
        $(#[$attr:meta])*
        fn $name:ident($($arg:ident),*) by $Backward:ident, saving $saved:ident:
            |$x:ident| $y:expr,
            |$g:ident $(, $s:ident)?| $dx:expr;
    )+) => {
        $( unary!(@backward $saved $bound, $name($($arg),*) by $Backward, |$g $(, $s)?| $dx); )+

        impl<S, E, C, F> $crate::Tensor<S, E, $crate::graph::Graph<C, F>>
        where
            S: $crate::shape::Shape,
            E: $crate::element::$bound,
            C: $crate::graph::Context,
            F: $crate::graph::Flow<S, E>,
        { $(
            $(#[$attr])*
            ///
            /// In: any shape. Out: the same shape.
            pub fn $name(
                self,
                $($arg: E,)*
            ) -> $crate::ops::Unary<S, E, C, F, S, $Backward<E>> {
                fn forward<E: $crate::element::$bound>(
                    x: $crate::storage::Storage<E>,
                    $($arg: E,)*
                ) -> $crate::storage::Storage<E> {
                    $crate::kernel::elementwise::pointwise::map(x, |$x| $y)
                }
                let (x, flow) = self.into_parts();
                unary!(@forward $saved x flow ($($arg),*) $Backward)
            }
        )+ }
    };

    (@backward nothing $bound:ident, $name:ident() by $Backward:ident, |$g:ident| $dx:expr) => {
        #[doc = concat!("The backward pass of `", stringify!($name), "`, which needs nothing saved.")]
        pub struct $Backward<E>(std::marker::PhantomData<fn() -> E>);

        impl<S, E> $crate::graph::Pullback<S, S, E> for $Backward<E>
        where
            S: $crate::shape::Shape,
            E: $crate::element::$bound,
        {
            fn pull(self, grad: $crate::Tensor<S, E>) -> $crate::Tensor<S, E> {
                fn backward<E: $crate::element::$bound>(
                    grad: $crate::storage::Storage<E>,
                ) -> $crate::storage::Storage<E> {
                    $crate::kernel::elementwise::pointwise::map(grad, |$g| $dx)
                }
                $crate::Tensor::constant(backward(grad.data))
            }
        }
    };
    (@backward $saved:ident $bound:ident, $name:ident($($arg:ident),*) by $Backward:ident,
        |$g:ident, $s:ident| $dx:expr) => {
        #[doc = concat!("The backward pass of `", stringify!($name), "`, which saves ", stringify!($saved), ".")]
        pub struct $Backward<E> {
            pub(in crate::ops) $saved: $crate::storage::Storage<E>,
            $($arg: E,)*
        }

        impl<S, E> $crate::graph::Pullback<S, S, E> for $Backward<E>
        where
            S: $crate::shape::Shape,
            E: $crate::element::$bound,
        {
            fn pull(self, grad: $crate::Tensor<S, E>) -> $crate::Tensor<S, E> {
                fn backward<E: $crate::element::$bound>(
                    grad: $crate::storage::Storage<E>,
                    saved: $crate::storage::Storage<E>,
                    $($arg: E,)*
                ) -> $crate::storage::Storage<E> {
                    // Not every argument matters to the gradient.
                    let _ = ($($arg,)*);
                    $crate::kernel::elementwise::pointwise::zip(grad, saved, |$g, $s| $dx)
                }
                $crate::Tensor::constant(backward(grad.data, self.$saved, $(self.$arg),*))
            }
        }
    };

    (@forward nothing $x:ident $flow:ident () $Backward:ident) => {{
        let flow = $flow.then(|| $Backward(std::marker::PhantomData));
        $crate::Tensor::from_parts(forward($x), flow)
    }};
    (@forward x $x:ident $flow:ident ($($arg:ident),*) $Backward:ident) => {{
        let flow = $flow.then(|| $Backward { x: $x.clone(), $($arg),* });
        $crate::Tensor::from_parts(forward($x, $($arg),*), flow)
    }};
    (@forward y $x:ident $flow:ident ($($arg:ident),*) $Backward:ident) => {{
        let y = forward($x, $($arg),*);
        let flow = $flow.then(|| $Backward { y: y.clone(), $($arg),* });
        $crate::Tensor::from_parts(y, flow)
    }};
}
pub(in crate::ops) use unary;
