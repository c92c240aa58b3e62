//! What the type of a graph says of the modules and operations in it, without a value.

use super::{Flow, InputOf, Mode};
use crate::element::Element;
use crate::module::Forward;
use crate::shape::Shape;
use crate::tensor::{Computed, Input};

/// What a boundary is around: a module, or `()` for one that is not a module's.
pub trait Scope {
    /// The name of the type, and the number of its parameters if the type says it. `None` if it is no module.
    #[doc(hidden)]
    fn layer() -> Option<(&'static str, Option<usize>)>;
}

impl Scope for () {
    fn layer() -> Option<(&'static str, Option<usize>)> {
        None
    }
}

/// A module in a [`Description`].
#[derive(Debug)]
pub(crate) struct Row {
    /// The name of its type, with paths.
    pub(crate) layer: &'static str,
    /// In how many modules it is.
    pub(crate) depth: usize,
    pub(crate) output: &'static [usize],
    /// How often it is there, one after the other.
    pub(crate) times: usize,
    /// The parameters of one of them.
    pub(crate) parameters: Option<usize>,
    /// The multiplications with an addition in all of them.
    pub(crate) multiply_adds: usize,
}

/// The modules of a graph, in the order in which they run.
#[derive(Debug)]
pub struct Description {
    pub(crate) rows: Vec<Row>,
    /// The modules that have begun and not ended.
    open: Vec<usize>,
    /// How often what is described now is there.
    times: usize,
}

impl Description {
    pub(crate) fn new() -> Self {
        Description { rows: vec![], open: vec![], times: 1 }
    }

    /// What is in the modules that have begun needs so many more.
    pub(crate) fn multiply_adds(&mut self, number: usize) {
        for &place in &self.open {
            self.rows[place].multiply_adds += number * self.times;
        }
    }

    /// What the module `L` does in mode `M`. It is not run.
    pub(crate) fn of<'m, L, M, S, E, I>(&mut self)
    where
        L: Forward<S, E, I> + 'm,
        M: Mode,
        S: Shape,
        E: Element,
        I: InputOf<E>,
    {
        fn inside<L, X, Y: Computed>(_: impl FnOnce(L, X) -> Y) -> fn(&mut Description) {
            Y::Flow::describe
        }
        inside(|layer: &'m L, x: Input<S, M, I>| layer.forward::<M>(x))(self);
    }

    /// What is inside of a boundary around a module of type `L`.
    pub(crate) fn scope<L: Scope>(&mut self, output: &'static [usize], inside: fn(&mut Description)) {
        let Some((layer, parameters)) = L::layer() else { return inside(self) };
        self.open.push(self.rows.len());
        let (depth, times) = (self.open.len() - 1, self.times);
        self.rows.push(Row { layer, depth, output, times, parameters, multiply_adds: 0 });
        inside(self);
        self.open.pop();
    }

    /// The module that ended last is there `more` times more.
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

    /// What is there `times` times.
    pub(crate) fn times(&mut self, times: usize, inside: fn(&mut Description)) {
        let outside = self.times;
        self.times *= times;
        inside(self);
        self.times = outside;
    }
}
