//! Defines element-wise operations with one operand: from their docs, name, the name of the backward pass and what it
//! saves, the kernel function for y, and the one for dL/dx, whose operands are dL/dy and the saved tensor.

/// ```text
/// unary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
///     /// Docs, with PyTorch's name, the gradient and an example.
///     fn exp() by ExpBackward, saving y:
///         Function::Exp,
///         NumberZip::Mul;
/// }
/// ```
///
/// `Float` bounds the elements. `self` is that of each method, whose line rustc shows where a tensor is used twice. Arguments of the method are elements, and both functions may use them.
/// `saving` says `x`, `y` or `nothing`, where the gradient is a function of dL/dy alone; `, giving OfSigmoid` after `y` is the
/// [`Kind`](crate::graph::Kind) of the result.
macro_rules! unary {
    ($bound:ident, $self:tt: $(
        $(#[$attr:meta])*
        fn $name:ident($($arg:ident),*) by $Backward:ident, saving $saved:ident $(, giving $kind:ident)?:
            $y:expr,
            $dx:expr;
    )+) => {
        $( unary!(@backward $saved $bound, $name($($arg),*) by $Backward, $dx); )+

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
                $self,
                $($arg: E,)*
            ) -> unary!(@result $Backward $($kind)?) {
                use $crate::kernel::elementwise::function::UnaryFunction;
                let (x, flow) = $self.into_parts();
                unary!(@forward $saved x flow ($($arg),*) $Backward, $y $(, $kind)?)
            }
        )+ }
    };

    (@result $Backward:ident) => {
        $crate::ops::Mapped<S, E, C, F, $Backward<E>>
    };
    (@result $Backward:ident $kind:ident) => {
        $crate::ops::Unary<S, E, C, F, S, $Backward<E>, $crate::graph::$kind>
    };

    (@backward nothing $bound:ident, $name:ident() by $Backward:ident, $dx:expr) => {
        #[doc = concat!("The backward pass of `", stringify!($name), "`, which needs nothing saved.")]
        pub struct $Backward<E>(std::marker::PhantomData<fn() -> E>);

        impl<S, E> $crate::graph::Pullback<S, S, E> for $Backward<E>
        where
            S: $crate::shape::Shape,
            E: $crate::element::$bound,
        {
            fn pull(self, grad: $crate::Tensor<S, E>) -> $crate::Tensor<S, E> {
                use $crate::kernel::elementwise::function::UnaryFunction;
                $crate::Tensor::constant($dx.map(grad.data))
            }
        }
    };
    (@backward $saved:ident $bound:ident, $name:ident($($arg:ident),*) by $Backward:ident,
        $dx:expr) => {
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
                use $crate::kernel::elementwise::function::BinaryFunction;
                let Self { $saved, $($arg),* } = self;
                // Not every argument matters to the gradient.
                let _ = ($($arg,)*);
                $crate::Tensor::constant($dx.zip(grad.data, $saved))
            }
        }
    };

    (@forward nothing $x:ident $flow:ident () $Backward:ident, $y:expr) => {{
        let flow = $crate::graph::Waiting::new($flow.then_as::<$crate::graph::PerElement, _, _>(|| $Backward(std::marker::PhantomData)));
        $crate::Tensor::from_waiting($y.map($x), flow)
    }};
    (@forward x $x:ident $flow:ident ($($arg:ident),*) $Backward:ident, $y:expr) => {{
        let flow = $flow.then_as::<$crate::graph::PerElement, _, _>(|| $Backward { x: $x.clone(), $($arg),* });
        let flow = $crate::graph::Waiting::new(flow);
        $crate::Tensor::from_waiting($y.map($x), flow)
    }};
    (@forward y $x:ident $flow:ident () $Backward:ident, $y:expr, $kind:ident) => {{
        let y = $y.map($x);
        let flow = $flow.then_as::<$crate::graph::$kind, _, _>(|| $Backward { y: y.clone() });
        $crate::Tensor::from_parts(y, flow)
    }};
    (@forward y $x:ident $flow:ident ($($arg:ident),*) $Backward:ident, $y:expr) => {{
        let flow = $crate::graph::Waiting::new($flow);
        let y = $y.map($x);
        let flow = $crate::graph::Waiting::into_inner(flow);
        let flow = flow.then_as::<$crate::graph::PerElement, _, _>(|| $Backward { y: y.clone(), $($arg),* });
        $crate::Tensor::from_parts(y, flow)
    }};
}
pub(in crate::ops) use unary;
