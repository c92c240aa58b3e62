//! The reductions of a loss, and its methods.

/// Writes the methods `mean`, `sum` and `none` of a loss, which call its `run` with the operands and the reduction.
///
/// First come the operands after `X` and their types; then the [law](super::takes) of what X is, if there is one, written there so that it is the place that rustc shows; then the [types of the result](super::results), of `mean` and `sum`
/// and of `none`, with those of the operands that are in them; then the divisor of the mean, the shape of `none`, and the bounds.
macro_rules! reductions {
    (
        ($($operands:tt)+) -> $result:ident, $each_result:ident [$($of:ident)*],
        $(takes $law:expr,)?
        over $count:expr,
        none $each:ty,
        where { $($bounds:tt)* }
    ) => {
        super::reductions::reductions! {
            @of [crate::tensor::MaybePadded<Element: crate::ops::Predicted>] [] ($($operands)+) -> $result, $each_result [$($of)*],
            takes [$($law)?],
            over $count,
            none $each,
            where { $($bounds)* }
        }
    };
    // Row by row, along the last axis.
    (
        ($($operands:tt)+) -> $result:ident, $each_result:ident [$($of:ident)*],
        $(takes $law:expr,)?
        of rows,
        where { $($bounds:tt)* }
    ) => {
        super::reductions::reductions! {
            @of [
                crate::tensor::MaybePadded<Element: crate::ops::Predicted, Shape: crate::shape::Axis<-1>>
                    + crate::tensor::GivesRows<<<X as crate::tensor::MaybePadded>::Shape as crate::shape::Axis<-1>>::Removed>
            ] [] ($($operands)+) -> $result, $each_result [$($of)*],
            takes [$($law)?],
            over (<X::Shape as Axis<-1>>::OUTER * <X::Shape as Axis<-1>>::INNER) as f64,
            none <X::Shape as Axis<-1>>::Removed,
            where { $($bounds)* }
        }
    };
    // Of scores: the divisor of the mean depends on the labels, so that there is none yet.
    (
        ($($operands:tt)+) -> $result:ident, $each_result:ident [$($of:ident)*],
        $(takes $law:expr,)?
        of scores [$($x:tt)+],
        where { $($bounds:tt)* }
    ) => {
        super::reductions::reductions! {
            @of [$($x)+] [super::classes::lanes(X::SIZES), X::weights,] ($($operands)+) -> $result, $each_result [$($of)*],
            takes [$($law)?],
            over f64::NAN,
            none X::Labels,
            where { $($bounds)* }
        }
    };
    (
        @of [$($x:tt)+] [$($given:tt)*] ($($operand:ident: $letter:ident),+) -> $result:ident, $each_result:ident [$($of:ident)*],
        takes [$($law:expr)?],
        over $count:expr,
        none $each:ty,
        where { $($bounds:tt)* }
    ) => {
        /// The mean; NaN without elements. Of a [`PaddedBatch`](crate::tensor::PaddedBatch), over the real rows.
        ///
        /// # Panics
        /// As the method of a tensor.
        #[track_caller]
        pub fn mean<X, $($letter),+>(&self, x: X, $($operand: $letter),+) -> super::results::$result<(), X, $($of,)* Self>
        where
            X: $($x)+,
            $($bounds)*
        {
            $(let () = $law;)?
            self.mean_of(x, $($operand),+)
        }

        /// The mean, for a method that has looked at what x is: so rustc reports what is wrong with it once.
        #[track_caller]
        fn mean_of<X, $($letter),+>(&self, x: X, $($operand: $letter),+) -> super::results::$result<(), X, $($of,)* Self>
        where
            X: $($x)+,
            $($bounds)*
        {
            let (x, rows) = x.into_rows();
            let x = crate::graph::Waiting::new(x);
            $(let $operand = crate::tensor::RowsOf::<X>::into_inner($operand, rows);)+
            let over = crate::kernel::loss::Reduction::Over($count);
            let reduce = crate::kernel::loss::Reduce::new(over, rows);
            self.run(crate::graph::Waiting::into_inner(x), $($operand,)+ $($given)* reduce)
        }

        /// The sum; 0 without elements. Of a [`PaddedBatch`](crate::tensor::PaddedBatch), over the real rows.
        ///
        /// # Panics
        /// As the method of a tensor.
        #[track_caller]
        pub fn sum<X, $($letter),+>(&self, x: X, $($operand: $letter),+) -> super::results::$result<(), X, $($of,)* Self>
        where
            X: $($x)+,
            $($bounds)*
        {
            $(let () = $law;)?
            let (x, rows) = x.into_rows();
            let x = crate::graph::Waiting::new(x);
            $(let $operand = crate::tensor::RowsOf::<X>::into_inner($operand, rows);)+
            let reduce = crate::kernel::loss::Reduce::new(crate::kernel::loss::Reduction::Sum, rows);
            self.run(crate::graph::Waiting::into_inner(x), $($operand,)+ $($given)* reduce)
        }

        /// The loss of each element or row. Of a [`PaddedBatch`](crate::tensor::PaddedBatch), another one.
        ///
        /// # Panics
        /// As the method of a tensor.
        #[track_caller]
        pub fn none<X, $($letter),+>(&self, x: X, $($operand: $letter),+) -> super::results::$each_result<$each, X, $($of,)* Self>
        where
            X: $($x)+,
            $($bounds)*
        {
            $(let () = $law;)?
            let (x, rows) = x.into_rows();
            $(let $operand = crate::tensor::RowsOf::<X>::into_inner($operand, rows);)+
            let none = crate::kernel::loss::Reduction::None;
            let each: super::results::$result<$each, X, $($of,)* Self> =
                self.run(x, $($operand,)+ $($given)* crate::kernel::loss::Reduce::new(none, rows));
            X::with_rows(each, rows)
        }
    };
}
pub(super) use reductions;

/// Writes a loss of two tensors that is computed, element-wise: the backward pass, and `mean`, `sum` and `none`. The
/// loss has a function `formula`, and says whether the gradient with respect to the target is minus that with respect to x.
macro_rules! pair_loss {
    (
        $method:ident, $loss:ident $(<$($w:ident),+>)?, $backward:ident, $(takes $law:expr,)? opposite: $opposite:literal
    ) => {
        super::local_gradients::backward!(for $loss $(<$($w),+>)?: $backward of $method);

        impl $(<$($w),+>)? $loss $(<$($w),+>)? {
            super::reductions::reductions! {
                (target: R) -> LossOfTwo, EachOfTwo [R],
                takes {
                    $(let () = $law;)?
                    <super::results::SizesOfTwo<X, R> as crate::shape::Law>::HOLDS
                },
                over <X::Shape as crate::shape::Shape>::NUMEL as f64,
                none X::Shape,
                where {
                    R: crate::tensor::RowsOf<X, Inner: super::SameShapeOperand<X::Context, X::Shape, X::Element>>,
                    $($($w: super::Weights<X::Shape, X::Element>,)+)?
                }
            }

            #[track_caller]
            fn run<T, S, E, C, F, R>(
                &self,
                x: crate::tensor::Tensor<S, E, crate::graph::Graph<C, F>>,
                target: R,
                reduce: crate::kernel::loss::Reduce,
            ) -> super::results::OfTwo<T, crate::tensor::Tensor<S, E, crate::graph::Graph<C, F>>, R, $backward<E>>
            where
                T: crate::shape::Shape,
                S: crate::shape::Shape,
                E: Float,
                C: crate::graph::Context,
                F: crate::graph::Flow<S, E>,
                R: super::SameShapeOperand<C, S, E>,
                $($($w: super::Weights<S, E>,)+)?
            {
                super::local_gradients::pair(x, target, reduce, $opposite, $backward, |x| {
                    self.formula::<S, E>(x)
                })
            }
        }
    };
}
pub(super) use pair_loss;

/// Writes the method of a tensor that is the mean of a loss of two tensors, and that of a batch. The bounds stand where it
/// is used, so that rustc shows one place.
macro_rules! pair_method {
    (
        $(#[$doc:meta])*
        fn $method:ident(target) by $loss:ident,
        takes $law:expr,
        of tensors [$($operand:tt)+],
        of batches [$($rows:tt)+],
        consumes $self:ident
    ) => {
        impl<S, E, C, F> crate::tensor::Tensor<S, E, crate::graph::Graph<C, F>>
        where
            S: crate::shape::Shape,
            E: Float,
            C: crate::graph::Context,
            F: crate::graph::Flow<S, E>,
        {
            $(#[$doc])*
            #[track_caller]
            pub fn $method<R>(
                $self,
                target: R,
            ) -> super::results::LossOfTwo<(), Self, R, $loss>
            where
                $($operand)+
            {
                let () = $law;
                $loss::new().mean_of($self, target)
            }
        }

        super::reductions::of_batches! {
            $method($self, target: R) -> LossOfTwo<(), Self, R, $loss>,
            $loss::new(),
            takes $law,
            where { $($rows)+ }
        }
    };
}
pub(super) use pair_method;

/// Writes the method of a [`PaddedBatch`](crate::tensor::PaddedBatch): the mean over the real rows.
macro_rules! of_batches {
    (
        $method:ident($self:ident, $($operand:ident: $letter:ident),+) -> $result:ident<$($parameter:ty),+>,
        $loss:expr,
        $(takes $law:expr,)?
        where { $($bounds:tt)* }
    ) => {
        impl<S, E, C, F> crate::tensor::PaddedBatch<crate::tensor::Tensor<S, E, crate::graph::Graph<C, F>>>
        where
            S: crate::shape::Shape,
            E: Float,
            C: crate::graph::Context,
            F: crate::graph::Flow<S, E>,
        {
            #[doc = concat!(
                "The [`", stringify!($method), "`](crate::Tensor::", stringify!($method), ") of the real rows."
            )]
            #[track_caller]
            pub fn $method<$($letter),+>($self, $($operand: $letter),+) -> super::results::$result<$($parameter),+>
            where
                $($bounds)*
            {
                $(let () = $law;)?
                $loss.mean_of($self, $($operand),+)
            }
        }
    };
}
pub(super) use of_batches;
