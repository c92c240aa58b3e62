//! Axes of a shape as kernels take them: sizes.

use super::{Axes, Axis, Dim, SameExceptAxis, Shape};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::reduce_over::ReduceOver;

impl AxisLayout {
    /// The axis `I` of the shape `S`.
    pub(crate) const fn of<S: Axis<I>, const I: isize>() -> Self {
        AxisLayout { outer: S::OUTER, size: <S::Dim as Dim>::SIZE, inner: S::INNER }
    }

    /// The axis `I` of the shape `S`, for indices of shape `T` that point along it.
    pub(crate) const fn between<T: SameExceptAxis<I, S>, S, const I: isize>() -> Self {
        AxisLayout { outer: T::OUTER, size: T::SIZE, inner: T::INNER }
    }
}

impl ReduceOver {
    /// All elements of the shape `S`.
    pub(crate) const fn all<S: Shape>() -> Self {
        ReduceOver::along(AxisLayout { outer: 1, size: S::NUMEL, inner: 1 })
    }

    /// The axis `I` of the shape `S`.
    pub(crate) const fn axis<S: Axis<I>, const I: isize>() -> Self {
        ReduceOver::along(AxisLayout::of::<S, I>())
    }

    /// The axes `A` of the shape `S`.
    pub(crate) const fn axes<S: Axes<A>, A>() -> Self {
        ReduceOver::positions(S::SIZES, S::POSITIONS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Axes2, Axes3, Rank4};

    #[test]
    fn axes_are_found_from_the_front_and_from_the_back() {
        type S = Rank4<2, 3, 4, 5>;
        let want = AxisLayout { outer: 2, size: 12, inner: 5 };
        assert_eq!(ReduceOver::axes::<S, Axes2<1, 2>>().along, want);
        let want = AxisLayout { outer: 2, size: 60, inner: 1 };
        assert_eq!(ReduceOver::axes::<S, Axes3<-3, -2, -1>>().along, want);
        assert_eq!(ReduceOver::all::<S>().along, AxisLayout { outer: 1, size: 120, inner: 1 });
        assert_eq!(ReduceOver::axis::<S, -2>().along, AxisLayout { outer: 6, size: 4, inner: 5 });
    }
}
