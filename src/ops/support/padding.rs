//! The forms of a padding: of the last axis, of the last two and of the last three.

/// Writes the forms of a padding as methods of a tensor, each a line after its docs: its name and the number of axes. The head
/// has the constant of [`PadAmounts`](crate::shape::PadAmounts) that the amounts of each axis must pass, what is new, and
/// the argument of the methods, if there is one.
///
/// ```text
/// paddings! { GOES_ROUND, Edge::Circular, ();
///     /// Docs, with PyTorch's name and an example.
///     fn circular_pad by 1;
/// }
/// ```
macro_rules! paddings {
    ($check:ident, $edge:expr, $arguments:tt; $($(#[$doc:meta])* fn $name:ident by $axes:tt;)+) => {
        $(crate::ops::support::padding::paddings! { @$axes [$(#[$doc])*] $name $check [$edge] $arguments })+
    };
    (@1 [$($doc:tt)*] $name:ident $check:ident [$edge:expr] ($($value:ident: $type:ty)?)) => {
        $($doc)*
        pub fn $name<const L: isize, const R: isize>(
            self,
            $($value: $type)?
        ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, PadBackward<E>>
        where
            S: Axis<-1>,
        {
            let () = PadAmounts::<S, -1, L, R>::$check;
            self.padded($edge, [[L, R], [0, 0], [0, 0]])
        }
    };
    (@2 [$($doc:tt)*] $name:ident $check:ident [$edge:expr] ($($value:ident: $type:ty)?)) => {
        $($doc)*
        pub fn $name<const L: isize, const R: isize, const T: isize, const B: isize>(
            self,
            $($value: $type)?
        ) -> Unary<S, E, C, F, Padded2dShape<S, L, R, T, B>, PadBackward<E>>
        where
            S: Matrices + Pad2d<L, R, T, B>,
        {
            let () = PadAmounts::<S, -1, L, R>::$check;
            let () = PadAmounts::<S, -2, T, B>::$check;
            self.padded($edge, [[L, R], [T, B], [0, 0]])
        }
    };
    (@3 [$($doc:tt)*] $name:ident $check:ident [$edge:expr] ($($value:ident: $type:ty)?)) => {
        $($doc)*
        pub fn $name<
            const L: isize,
            const R: isize,
            const T: isize,
            const B: isize,
            const FRONT: isize,
            const BACK: isize,
        >(
            self,
            $($value: $type)?
        ) -> Unary<S, E, C, F, Padded3dShape<S, L, R, T, B, FRONT, BACK>, PadBackward<E>>
        where
            S: Volumes + Pad3d<L, R, T, B, FRONT, BACK>,
        {
            let () = PadAmounts::<S, -1, L, R>::$check;
            let () = PadAmounts::<S, -2, T, B>::$check;
            let () = PadAmounts::<S, -3, FRONT, BACK>::$check;
            self.padded($edge, [[L, R], [T, B], [FRONT, BACK]])
        }
    };
}
pub(in crate::ops) use paddings;
