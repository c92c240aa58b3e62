//! The state of an optimizer for each parameter.

use super::owner::Owner;
use super::reader::Reader;
use crate::element::{Element, Float};
use crate::nn::{
    Dtype, Invalid, LoadError, Module, NamedVisitor, Param, Path, StateData, StateDict, StateTensor, Taker,
    Walk,
};
use crate::shape::Shape;
use std::any::{Any, TypeId};
use std::ops::{Range, RangeInclusive};

/// StateRows of numbers of the type of a parameter, `f32` or `f64`.
#[derive(Clone, Default)]
enum Numbers {
    #[default]
    None,
    F32(Vec<f32>),
    F64(Vec<f64>),
}

/// The state of one parameter.
#[derive(Clone)]
pub(super) struct State {
    sizes: &'static [usize],
    dtype: &'static str,
    numbers: Numbers,
    /// The number of updates of the parameter.
    pub(super) steps: usize,
    /// NAdam's product of all its momenta.
    pub(super) product: f64,
}

impl State {
    fn of<S: Shape, E: Float>() -> Self {
        State { sizes: S::SIZES, dtype: E::DTYPE, numbers: Numbers::None, steps: 0, product: 1.0 }
    }

    /// Whether the state is still empty.
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

/// The states of the parameters of a module, in the order of the visitor.
#[derive(Clone, Default)]
pub(super) struct States {
    states: Vec<State>,
    owner: Owner,
    /// The path during a check; kept to reuse its memory.
    path: Path,
}

impl States {
    /// Makes room for the parameters of a module at the first call, and compares them with those of the first call
    /// later. After it the states are exactly those of the parameters, in order.
    ///
    /// # Panics
    /// If the module has other parameters than at the first call, or if two modules are stepped in turn, before any of them is
    /// changed.
    #[track_caller]
    pub(super) fn check(&mut self, module: &impl Module) -> std::slice::IterMut<'_, State> {
        let first = self.states.is_empty();
        let check = Check { states: &mut self.states, first, next: 0, id: None, problem: None };
        let mut walk = Walk { visitor: check, path: std::mem::take(&mut self.path) };
        module.visit(&mut walk);
        let Walk { visitor: Check { next, id, problem, .. }, path } = walk;
        self.path = path;
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
        // An optimizer without state, such as SGD without momentum, may step any number of modules.
        if let Some(problem) = self.owner.problem(id)
            && self.states.iter().any(|state| !state.is_new())
        {
            panic!("{problem}");
        }
        self.states.iter_mut()
    }
}

/// The names that hold the state of one parameter.
fn names(index: usize) -> [String; 3] {
    [format!("{index}.step"), format!("{index}.moments"), format!("{index}.mu_product")]
}

/// Saved with the states; the kind of the optimizer is part of the names.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) kind: &'static str,
    pub(super) lr: f64,
    /// Of optimizers that have one.
    pub(super) momentum: Option<f64>,
}

impl Header {
    fn lr_name(self) -> String {
        format!("{}.lr", self.kind)
    }
    fn momentum_name(self) -> String {
        format!("{}.momentum", self.kind)
    }
}

impl States {
    /// The learning rate, the momentum, and of each parameter the step count and the rows of numbers, one shape of the
    /// parameter after the other.
    pub(super) fn state_dict(&self, header: Header) -> StateDict {
        let mut dict = StateDict::new();
        let mut add = |name: &str, shape, data: StateData| {
            let tensor = StateTensor::new(shape, data).expect("a state consists of whole rows");
            dict.insert(name, tensor).expect("each index is there once");
        };
        add(&header.lr_name(), vec![], vec![header.lr].into());
        if let Some(momentum) = header.momentum {
            add(&header.momentum_name(), vec![], vec![momentum].into());
        }
        for (i, state) in self.states.iter().enumerate() {
            let [step, moments, product] = names(i);
            add(&step, vec![], vec![state.steps as i64].into());
            let shape = |len: usize| {
                let rows = len.checked_div(state.sizes.iter().product()).unwrap_or(0);
                [&[rows], state.sizes].concat()
            };
            match &state.numbers {
                Numbers::None => {}
                Numbers::F32(numbers) => add(&moments, shape(numbers.len()), numbers.clone().into()),
                Numbers::F64(numbers) => add(&moments, shape(numbers.len()), numbers.clone().into()),
            }
            if state.product != 1.0 {
                add(&product, vec![], vec![state.product].into());
            }
        }
        dict
    }

    /// The states and the rest of a state dict, which are those of the parameters of this module and of an optimizer
    /// that is like `now` and keeps these rows. `is_momentum` says whether the optimizer takes one.
    pub(super) fn load(
        dict: &StateDict,
        module: &impl Module,
        now: Header,
        rows: &StateRows,
        is_momentum: impl Fn(f64) -> bool,
    ) -> Result<(Self, Header), LoadError> {
        let mut reader = Reader::new(dict);
        if let Some((name, kind)) = kind(dict).filter(|(_, kind)| *kind != now.kind) {
            // The rest would be a list of everything.
            let problem = format!("the state of an optimizer {kind}, this one is {}", now.kind);
            let invalid = vec![Invalid { name: name.to_owned(), problem }];
            return Err(LoadError { invalid, ..LoadError::default() }.of(Taker::Optimizer, dict));
        }
        let lr = reader.rate(&now.lr_name());
        let momentum = now.momentum.map(|_| reader.number(&now.momentum_name()));
        if let Some(momentum) = momentum.filter(|&momentum| !is_momentum(momentum)) {
            reader.invalid(&now.momentum_name(), format!("a momentum of {momentum:?}"));
        }

        let mut states = Vec::new();
        module.visit(&mut Walk::new(Check {
            states: &mut states,
            first: true,
            next: 0,
            id: None,
            problem: None,
        }));
        // An optimizer without steps has no state.
        if reader.is_at_end() {
            states.clear();
        }
        for (i, state) in states.iter_mut().enumerate() {
            load_state(&mut reader, rows, i, state);
        }
        reader.finish(Taker::Optimizer)?;
        Ok((
            States { states, owner: Owner::default(), path: Path::default() },
            Header { lr, momentum, ..now },
        ))
    }
}

/// The name of the learning rate in a state dict, and the kind of optimizer that it names.
fn kind(dict: &StateDict) -> Option<(&str, &str)> {
    dict.names().find_map(|name| Some((name, name.strip_suffix(".lr")?)))
}

/// The rows that an optimizer keeps of each parameter.
pub(super) struct StateRows {
    /// Their possible number; 0 if the state may be the number of steps alone.
    pub(super) count: RangeInclusive<usize>,
    /// The rows that are sums or means of squares, which are never negative. All may have NaN: that of a gradient stays.
    pub(super) squares: Range<usize>,
    /// Whether it keeps a product of momenta.
    pub(super) product: bool,
}

/// Reads the state of one parameter.
fn load_state(reader: &mut Reader<'_>, rows: &StateRows, index: usize, state: &mut State) {
    let [step, moments, product] = names(index);
    state.steps = reader.count(&step, "steps");
    if rows.product && state.steps > 0 {
        state.product = reader.number(&product);
    }
    let (fewest, most) = (*rows.count.start(), *rows.count.end());
    let Some(tensor) = reader.get(&moments) else {
        if state.steps > 0 && fewest > 0 {
            reader.missing(&moments);
        }
        return;
    };
    state.numbers = match tensor.data() {
        StateData::F32(numbers) if state.dtype == f32::DTYPE => Numbers::F32(numbers.to_vec()),
        StateData::F64(numbers) if state.dtype == f64::DTYPE => Numbers::F64(numbers.to_vec()),
        _ => Numbers::None,
    };
    let count = tensor.shape().first().copied().unwrap_or(0).clamp(fewest.max(1), most);
    let expected = [&[count], state.sizes].concat();
    let empty = state.sizes.contains(&0);
    if state.is_new() || tensor.shape() != expected && !(empty && tensor.data().is_empty()) {
        let dtype = if state.dtype == f32::DTYPE { Dtype::F32 } else { Dtype::F64 };
        return reader.mismatch(&moments, expected, dtype, tensor);
    }
    let numel: usize = state.sizes.iter().product();
    let squares = rows.squares.start * numel..rows.squares.end.min(count) * numel;
    let negative = match &state.numbers {
        Numbers::None => None,
        Numbers::F32(numbers) => first_negative(numbers, squares),
        Numbers::F64(numbers) => first_negative(numbers, squares),
    };
    if let Some(problem) = negative {
        reader.invalid(&moments, problem);
    }
}

fn first_negative<E: Float>(numbers: &[E], squares: Range<usize>) -> Option<String> {
    let index =
        squares.into_iter().find(|&index| numbers.get(index).is_some_and(|number| *number < E::zero()))?;
    Some(format!("{:?} as element {index}, a mean or sum of squares", numbers[index]))
}

struct Check<'s> {
    states: &'s mut Vec<State>,
    first: bool,
    next: usize,
    /// The identity of the first parameter.
    id: Option<usize>,
    problem: Option<String>,
}

impl<'a> NamedVisitor<'a> for Check<'_> {
    const FROZEN: bool = false;
    fn param<S: Shape, E: Float>(&mut self, at: &Path, param: &'a Param<S, E>) {
        self.id.get_or_insert(param.id());
        if self.first {
            self.states.push(State::of::<S, E>());
        } else if let Some(was) = self.states.get(self.next)
            && (was.sizes != S::SIZES || was.dtype != E::DTYPE)
            && self.problem.is_none()
        {
            self.problem = Some(format!(
                "the parameter `{at}` is {} {:?}, but the optimizer has the state of one that is {} {:?}; a second \
                 module needs an optimizer of its own",
                E::DTYPE,
                S::SIZES,
                was.dtype,
                was.sizes,
            ));
        }
        self.next += 1;
    }
}
