//! Whose state an optimizer has.

use crate::element::Float;
use crate::nn::{Module, Param, Visitor};
use crate::shape::Shape;

/// The two modules that were stepped last, each by the identity of its first parameter.
///
/// The moments of one module are wrong for another one, also if both have parameters of the same sizes. A module that was made
/// anew, or read from a file, may take over an optimizer; so only a return to the earlier module is a mistake.
#[derive(Clone, Copy, Default)]
pub(super) struct Owner {
    now: Option<usize>,
    before: Option<usize>,
}

impl Owner {
    /// Notes a step of the module with this first parameter. Returns what is wrong with it.
    pub(super) fn problem(&mut self, first: Option<usize>) -> Option<&'static str> {
        if first.is_none() || first == self.now {
            return None;
        }
        if first == self.before {
            return Some(
                "this optimizer steps two modules in turn, and has the state of one; a second module needs an optimizer of its \
                 own",
            );
        }
        *self = Owner { now: first, before: self.now };
        None
    }

    /// The identity of the first parameter of a module.
    pub(super) fn first_parameter(module: &impl Module) -> Option<usize> {
        struct First(Option<usize>);
        impl<'a> Visitor<'a> for First {
            fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
                self.0.get_or_insert(param.id());
            }
        }
        let mut first = First(None);
        module.visit(&mut first);
        first.0
    }
}
