//! The parts of vectors and masks that have instructions of their own with AVX-512, for `x86`.

/// Implements `Mask` for an integer with a bit for each lane.
macro_rules! mask_512 {
    ($mask:ident $inner:ident) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $mask($inner);

        impl Mask for $mask {
            const LANES: u32 = $inner::BITS;
            #[inline(always)]
            fn and(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }
            #[inline(always)]
            fn or(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
            #[inline(always)]
            fn not(self) -> Self {
                Self(!self.0)
            }
            #[inline(always)]
            fn any(self) -> bool {
                self.0 != 0
            }
            #[inline(always)]
            fn first(self) -> u32 {
                self.0.trailing_zeros()
            }
        }
    };
}

/// The methods of 512-bit vectors whose masks are integers.
macro_rules! rest_512 {
    (
        $vector:ident $mask:ident $float:ident $m:ident: $set1:ident $cmp:ident $blend:ident $round:ident $scalef:ident
        $mask_loadu:ident $mask_storeu:ident
    ) => {
        compare!($mask $cmp);
        #[inline(always)]
        fn select(mask: $mask, yes: Self, no: Self) -> Self {
            Self(intrinsic!($blend(mask.0, no.0, yes.0)))
        }
        #[inline(always)]
        fn round(self) -> Self {
            Self(intrinsic!($round::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0)))
        }
        #[inline(always)]
        fn scale(self, n: Self) -> Self {
            Self(intrinsic!($scalef(self.0, n.0)))
        }
        #[inline(always)]
        unsafe fn load_first(from: *const $float, n: usize, fill: $float) -> Self {
            // SAFETY: the caller's, and as in `intrinsic`; lanes from n on are not read.
            unsafe { Self($mask_loadu($set1(fill), ((1u32 << n) - 1) as $m, from)) }
        }
        #[inline(always)]
        unsafe fn store_first(self, to: *mut $float, n: usize) {
            // SAFETY: the caller's, and as in `intrinsic`; lanes from n on are not written.
            unsafe { $mask_storeu(to, ((1u32 << n) - 1) as $m, self.0) }
        }
    };
}

/// Moves pairs of lanes between two 512-bit vectors; the indices of the second one follow those of the first.
macro_rules! pairs_512 {
    ($permute:ident $even:expr, $odd:expr, $first:expr, $next:expr) => {
        #[inline(always)]
        fn unzip(self, next: Self) -> (Self, Self) {
            let of = |lanes| Self(intrinsic!($permute(self.0, lanes, next.0)));
            (of(intrinsic!($even)), of(intrinsic!($odd)))
        }
        #[inline(always)]
        fn zip(self, odd: Self) -> (Self, Self) {
            let of = |lanes| Self(intrinsic!($permute(self.0, lanes, odd.0)));
            (of(intrinsic!($first)), of(intrinsic!($next)))
        }
    };
}
