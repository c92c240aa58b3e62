//! What an optimizer remembers of each parameter.

use crate::element::Float;
use crate::nn::{Module, Name, Param, Visitor};
use crate::shape::Shape;
use std::any::{Any, TypeId};

/// Rows of numbers of the type of a parameter, `f32` or `f64`.
#[derive(Clone, Default)]
enum Numbers {
    #[default]
    None,
    F32(Vec<f32>),
    F64(Vec<f64>),
}

/// What is remembered of one parameter.
#[derive(Clone)]
pub(super) struct State {
    sizes: &'static [usize],
    dtype: &'static str,
    numbers: Numbers,
    /// How often the parameter was changed.
    pub(super) steps: usize,
}

impl State {
    fn of<S: Shape, E: Float>() -> Self {
        State { sizes: S::SIZES, dtype: E::DTYPE, numbers: Numbers::None, steps: 0 }
    }

    /// Whether there are no numbers yet.
    pub(super) fn is_new(&self) -> bool {
        matches!(self.numbers, Numbers::None)
    }

    /// The first `len` numbers; those that were not there yet are zeros.
    pub(super) fn numbers<E: Float>(&mut self, len: usize) -> &mut [E] {
        if self.is_new() {
            let single = TypeId::of::<E>() == TypeId::of::<f32>();
            self.numbers = if single { Numbers::F32(Vec::new()) } else { Numbers::F64(Vec::new()) };
        }
        let numbers: &mut dyn Any = match &mut self.numbers {
            Numbers::None => unreachable!("set above"),
            Numbers::F32(numbers) => numbers,
            Numbers::F64(numbers) => numbers,
        };
        let numbers = numbers.downcast_mut::<Vec<E>>().expect("`States::check` compared the element types");
        if numbers.len() < len {
            numbers.resize(len, E::zero());
        }
        &mut numbers[..len]
    }
}

/// What is remembered of the parameters of a module, in the order in which they are visited.
#[derive(Clone, Default)]
pub(super) struct States {
    states: Vec<State>,
    /// The parts that are entered during a check; kept so that its memory is reused.
    path: Vec<Name>,
}

impl States {
    /// Makes room for the parameters of a module at the first call, and compares them with those of the first call
    /// later. After it the states are exactly those of the parameters, in order.
    ///
    /// # Panics
    /// If the module has other parameters than at the first call, before any of them is changed.
    #[track_caller]
    pub(super) fn check(&mut self, module: &impl Module) -> std::slice::IterMut<'_, State> {
        self.path.clear();
        let first = self.states.is_empty();
        let mut check = Check { states: self, first, next: 0, problem: None };
        module.visit(&mut check);
        let (next, problem) = (check.next, check.problem);
        // Out here, where `track_caller` names the line of the user.
        if let Some(problem) = problem {
            panic!("{problem}");
        }
        assert!(
            next == self.states.len(),
            "this optimizer began with {} parameters, but the module has {next}; a second module needs an \
             optimizer of its own",
            self.states.len(),
        );
        self.states.iter_mut()
    }
}

struct Check<'s> {
    states: &'s mut States,
    first: bool,
    next: usize,
    problem: Option<String>,
}

impl<'a> Visitor<'a> for Check<'_> {
    fn enter(&mut self, name: Name) {
        self.states.path.push(name);
    }
    fn leave(&mut self) {
        self.states.path.pop();
    }
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {
        if self.first {
            self.states.states.push(State::of::<S, E>());
        } else if let Some(was) = self.states.states.get(self.next)
            && (was.sizes != S::SIZES || was.dtype != E::DTYPE)
            && self.problem.is_none()
        {
            let path: Vec<_> = self.states.path.iter().map(Name::to_string).collect();
            self.problem = Some(format!(
                "the parameter `{}` is {} {:?}, but the optimizer has the state of one that is {} {:?}; a second \
                 module needs an optimizer of its own",
                path.join("."),
                E::DTYPE,
                S::SIZES,
                was.dtype,
                was.sizes,
            ));
        }
        self.next += 1;
    }
}
