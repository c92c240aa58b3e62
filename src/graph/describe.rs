//! Describes the modules and operations of a graph from its type, without a value.

use super::Kind;
use super::outline::ModuleOutline;

/// The scope of a boundary: a module, or `()` for `shared`.
pub trait Scope {
    /// The name of the type, and the number of its parameters if the type says it. `None` if it is not a module.
    #[doc(hidden)]
    fn layer() -> Option<(&'static str, Option<usize>)>;
    /// The run of the module.
    #[doc(hidden)]
    const RUN: Option<&'static ModuleOutline>;
    /// The kind of the result, if the last operation has the kind `K`.
    #[doc(hidden)]
    type Kind<K: Kind>: Kind;
}

impl Scope for () {
    fn layer() -> Option<(&'static str, Option<usize>)> {
        None
    }
    const RUN: Option<&'static ModuleOutline> = None;
    type Kind<K: Kind> = K;
}

/// A module in a [`Description`].
#[derive(Debug)]
pub(crate) struct DescribedModule {
    /// The name of its type, with paths.
    pub(crate) layer: &'static str,
    /// Its nesting depth.
    pub(crate) depth: usize,
    pub(crate) output: &'static [usize],
    /// The number of repetitions in a row.
    pub(crate) times: usize,
    /// The parameters of one of them.
    pub(crate) parameters: Option<usize>,
    /// The multiply-adds of all of them.
    pub(crate) multiply_adds: usize,
}

/// The modules of a graph, in the order in which they run.
#[derive(Debug)]
pub struct Description {
    pub(crate) rows: Vec<DescribedModule>,
    /// The modules that are currently open.
    open: Vec<usize>,
    /// The number of repetitions of the part that is being described.
    times: usize,
}

impl Description {
    pub(crate) fn new() -> Self {
        Description { rows: vec![], open: vec![], times: 1 }
    }

    /// Adds multiply-adds to every module that is currently open.
    pub(crate) fn multiply_adds(&mut self, number: usize) {
        for &place in &self.open {
            self.rows[place].multiply_adds += number * self.times;
        }
    }

    /// Describes the inside of a boundary around a module of type `L`.
    pub(crate) fn scope<L: Scope>(&mut self, output: &'static [usize], inside: fn(&mut Description)) {
        let Some((layer, parameters)) = L::layer() else { return inside(self) };
        // No module holds one of its own type: a layer that takes a computed size runs itself with the literal one.
        if self.open.last().is_some_and(|&outer| self.rows[outer].layer == layer) {
            return inside(self);
        }
        self.open.push(self.rows.len());
        let (depth, times) = (self.open.len() - 1, self.times);
        self.rows.push(DescribedModule { layer, depth, output, times, parameters, multiply_adds: 0 });
        inside(self);
        self.open.pop();
    }

    /// Records `more` further repetitions of the module described last.
    pub(crate) fn again(&mut self, more: usize) {
        let depth = self.open.len();
        let Some(place) = self.rows.iter().rposition(|row| row.depth == depth) else { return };
        let added = self.rows[place].multiply_adds * more;
        for &place in &self.open {
            self.rows[place].multiply_adds += added;
        }
        for row in &mut self.rows[place..] {
            row.times *= more + 1;
            row.multiply_adds *= more + 1;
        }
    }

    /// Describes a part that is repeated `times` times.
    pub(crate) fn times(&mut self, times: usize, inside: fn(&mut Description)) {
        let outside = self.times;
        self.times *= times;
        inside(self);
        self.times = outside;
    }
}
