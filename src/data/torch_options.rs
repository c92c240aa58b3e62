//! Options of PyTorch's `DataLoader` as methods: they do not exist here, and say what does. They take `&mut self`, which rustc looks at
//! last: a method of that name in a trait of the user's goes before them.

use super::loader::{DataLoader, Epoch};

/// No loader has: an epoch has it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the order of the examples is an option of an epoch, and not of the loader",
    label = "an option of PyTorch's `DataLoader`",
    note = "write `loader.epoch(&mut rng)` for a random order, `loader.in_order()` for theirs; `.full()` of either leaves out a last batch \
            that is smaller"
)]
pub trait HasOptions {}

/// No epoch is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the batches that have no padding are those of `full()`",
    label = "an option of PyTorch's `DataLoader`",
    note = "write `loader.epoch(&mut rng).full()`: without it the last batch is padded, and losses and metrics count its real rows"
)]
pub trait DropsLast {}

// One line each: rustc shows them in errors. The type of a result is not known, so that nothing is reported where it is used.
#[rustfmt::skip]
#[doc(hidden)]
impl<D: ?Sized, const B: usize> DataLoader<D, B> {
    pub fn shuffle<V, R>(&mut self, _: V) -> R where Self: HasOptions { unreachable!() }
    pub fn drop_last<V, R>(&mut self, _: V) -> R where Self: HasOptions { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<D: ?Sized, const B: usize> Epoch<D, B> {
    pub fn drop_last<R>(&mut self) -> R where Self: DropsLast { unreachable!() }
}
