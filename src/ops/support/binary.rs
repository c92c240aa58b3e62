//! Defines element-wise operations with two operands: from their docs, name, the name of the backward pass, y of a and b,
//! and dL/da and dL/db of dL/dy, a and b. The shorter operand repeats; its gradient is summed over the axes along which it
//! was repeated.

/// ```text
/// binary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
///     /// Docs, with PyTorch's name and an example.
///     fn atan2(other) by Atan2Backward:
///         |a, b| FloatZip::Atan2.zip_value(a, b),
///         |g, a, b| FloatZipGrad::Atan2Y.zip_grad(g, a, b),
///         |g, a, b| FloatZipGrad::Atan2X.zip_grad(g, a, b);
/// }
/// ```
///
/// `a` and `b` are [`Value`](crate::kernel::elementwise::pointwise::Value)s: references in the gradients.
macro_rules! binary {
    ($bound:ident, $self:tt: $(
        $(#[$attr:meta])*
        fn $name:ident($other:ident) by $Backward:ident:
            |$a:ident, $b:ident| $y:expr,
            |$ga:ident, $aa:pat_param, $ba:pat_param| $da:expr,
            |$gb:ident, $ab:pat_param, $bb:pat_param| $db:expr;
    )+) => {
        $( binary!(@backward $bound stringify!($name), $Backward,
            |$ga, $aa, $ba| $da, |$gb, $ab, $bb| $db); )+

        impl<S, E, C, F> $crate::Tensor<S, E, $crate::graph::Graph<C, F>>
        where
            S: $crate::shape::Shape,
            E: $crate::element::$bound,
            C: $crate::graph::Context,
            F: $crate::graph::Flow<S, E>,
        { $(
            $(#[$attr])*
            pub fn $name<R: $crate::ops::support::rhs::Pointwise<C, S, E>>(
                $self,
                $other: R,
            ) -> $crate::ops::support::results::Binary<S, E, C, F, R, $Backward<E>> {
                let () = R::FITS;
                let (a, flow) = $self.into_waiting();
                let a = $crate::kernel::elementwise::pointwise::Value::Many(a);
                let (b, rhs) = $other.into_pointwise();
                let flow = $crate::graph::Waiting::new($crate::graph::Waiting::into_inner(flow).join(rhs, || $Backward { a: a.clone(), b: b.clone() }));
                let ($a, $b) = (a, b);
                $crate::Tensor::from_waiting($y, flow)
            }
        )+ }
    };

    (@backward $bound:ident $name:expr, $Backward:ident,
        |$ga:ident, $aa:pat_param, $ba:pat_param| $da:expr,
        |$gb:ident, $ab:pat_param, $bb:pat_param| $db:expr
    ) => {
        #[doc = concat!("The backward pass of `", $name, "`, which saves both operands.")]
        pub struct $Backward<E> {
            a: $crate::kernel::elementwise::pointwise::Value<E>,
            b: $crate::kernel::elementwise::pointwise::Value<E>,
        }

        impl<A, B, T, E> $crate::graph::Pullback2<A, B, T, E> for $Backward<E>
        where
            A: $crate::shape::Shape,
            B: $crate::shape::Shape,
            T: $crate::shape::Shape,
            E: $crate::element::$bound,
        {
            const BROKEN: $crate::shape::Broken = <$crate::shape::Meet<A, B> as $crate::shape::Law>::BROKEN;
            const REPEATS: bool = true;
            fn pull(
                self,
                grad: $crate::Tensor<T, E>,
                needs_grad: (bool, bool),
            ) -> $crate::graph::Pulled<A, B, E> {
                let fold = $crate::kernel::elementwise::pointwise::fold;
                let b = needs_grad.1.then(|| {
                    let ($gb, $ab, $bb) = (grad.data.clone(), &self.a, &self.b);
                    $crate::Tensor::constant(fold($db, B::NUMEL))
                });
                let a = needs_grad.0.then(|| {
                    let ($ga, $aa, $ba) = (grad.data, &self.a, &self.b);
                    $crate::Tensor::constant(fold($da, A::NUMEL))
                });
                (a, b)
            }
        }
    };
}
pub(in crate::ops) use binary;
