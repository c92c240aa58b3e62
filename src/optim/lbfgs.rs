//! L-BFGS: θ ← θ + t d with d = -H g, where H is computed from the last changes of θ and g.

use super::LossNumber;
use super::line_search::{Point, strong_wolfe};
use super::owner::Owner;
use super::reader::Reader;
use crate::element::Float;
use crate::nn::{
    Dtype, LoadError, Module, ModuleExt, Param, StateData, StateDict, StateTensor, Taker, Visitor, VisitorMut,
};
use crate::options;
use crate::shape::Shape;
use std::collections::VecDeque;
use std::fmt;

/// L-BFGS: a quasi-Newton method for all data at once, where every step runs the loss several times. PyTorch's
/// `torch.optim.LBFGS`.
///
/// It is not an [`Optimizer`](super::Optimizer): [`step`](Self::step) takes the loss as a closure. Its state is in `f64`,
/// for any element type of the parameters; parameters without a gradient count as having the gradient 0.
///
/// Options that make no sense panic where they are given.
///
/// ```
/// use typegrad::prelude::*;
/// let mut w = Param::new(Tensor::<Rank1<2>, f64>::from([-1.5, 2.0]));
/// let mut lbfgs = Lbfgs::new(1.0).strong_wolfe();
/// for _ in 0..5 {
///     // Rosenbrock's function: (1 - x)² + 100 (y - x²)²
///     lbfgs.step(&mut w, |w| {
///         let w = w.track();
///         let loss = w.shared(|w| {
///             let (x, y) = (w.clone().select_at::<0, 0>(), w.select_at::<0, 1>());
///             x.shared(|x| (1.0 - x.clone()).powi(2) + (y - x.powi(2)).powi(2) * 100.0)
///         });
///         loss.backward()
///     });
/// }
/// assert!((w.value().clone() - 1.0).abs().amax().item() < 1e-5);
/// ```
#[derive(Clone)]
pub struct Lbfgs {
    lr: f64,
    max_iter: usize,
    max_eval: Option<usize>,
    tolerance_grad: f64,
    tolerance_change: f64,
    history_size: usize,
    strong_wolfe: bool,
    maximize: bool,
    memory: Memory,
}

/// The state between steps.
#[derive(Clone, Default)]
struct Memory {
    iterations: usize,
    direction: Vec<f64>,
    t: f64,
    /// The changes of the gradient and of the parameters, and 1 / (y · s) of them, the oldest first.
    history: VecDeque<(Vec<f64>, Vec<f64>, f64)>,
    scale: f64,
    grad: Vec<f64>,
    owner: Owner,
}

impl Lbfgs {
    /// L-BFGS with PyTorch's defaults: 20 iterations a step, a history of 100, tolerances of 1e-7 for the gradient and 1e-9 for
    /// changes, no line search.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(lr: f64) -> Self { // options: `Lbfgs::new(1.0).max_iter(50)`; the network: `lbfgs.step(&mut net, |net| ..)`
        assert!(0.0 <= lr, "Invalid learning rate: {lr:?}");
        Lbfgs {
            lr,
            max_iter: 20,
            max_eval: None,
            tolerance_grad: 1e-7,
            tolerance_change: 1e-9,
            history_size: 100,
            strong_wolfe: false,
            maximize: false,
            memory: Memory::default(),
        }
    }

    /// Sets the number of iterations of a step, 20 by default.
    #[must_use]
    pub fn max_iter(mut self, max_iter: usize) -> Self {
        self.max_iter = max_iter;
        self
    }

    /// Sets how often a step may compute the loss; a quarter more than `max_iter` by default.
    #[must_use]
    pub fn max_eval(mut self, max_eval: usize) -> Self {
        self.max_eval = Some(max_eval);
        self
    }

    /// Ends a step where the largest element of the gradient is this or less, 1e-7 by default.
    ///
    /// # Panics
    /// If it is NaN.
    #[must_use]
    #[track_caller]
    pub fn tolerance_grad(mut self, tolerance: f64) -> Self {
        self.tolerance_grad = options::not_nan("tolerance_grad", tolerance);
        self
    }

    /// Ends a step where the loss or the parameters change by this or less, 1e-9 by default.
    ///
    /// # Panics
    /// If it is NaN.
    #[must_use]
    #[track_caller]
    pub fn tolerance_change(mut self, tolerance: f64) -> Self {
        self.tolerance_change = options::not_nan("tolerance_change", tolerance);
        self
    }

    /// Sets the number of changes in the history, 100 by default.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    #[track_caller]
    pub fn history_size(mut self, history_size: usize) -> Self {
        assert!(history_size > 0, "history_size must be at least 1");
        self.history_size = history_size;
        self
    }

    /// Looks for a length of each step that satisfies the strong Wolfe conditions. PyTorch's `line_search_fn="strong_wolfe"`.
    #[must_use]
    pub fn strong_wolfe(mut self) -> Self {
        self.strong_wolfe = true;
        self
    }

    /// Maximizes the loss instead of minimizing it.
    #[must_use]
    pub fn maximize(mut self) -> Self {
        self.maximize = true;
        self
    }

    /// The learning rate.
    #[must_use]
    pub fn lr(&self) -> f64 {
        self.lr
    }

    /// Changes the parameters so that the loss becomes smaller, and returns the loss before. PyTorch's `step(closure)`.
    ///
    /// `loss` runs the forward and the backward pass and returns the loss: `|net| net.train(x.clone()).mse_loss(&y).backward()`.
    /// The gradients are cleared before each run. A loss may run in parallel, as
    /// [`DataParallel::backward`](crate::train::DataParallel::backward) takes the network:
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// use typegrad::train::DataParallel;
    /// let mut net = Linear::<2, 1>::new(&mut Rng::seed(0));
    /// let all = vec![([1.0_f32, 2.0], [3.0_f32]); 22].batches::<8>();
    /// let parallel = DataParallel::new(2);
    /// let mut lbfgs = Lbfgs::new(1.0).strong_wolfe();
    /// for _ in 0..3 {
    ///     lbfgs.step(&mut net, |net| {
    ///         parallel.backward(net, all.in_order(), |net: &Linear<2, 1>, batch| {
    ///             net.train(batch.data.0).mse_loss(batch.data.1).backward()
    ///         })
    ///     });
    /// }
    /// # assert!((net.infer(Tensor::from([[1.0, 2.0]])).to_vec()[0] - 3.0).abs() < 1e-3);
    /// ```
    ///
    /// # Panics
    /// If the module has another number of parameters than that of the first step, or two modules are stepped in turn: at the fourth
    /// step (A, B, A, B).
    #[track_caller]
    pub fn step<M: Module, E: LossNumber>(&mut self, module: &mut M, mut loss: impl FnMut(&mut M) -> E) -> E {
        let sign = if self.maximize { -1.0 } else { 1.0 };
        let mut run = |module: &mut M| {
            module.zero_grad();
            let loss = loss(module);
            (loss, sign * loss.as_f64(), gradient(module, sign))
        };
        let max_eval = self.max_eval.unwrap_or(self.max_iter * 5 / 4);
        let (first, mut now, mut grad) = run(module);
        let known = self.memory.grad.len();
        assert!(
            known == 0 || known == grad.len(),
            "this optimizer began with {known} elements of parameters, but the module has {}; a second module needs an \
             optimizer of its own",
            grad.len(),
        );
        if let Some(problem) = self.memory.owner.problem(Owner::first_parameter(module))
            && self.memory.iterations > 0
        {
            panic!("{problem}");
        }
        let mut evaluations = 1;
        if grad.is_empty() || largest(&grad) <= self.tolerance_grad {
            return first;
        }
        for iteration in 1..=self.max_iter {
            let direction = self.memory.direction(&grad, self.history_size);
            let before = now;
            self.memory.t = match self.memory.iterations {
                1 => self.lr * (1.0 / grad.iter().map(|g| g.abs()).sum::<f64>()).min(1.0),
                _ => self.lr,
            };
            let slope = dot(&grad, &direction);
            let little = slope > -self.tolerance_change;
            self.memory.direction = direction;
            if little {
                break;
            }
            let direction = &self.memory.direction;
            if self.strong_wolfe {
                let origin = values(module);
                let start = Point { t: 0.0, loss: now, grad: std::mem::take(&mut grad), slope };
                let at = |t: f64| {
                    set(module, &moved(&origin, t, direction));
                    let (_, loss, grad) = run(module);
                    let slope = dot(&grad, direction);
                    Point { t, loss, grad, slope }
                };
                let most = max_eval.saturating_sub(evaluations);
                let longest = largest(direction);
                let (found, more) =
                    strong_wolfe(at, &start, self.memory.t, longest, self.tolerance_change, most);
                set(module, &moved(&origin, found.t, direction));
                evaluations += more;
                (now, grad, self.memory.t) = (found.loss, found.grad, found.t);
            } else {
                let origin = values(module);
                set(module, &moved(&origin, self.memory.t, direction));
                // After the last iteration it is not needed.
                if iteration != self.max_iter {
                    (_, now, grad) = run(module);
                    evaluations += 1;
                }
            }
            let step = largest(&self.memory.direction) * self.memory.t.abs();
            if iteration == self.max_iter
                || evaluations >= max_eval
                || largest(&grad) <= self.tolerance_grad
                || step <= self.tolerance_change
                || (now - before).abs() < self.tolerance_change
            {
                break;
            }
        }
        first
    }
}

impl Lbfgs {
    /// The learning rate and the history, for a file. PyTorch's `state_dict`; the other options are those of the program.
    #[must_use]
    pub fn state_dict(&self) -> StateDict {
        let Memory { iterations, direction, t, history, scale, grad, owner: _ } = &self.memory;
        let mut dict = StateDict::new();
        let mut add = |name: &str, shape: Vec<usize>, data: StateData| {
            let tensor = StateTensor::new(shape, data).expect("as many elements as the shape has");
            dict.insert(name, tensor).expect("each name is there once");
        };
        add("Lbfgs.lr", vec![], vec![self.lr].into());
        add("iterations", vec![], vec![*iterations as i64].into());
        if *iterations > 0 {
            let len = grad.len();
            add("t", vec![], vec![*t].into());
            add("scale", vec![], vec![*scale].into());
            add("direction", vec![len], direction.clone().into());
            add("gradient", vec![len], grad.clone().into());
            let changes: Vec<f64> =
                history.iter().flat_map(|(y, s, _)| [y.as_slice(), s]).flatten().copied().collect();
            add("history", vec![history.len(), 2, len], changes.into());
        }
        dict
    }

    /// Resumes where the optimizer was that gave this state dict for a module like this one. PyTorch's `load_state_dict`.
    ///
    /// # Errors
    /// If it is not the state of an `Lbfgs` for as many parameters: the error lists everything. The optimizer is unchanged then.
    pub fn load_state_dict(&mut self, dict: &StateDict, module: &impl Module) -> Result<(), LoadError> {
        let len = values(module).len();
        let mut reader = Reader::new(dict);
        let lr = reader.rate("Lbfgs.lr");
        let iterations = reader.count("iterations", "iterations");
        let mut memory = Memory { iterations, ..Memory::default() };
        if iterations > 0 {
            memory.t = reader.number("t");
            memory.scale = reader.number("scale");
            memory.direction = numbers(&mut reader, "direction", |_| vec![len]);
            memory.grad = numbers(&mut reader, "gradient", |_| vec![len]);
            let changes =
                numbers(&mut reader, "history", |shape| vec![shape.first().copied().unwrap_or(0), 2, len]);
            for change in changes.chunks_exact((2 * len).max(1)) {
                let (y, s) = change.split_at(len);
                memory.history.push_back((y.to_vec(), s.to_vec(), 1.0 / dot(y, s)));
            }
        }
        reader.finish(Taker::Optimizer)?;
        (self.lr, self.memory) = (lr, memory);
        Ok(())
    }
}

/// The numbers of a tensor of a state dict, whose shape is what `expected` makes of it; none if there is an error.
fn numbers(reader: &mut Reader<'_>, name: &str, expected: impl FnOnce(&[usize]) -> Vec<usize>) -> Vec<f64> {
    let Some(tensor) = reader.get(name) else {
        reader.missing(name);
        return Vec::new();
    };
    let expected = expected(tensor.shape());
    match tensor.data() {
        StateData::F64(numbers) if tensor.shape() == expected => numbers.to_vec(),
        _ => {
            reader.mismatch(name, expected, Dtype::F64, tensor);
            Vec::new()
        }
    }
}

impl Memory {
    /// The direction of the next step, from the current gradient and the history.
    fn direction(&mut self, grad: &[f64], history_size: usize) -> Vec<f64> {
        self.iterations += 1;
        let mut d: Vec<f64> = grad.iter().map(|g| -g).collect();
        if self.iterations > 1 {
            let y: Vec<f64> = grad.iter().zip(&self.grad).map(|(new, old)| new - old).collect();
            let s: Vec<f64> = self.direction.iter().map(|d| d * self.t).collect();
            let product = dot(&y, &s);
            if product > 1e-10 {
                if self.history.len() == history_size {
                    self.history.pop_front();
                }
                self.scale = product / dot(&y, &y);
                self.history.push_back((y, s, 1.0 / product));
            }
            // The two loops of Nocedal 1980.
            let mut factors = Vec::with_capacity(self.history.len());
            for (y, s, ro) in self.history.iter().rev() {
                let factor = dot(s, &d) * ro;
                add(&mut d, -factor, y);
                factors.push(factor);
            }
            d.iter_mut().for_each(|d| *d *= self.scale);
            for ((y, s, ro), factor) in self.history.iter().zip(factors.into_iter().rev()) {
                let other = dot(y, &d) * ro;
                add(&mut d, factor - other, s);
            }
        } else {
            self.scale = 1.0;
        }
        self.grad.clear();
        self.grad.extend_from_slice(grad);
        d
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], factor: f64, x: &[f64]) {
    to.iter_mut().zip(x).for_each(|(to, x)| *to += factor * x);
}

fn moved(origin: &[f64], t: f64, direction: &[f64]) -> Vec<f64> {
    origin.iter().zip(direction).map(|(x, d)| x + t * d).collect()
}

/// The largest absolute value; NaN if there is one.
fn largest(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |largest, x| if x.is_nan() || x.abs() > largest { x.abs() } else { largest })
}

/// The values of all parameters, in order.
fn values(module: &impl Module) -> Vec<f64> {
    struct Values(Vec<f64>);
    impl<'a> Visitor<'a> for Values {
        fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
            self.0.extend(param.value().as_slice().iter().map(|x| x.as_f64()));
        }
    }
    let mut values = Values(Vec::new());
    module.visit(&mut values);
    values.0
}

/// The gradients of all parameters, in order, times `sign`.
fn gradient(module: &impl Module, sign: f64) -> Vec<f64> {
    struct Gradients(Vec<f64>, f64);
    impl<'a> Visitor<'a> for Gradients {
        fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
            match param.grad() {
                Some(grad) => self.0.extend(grad.as_slice().iter().map(|g| self.1 * g.as_f64())),
                None => self.0.extend(std::iter::repeat_n(0.0, S::NUMEL)),
            }
        }
    }
    let mut gradients = Gradients(Vec::new(), sign);
    module.visit(&mut gradients);
    gradients.0
}

/// Gives all parameters their values, in order.
fn set(module: &mut impl Module, values: &[f64]) {
    struct Set<'v>(&'v [f64]);
    impl<'a> VisitorMut<'a> for Set<'_> {
        fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
            let (own, rest) = self.0.split_at(S::NUMEL);
            param.as_mut_slice().iter_mut().zip(own).for_each(|(to, x)| *to = E::from_f64(*x));
            self.0 = rest;
        }
    }
    module.visit_mut(&mut Set(values));
}

impl Default for Lbfgs {
    /// PyTorch's default learning rate, 1.
    fn default() -> Self {
        Lbfgs::new(1.0)
    }
}

impl fmt::Debug for Lbfgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Lbfgs { lr, max_iter, tolerance_grad, tolerance_change, history_size, strong_wolfe, .. } = self;
        write!(
            f,
            "Lbfgs(lr={lr:?}, max_iter={max_iter}, tolerance_grad={tolerance_grad:?}, \
             tolerance_change={tolerance_change:?}, history_size={history_size}, strong_wolfe={strong_wolfe:?}, \
             maximize={:?})",
            self.maximize
        )
    }
}
