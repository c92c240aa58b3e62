//! A parameter has floats, which [`Param::new`] reports. Its methods exist for other elements, too, in a trait that the prelude
//! imports, so that rustc does not report each use again.

use super::param::Param;

/// The methods of a parameter. No program calls them, since `Param::new` refuses such elements. rustc takes those of [`Param`] first, unless
/// their bound `Float` does not hold.
#[doc(hidden)]
pub trait ParamOfIntegers: Sized {
    #[doc(hidden)]
    fn track<R>(&self) -> R {
        unreachable!("`Param::new` takes floats")
    }
    #[doc(hidden)]
    fn value<R>(&self) -> R {
        unreachable!("`Param::new` takes floats")
    }
    #[doc(hidden)]
    fn grad<R>(&self) -> R {
        unreachable!("`Param::new` takes floats")
    }
    #[doc(hidden)]
    fn zero_grad(&self) {}
    #[doc(hidden)]
    fn set<T>(&mut self, _: T) {}
}

impl<S> ParamOfIntegers for Param<S, i64> {}
impl<S> ParamOfIntegers for Param<S, bool> {}
