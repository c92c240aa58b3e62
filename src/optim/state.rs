//! What an optimizer remembers of each parameter.

use crate::element::{Element, Float};
use crate::nn::{
    Dtype, LoadError, Mismatch, Module, Name, Param, StateData, StateDict, StateTensor, Visitor,
};
use crate::shape::Shape;
use std::any::{Any, TypeId};
use std::collections::HashSet;

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

/// The names that hold the state of one parameter.
fn names(index: usize) -> [String; 2] {
    [format!("{index}.step"), format!("{index}.moments")]
}

const LR: &str = "lr";

impl States {
    /// The learning rate, and of each parameter the step count and the rows of numbers, one shape of the parameter
    /// after the other.
    pub(super) fn state_dict(&self, lr: f64) -> StateDict {
        let mut dict = StateDict::new();
        let mut add = |name: &str, shape, data| {
            let tensor = StateTensor::new(shape, data).expect("whole rows are remembered");
            dict.insert(name, tensor).expect("each index is there once");
        };
        add(LR, vec![], StateData::F64(vec![lr]));
        for (i, state) in self.states.iter().enumerate() {
            let [step, moments] = names(i);
            add(&step, vec![], StateData::I64(vec![state.steps as i64]));
            let shape = |len: usize| {
                let rows = len.checked_div(state.sizes.iter().product()).unwrap_or(0);
                [&[rows], state.sizes].concat()
            };
            match &state.numbers {
                Numbers::None => {}
                Numbers::F32(numbers) => add(&moments, shape(numbers.len()), StateData::F32(numbers.clone())),
                Numbers::F64(numbers) => add(&moments, shape(numbers.len()), StateData::F64(numbers.clone())),
            }
        }
        dict
    }

    /// The states and the learning rate of a state dict, which are those of the parameters of this module.
    pub(super) fn load(dict: &StateDict, module: &impl Module) -> Result<(Self, f64), LoadError> {
        let mut parameters = Check { states: &mut States::default(), first: true, next: 0, problem: None };
        module.visit(&mut parameters);
        let states = std::mem::take(&mut parameters.states.states);
        let mut load = Load { dict, known: 0, missing: vec![], mismatched: vec![] };
        let lr = load.scalar(LR, Dtype::F64).and_then(|data| data.as_slice::<f64>()).map_or(0.0, |lr| lr[0]);
        // An optimizer that made no step remembers nothing.
        let empty = dict.len() == 1 && load.known == 1;
        let states = if empty { vec![] } else { states };
        let states = states.into_iter().enumerate().map(|(i, state)| load.state(i, state)).collect();
        let expected: HashSet<_> = (0..parameters.next).flat_map(names).collect();
        let unexpected: Vec<_> =
            dict.names().filter(|name| *name != LR && !expected.contains(*name)).map(str::to_owned).collect();
        let Load { missing, mismatched, .. } = load;
        if missing.is_empty() && unexpected.is_empty() && mismatched.is_empty() {
            Ok((States { states, path: vec![] }, lr))
        } else {
            Err(LoadError { missing, unexpected, mismatched, ..LoadError::default() })
        }
    }
}

/// Compares a state dict with parameters.
struct Load<'d> {
    dict: &'d StateDict,
    known: usize,
    missing: Vec<String>,
    mismatched: Vec<Mismatch>,
}

impl<'d> Load<'d> {
    fn scalar(&mut self, name: &str, dtype: Dtype) -> Option<&'d StateData> {
        let Some(tensor) = self.dict.get(name) else {
            self.missing.push(name.to_owned());
            return None;
        };
        self.known += 1;
        if tensor.shape().is_empty() && tensor.dtype() == dtype {
            return Some(tensor.data());
        }
        self.mismatch(name, vec![], dtype, tensor);
        None
    }

    fn mismatch(
        &mut self,
        name: &str,
        expected_shape: Vec<usize>,
        expected_dtype: Dtype,
        found: &StateTensor,
    ) {
        let (found_shape, found_dtype) = (found.shape().to_vec(), found.dtype());
        let name = name.to_owned();
        self.mismatched.push(Mismatch { name, expected_shape, expected_dtype, found_shape, found_dtype });
    }

    fn state(&mut self, index: usize, mut state: State) -> State {
        let [step, moments] = names(index);
        let steps = self.scalar(&step, Dtype::I64).and_then(|data| data.as_slice::<i64>());
        state.steps = steps.map_or(0, |steps| usize::try_from(steps[0]).unwrap_or(0));
        let Some(tensor) = self.dict.get(&moments) else { return state };
        state.numbers = match tensor.data() {
            StateData::F32(numbers) if state.dtype == f32::DTYPE => Numbers::F32(numbers.clone()),
            StateData::F64(numbers) if state.dtype == f64::DTYPE => Numbers::F64(numbers.clone()),
            _ => Numbers::None,
        };
        // One row is momentum, two are the means of Adam, three those of AMSGrad.
        let rows = tensor.shape().first().copied().unwrap_or(0).clamp(1, 3);
        let expected = [&[rows], state.sizes].concat();
        let empty = state.sizes.contains(&0);
        if state.is_new() || tensor.shape() != expected && !(empty && tensor.data().is_empty()) {
            let dtype = if state.dtype == f32::DTYPE { Dtype::F32 } else { Dtype::F64 };
            self.mismatch(&moments, expected, dtype, tensor);
        }
        state
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
