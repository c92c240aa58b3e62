//! Whose state an optimizer has.

use crate::element::Float;
use crate::nn::{Module, Param, Visitor};
use crate::shape::Shape;

/// The number of modules that are noted.
const MEMORY: usize = 8;

/// The modules that were stepped last, each by the identity of its first parameter.
///
/// The moments of one module are wrong for another one, also if both have parameters of the same sizes. A module that was made
/// anew, read from a file or put back to an earlier copy may take over an optimizer; so only returns to two
/// modules are a mistake.
#[derive(Clone, Copy, Default)]
pub(super) struct Owner {
    /// The last one first.
    modules: [Option<usize>; MEMORY],
    /// The module that was returned to.
    returned: Option<usize>,
}

impl Owner {
    /// Notes a step of the module with this first parameter. Returns what is wrong with it.
    pub(super) fn problem(&mut self, first: Option<usize>) -> Option<&'static str> {
        if first.is_none() || first == self.modules[0] {
            return None;
        }
        let at = self.modules.iter().position(|module| *module == first);
        if at.is_some() {
            if self.returned.is_some_and(|returned| first != Some(returned)) {
                return Some(
                    "this optimizer steps two modules in turn, and has the state of one; a second module needs an optimizer of \
                     its own",
                );
            }
            self.returned = first;
        }
        self.modules[..=at.unwrap_or(MEMORY - 1)].rotate_right(1);
        self.modules[0] = first;
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
