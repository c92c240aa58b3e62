//! Elements of another type.

use super::pointwise::at_level;
use crate::element::Element;
use crate::kernel::axis::lanes::parts;
use crate::storage::Storage;

/// f(x) for each x, on all threads where there are many.
#[inline(never)]
pub(crate) fn convert<E: Element, D: Element>(x: &[E], f: impl Fn(E) -> D + Sync) -> Storage<D> {
    Storage::written(x.len(), |to| {
        parts(to, 1, 1, |at, to| at_level(|| to.iter_mut().zip(&x[at..]).for_each(|(to, x)| *to = f(*x))));
    })
}
