//! Two shapes compared when the program is built.

use super::{Law, Message, Shape};
use std::marker::PhantomData;

/// Any type. The type of a result is written `<T as Known>::Then<Y>`, which is `Y`: where `T` is the result of a bound that
/// does not hold, rustc knows neither of the two, and does not report the mistake again at each use of the result.
#[doc(hidden)]
pub trait Known {
    /// `Y`.
    type Then<Y>: Is<Y>;
}
impl<T> Known for T {
    type Then<Y> = Y;
}

/// `Self` is `Y`.
#[doc(hidden)]
pub trait Is<Y> {
    #[doc(hidden)]
    fn of(y: Y) -> Self;
}
impl<Y> Is<Y> for Y {
    #[inline(always)]
    fn of(y: Y) -> Y {
        y
    }
}

/// The sizes of a shape that are not 1, and how many there are.
const fn lengths(sizes: &[usize]) -> ([usize; 6], usize) {
    let (mut lengths, mut count) = ([0; 6], 0);
    let mut i = 0;
    while i < sizes.len() {
        if sizes[i] != 1 {
            lengths[count] = sizes[i];
            count += 1;
        }
        i += 1;
    }
    (lengths, count)
}

/// Whether three axes or more, those of size 1 not counted, have the same sizes in another order.
const fn change_places(a: &[usize], b: &[usize]) -> bool {
    let ((a, count), (mut b, other)) = (lengths(a), lengths(b));
    let mut in_order = true;
    let mut i = 0;
    while i < count && count == other {
        in_order = in_order && a[i] == b[i];
        // The size of `a` is taken out of what is left of `b`.
        let mut j = i;
        while j < count && b[j] != a[i] {
            j += 1;
        }
        if j == count || a[i] == 0 {
            return false;
        }
        while j > i {
            b[j] = b[j - 1];
            j -= 1;
        }
        b[i] = a[i];
        i += 1;
    }
    count == other && count >= 3 && !in_order
}

/// The element counts of two shapes, and that no axis is meant to be moved.
pub(crate) struct SameCount<S, T>(PhantomData<(S, T)>);

impl<S: Shape, T: Shape> Law for SameCount<S, T> {
    const WRONG: Option<Message> = if change_places(S::SIZES, T::SIZES) {
        let message = Message::new()
            .text("reshape does not move axes, the elements stay in order: from ")
            .sizes(S::SIZES)
            .text(" to ")
            .sizes(T::SIZES)
            .text(" write `permute`, or `flatten()` first if that is intended");
        Some(message)
    } else if S::LOST || S::NUMEL == T::NUMEL {
        None
    } else {
        let message = Message::new()
            .text("reshape must keep the element count: the tensor has ")
            .number(S::NUMEL)
            .text(" elements, of shape ")
            .sizes(S::SIZES)
            .text(", the new shape ")
            .sizes(T::SIZES)
            .text(" has ")
            .number(T::NUMEL);
        Some(message)
    };
}

/// Whether two shapes have the same sizes.
pub(super) const fn equal_sizes(a: &[usize], b: &[usize]) -> bool {
    let mut equal = a.len() == b.len();
    let mut i = 0;
    while equal && i < a.len() {
        equal = a[i] == b[i];
        i += 1;
    }
    equal
}

/// Whether these are sizes of images, of which some height or width is larger by 1, as before a convolution with a stride.
const fn larger_by_one(sizes: &[usize], larger: &[usize]) -> bool {
    let mut fits = sizes.len() == 4 && larger.len() == 4;
    let mut i = 0;
    while fits && i < sizes.len() {
        fits = larger[i] == sizes[i] || i > 1 && larger[i] == sizes[i] + 1;
        i += 1;
    }
    fits
}

/// The sizes of two shapes, axis by axis.
pub(crate) struct SameSizes<S, T>(PhantomData<(S, T)>);

impl<S: Shape, T: Shape> Law for SameSizes<S, T> {
    const WRONG: Option<Message> = {
        if S::LOST || equal_sizes(S::SIZES, T::SIZES) {
            None
        } else {
            let message = Message::new()
                .text("with_shape must keep the sizes: the tensor has ")
                .sizes(S::SIZES)
                .text(", the new shape has ")
                .sizes(T::SIZES);
            let larger = "; `ConvTranspose2d` has an OUTPUT_PADDING";
            Some(if larger_by_one(S::SIZES, T::SIZES) { message.text(larger) } else { message })
        }
    };
}

#[cfg(test)]
mod tests {
    use super::change_places;

    #[test]
    fn three_or_more_sizes_in_another_order_are_a_permutation() {
        assert!(change_places(&[8, 28, 28, 3], &[8, 3, 28, 28]));
        assert!(change_places(&[1, 28, 30, 3], &[3, 28, 30]));
        assert!(change_places(&[2, 3, 4], &[3, 2, 4]));
        assert!(!change_places(&[2, 3, 4], &[2, 3, 4]));
        assert!(!change_places(&[2, 3, 4], &[2, 4, 4]));
        assert!(!change_places(&[2, 3, 4], &[6, 4]));
        assert!(!change_places(&[2, 2, 6], &[2, 3, 4]));
        assert!(!change_places(&[2, 3], &[3, 2]));
        assert!(!change_places(&[8, 1, 5, 6], &[8, 5, 6, 1]));
        assert!(!change_places(&[8, 1, 5], &[5, 8, 1]));
        assert!(!change_places(&[0, 3, 4], &[3, 0, 4]));
        assert!(!change_places(&[], &[1, 1, 1]));
    }
}
