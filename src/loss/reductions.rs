//! The three reductions of a loss.

/// Writes the methods `mean`, `sum` and `none` of a loss, which hand the operands and the way to reduce to its `run`.
///
/// First comes what they have in common: `<letters>(operands behind x) -> Backward [letters of the tracked ones]` and
/// the bounds, first that of S. Then each has its docs, its name, the shape of its result and the [`Reduce`].
///
/// [`Reduce`]: crate::kernel::loss::Reduce
macro_rules! reductions {
    ($common:tt $($(#[$doc:meta])* $name:ident -> $result:ty: $reduce:expr;)+) => {
        $(super::reductions::reductions! { @method $common [$(#[$doc])*] $name $result, $reduce })+
    };
    (
        @method {
            <$($letter:ident),+>($($operand:ident: $type:ty),+) -> $backward:ident $tracked:tt
            where S: $shape:path $(, $bounded:ident: $bound:path)*
        }
        [$($doc:tt)*] $name:ident $result:ty, $reduce:expr
    ) => {
        $($doc)*
        pub fn $name<S, E, C, F, $($letter),+>(
            &self,
            x: Tensor<S, E, Graph<C, F>>,
            $($operand: $type),+
        ) -> super::reductions::reductions!(@result $result, $backward $tracked)
        where
            S: $shape,
            E: Float,
            C: Context,
            F: Flow<S, E>,
            $($bounded: $bound),*
        {
            self.run(x, $($operand,)+ $reduce)
        }
    };
    (@result $result:ty, $backward:ident []) => {
        Unary<S, E, C, F, $result, $backward<E>>
    };
    (@result $result:ty, $backward:ident [$r:ident]) => {
        Tensor<$result, E, Graph<C::Or<$r::Context>, F::Join<$result, S, $r::Flow, $backward<E>>>>
    };
    (@result $result:ty, $backward:ident [$r1:ident, $r2:ident]) => {
        Tensor<
            $result,
            E,
            Graph<
                <C::Or<$r1::Context> as Context>::Or<$r2::Context>,
                super::local_gradients::Joined3<$result, S, E, F, $r1::Flow, $r2::Flow, $backward<E>>,
            >,
        >
    };
}
pub(super) use reductions;
