//! Impls for shapes that a trait does not take, with parameters that no program has.
//!
//! The result of a method names a type of its bound. Where no impl meets the bound, whatever the parameters of the method are, rustc
//! says only that the method exists (E0599), without the message of the bound. With such an impl it compares the parameters, and
//! prints the message at the user's line.

/// A type that no program has.
#[doc(hidden)]
#[derive(Debug)]
pub enum Nothing<const I: usize> {}

/// A number that no program has.
pub(super) const NO_NUMBER: usize = usize::MAX;

/// Another one.
pub(super) const NOR_THIS: usize = usize::MAX - 1;

/// Implements a trait for shapes that it does not take. Each of them has it with two different parameters: where a program writes
/// none, rustc would infer the only ones.
macro_rules! refuse {
    (@one [$($dim:ident)*] $trait:path, { $($item:item)* }) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim),*> $trait for ($($dim,)*) { $($item)* }
    };
    ($([$($dim:ident)*])* of $trait:path: $items:tt) => { $(
        $crate::shape::refused::refuse!(@one [$($dim)*] $trait, $items);
    )* };
}
pub(super) use refuse;
