//! Modules: what has parameters and buffers, by name.

use super::clip::{self, NonFiniteNorm};
use super::generator;
use super::load::{self, LoadError, LoadReport, Strict};
use super::state_dict::{Collect, StateDict};
use super::views::{BufferView, ModuleView, Modules, ParameterView, Tensors};
use super::{Buffer, Generator, Param};
use crate::element::{Element, Float};
use crate::rng::Rng;
use crate::shape::Shape;

/// The name of a part of a module: that of a field, its place in a tuple or array, or one with a number in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// A field of a struct.
    Field(&'static str),
    /// An element of a tuple or an array.
    Index(usize),
    /// A name with a number in it, such as `weight_ih_l0_reverse`: the front, the number, the end.
    Numbered(&'static str, usize, &'static str),
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Name::Field(name) => f.write_str(name),
            Name::Index(i) => write!(f, "{i}"),
            Name::Numbered(front, i, end) => write!(f, "{front}{i}{end}"),
        }
    }
}

/// The names of the parts that a visitor is in. It is printed with dots, as in PyTorch: `blocks.0.fc`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path(Vec<Name>);

impl Path {
    pub(crate) fn enter(&mut self, name: Name) {
        self.0.push(name);
    }
    pub(crate) fn leave(&mut self) {
        self.0.pop();
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, name) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            name.fmt(f)?;
        }
        Ok(())
    }
}

/// What walks through a module, from part to part, and is shown each parameter and buffer.
pub trait Visitor<'a> {
    /// The part of this name begins.
    fn enter(&mut self, _name: Name) {}
    /// The part that was entered last ends.
    fn leave(&mut self) {}
    /// A parameter.
    fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>);
    /// A buffer.
    fn buffer<S: Shape, E: Element>(&mut self, _buffer: &'a Buffer<S, E>) {}
    /// A generator.
    fn generator(&mut self, _generator: &'a Generator) {}
    /// A part that is frozen. It is passed over; a visitor that is for all parts visits it:
    /// `module.visit(self)`.
    fn frozen<M: Module>(&mut self, _module: &'a M) {}
    /// A part that this module could have and does not: PyTorch's `register_parameter("bias", None)`.
    fn absent(&mut self) {}
}

/// What walks through a module and may change its parameters and buffers.
pub trait VisitorMut<'a> {
    /// The part of this name begins.
    fn enter(&mut self, _name: Name) {}
    /// The part that was entered last ends.
    fn leave(&mut self) {}
    /// A parameter.
    fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>);
    /// A buffer.
    fn buffer<S: Shape, E: Element>(&mut self, _buffer: &'a mut Buffer<S, E>) {}
    /// A part that is frozen. It is passed over, as an optimizer must; a visitor that is for all parts visits it:
    /// `module.visit_mut(self)`.
    fn frozen<M: Module>(&mut self, _module: &'a mut M) {}
}

/// A part of a network: parameters, buffers and other modules, each under a name. PyTorch's `nn.Module`.
///
/// It is derived: `#[derive(Module)]`. A [`Param`], a [`Buffer`] and a [`Generator`] are modules of one part.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no role in a module",
    label = "neither a parameter, a buffer nor a module",
    note = "a network has `#[derive(Module)]`; a field is a `Param<S>` (trained), a `Buffer<S>` (saved, not trained), a layer",
    note = "or is marked with `#[module(skip)]`"
)]
pub trait Module {
    /// The number of elements of all parameters, where the type says it: `None` if it depends on the value, or if an
    /// implementation that was written by hand does not say.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// type Mlp = (Linear<784, 128>, Relu, Linear<128, 10>);
    /// const _: () = assert!(Mlp::NUM_PARAMETERS.unwrap() == 101_770); // checked by the compiler
    /// ```
    const NUM_PARAMETERS: Option<usize> = None;

    /// Shows every part to the visitor, in the order of the fields.
    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V);
    /// Shows every part to the visitor, for changing it.
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V);

    /// Forgets the gradient of every parameter. PyTorch's `zero_grad`.
    fn zero_grad(&mut self) {
        struct Zero;
        impl<'a> VisitorMut<'a> for Zero {
            fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
                param.zero_grad();
            }
        }
        self.visit_mut(&mut Zero);
    }

    /// The number of elements of all parameters.
    fn num_parameters(&self) -> usize {
        struct Count(usize);
        impl<'a> Visitor<'a> for Count {
            fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {
                self.0 += S::NUMEL;
            }
            fn frozen<M: Module>(&mut self, module: &'a M) {
                module.visit(self);
            }
        }
        let mut count = Count(0);
        self.visit(&mut count);
        count.0
    }

    /// All parameters, also those that are frozen, in the order of the fields. PyTorch's `parameters`.
    fn parameters(&self) -> impl Iterator<Item = ParameterView<'_>> {
        self.named_parameters().map(|(_, parameter)| parameter)
    }

    /// All parameters with their names. PyTorch's `named_parameters`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let net = <(Linear<4, 3>, Relu, Linear<3, 2>)>::new(&mut Rng::seed(0));
    /// let shapes: Vec<_> = net.named_parameters().map(|(name, p)| (name, p.shape())).collect();
    /// assert_eq!(shapes[0], ("0.weight".into(), &[3, 4][..]));
    /// assert_eq!(shapes[3], ("2.bias".into(), &[2][..]));
    /// ```
    fn named_parameters(&self) -> impl Iterator<Item = (String, ParameterView<'_>)> {
        let mut tensors = Tensors::default();
        self.visit(&mut tensors);
        tensors.parameters.into_iter()
    }

    /// All buffers, persistent or not, in the order of the fields. PyTorch's `buffers`.
    fn buffers(&self) -> impl Iterator<Item = BufferView<'_>> {
        self.named_buffers().map(|(_, buffer)| buffer)
    }

    /// All buffers with their names. PyTorch's `named_buffers`.
    fn named_buffers(&self) -> impl Iterator<Item = (String, BufferView<'_>)> {
        let mut tensors = Tensors::default();
        self.visit(&mut tensors);
        tensors.buffers.into_iter()
    }

    /// The module itself, whose name is empty, and every module in it. PyTorch's `named_modules`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let net = <(Linear<4, 3>, Relu, Linear<3, 2>)>::new(&mut Rng::seed(0));
    /// let sizes: Vec<_> = net.named_modules().map(|module| (module.name, module.num_parameters)).collect();
    /// assert_eq!(sizes, [("".into(), 23), ("0".into(), 15), ("1".into(), 0), ("2".into(), 8)]);
    /// ```
    fn named_modules(&self) -> impl Iterator<Item = ModuleView> {
        let mut modules = Modules::new();
        self.visit(&mut modules);
        modules.found.into_iter().flatten()
    }

    /// Scales all gradients together, so that their 2-norm ‖g‖ is at most `max_norm`, and returns what it was.
    /// PyTorch's `clip_grad_norm_`.
    ///
    /// The factor is min(1, `max_norm` / (‖g‖ + 1e-6)). A norm that is NaN makes every gradient NaN.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let mut w = Param::new(Tensor::from([3.0, 4.0]));
    /// (w.track().powi(2) * 0.5).sum().backward();
    /// assert_eq!(w.clip_grad_norm(1.0), 5.0);
    /// assert!((w.clip_grad_norm(1.0) - 1.0).abs() < 1e-6);
    /// ```
    fn clip_grad_norm(&mut self, max_norm: f64) -> f64
    where
        Self: Sized,
    {
        let norm = clip::norm(self, 2.0);
        clip::scale_to(self, norm, max_norm);
        norm
    }

    /// The same by the `p`-norm, 1 ≤ p ≤ ∞, where a norm that is NaN or infinite is an error that leaves the gradients
    /// as they are. PyTorch's `clip_grad_norm_(max_norm, norm_type=p, error_if_nonfinite=True)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let mut w = Param::new(Tensor::from([3.0, -4.0]));
    /// (w.track().powi(2) * 0.5).sum().backward();
    /// assert_eq!(w.try_clip_grad_norm(10.0, 1.0), Ok(7.0));
    /// assert_eq!(w.try_clip_grad_norm(1.0, f64::INFINITY), Ok(4.0));
    /// (w.track() * f64::NAN).sum().backward();
    /// assert!(w.try_clip_grad_norm(1.0, 2.0).is_err());
    /// ```
    ///
    /// # Errors
    /// If the norm is NaN or infinite.
    ///
    /// # Panics
    /// If `p` is less than 1 or NaN.
    #[track_caller]
    fn try_clip_grad_norm(&mut self, max_norm: f64, p: f64) -> Result<f64, NonFiniteNorm>
    where
        Self: Sized,
    {
        assert!(p >= 1.0, "the p of a norm is at least 1, not {p:?}");
        let norm = clip::norm(self, p);
        if !norm.is_finite() {
            return Err(NonFiniteNorm { norm });
        }
        clip::scale_to(self, norm, max_norm);
        Ok(norm)
    }

    /// Moves each element of each gradient into ±`clip_value`. PyTorch's `clip_grad_value_`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let mut w = Param::new(Tensor::from([0.5, -4.0]));
    /// (w.track().powi(2) * 0.5).sum().backward();
    /// w.clip_grad_value(1.0);
    /// assert_eq!(w.grad().unwrap(), Tensor::from([0.5, -1.0]));
    /// ```
    fn clip_grad_value(&mut self, clip_value: f64)
    where
        Self: Sized,
    {
        clip::clamp(self, clip_value);
    }

    /// The values of all parameters and persistent buffers, by name. PyTorch's `state_dict`.
    ///
    /// # Panics
    /// If two parts have one name, which only `#[module(rename = ...)]` can bring about.
    fn state_dict(&self) -> StateDict {
        let mut collect = Collect::default();
        self.visit(&mut collect);
        collect.dict
    }

    /// Gives all parameters and persistent buffers the values of a state dict. PyTorch's `load_state_dict`.
    ///
    /// Gradients stay as they are. Without [`Strict::Yes`] names may be missing or unexpected; the report lists them.
    /// `f32` becomes `f64` where the module has that, exactly; nothing is narrowed, other than in PyTorch. A second name
    /// of a tensor, one that shares its memory, is not unexpected: a PyTorch file has one for each use of a tied weight.
    ///
    /// ```
    /// use typegrad::nn::Strict;
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let (mut a, b, c) = (Linear::<3, 2>::new(rng), Linear::<3, 2>::new(rng), Linear::<3, 4>::new(rng));
    /// a.load_state_dict(&b.state_dict(), Strict::Yes).unwrap();
    /// assert_eq!(a.weight.value(), b.weight.value());
    /// let error = a.load_state_dict(&c.state_dict(), Strict::Yes).unwrap_err();
    /// assert_eq!(
    ///     error.to_string().lines().nth(1),
    ///     Some("  mismatched: `weight` is float32 [2, 3] in the module and float32 [4, 3] in the state dict"),
    /// );
    /// ```
    ///
    /// # Errors
    /// Everything that does not fit, at once; the module is unchanged then.
    fn load_state_dict(&mut self, dict: &StateDict, strict: Strict) -> Result<LoadReport, LoadError>
    where
        Self: Sized,
    {
        load::load(self, dict, strict)
    }

    /// The states of all [generators](Generator), by name, which a training needs besides the
    /// [`state_dict`](Self::state_dict) to go on to the bit.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank1<64>>::ones();
    /// let (a, b) = (Dropout::new(&mut Rng::seed(0)), Dropout::new(&mut Rng::seed(1)));
    /// let _ = a.sample(x.clone());
    /// b.load_generator_state(&a.generator_state())?;
    /// assert_eq!(a.sample(x.clone()), b.sample(x));
    /// # Ok::<(), typegrad::nn::LoadError>(())
    /// ```
    ///
    /// # Panics
    /// If two generators have one name, which only `#[module(rename = ...)]` can bring about.
    fn generator_state(&self) -> StateDict {
        generator::state(self)
    }

    /// Gives all generators the states of a state dict.
    ///
    /// # Errors
    /// Everything that does not fit, at once; the module is unchanged then.
    fn load_generator_state(&self, dict: &StateDict) -> Result<(), LoadError> {
        generator::load(self, dict)
    }

    /// Starts all generators again, each from a number of its own that follows from `seed`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (a, x) = (Dropout::new(&mut Rng::seed(0)), Tensor::<Rank1<64>>::ones());
    /// let b = a.clone(); // it would drop the same
    /// b.reseed(1);
    /// assert_ne!(a.sample(x.clone()), b.sample(x));
    /// ```
    fn reseed(&self, seed: u64) {
        generator::reseed(self, seed);
    }
}

/// A module that can be made from nothing but a generator: each layer draws PyTorch's default initialisation.
///
/// It is derived together with [`Module`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a generator alone",
    label = "has no initialisation of its own",
    note = "say how it begins: `#[module(init = Tensor::zeros().into())]`, or write a constructor yourself and mark the \
            struct with `#[module(no_init)]`"
)]
pub trait Init: Sized {
    /// A new module with random parameters.
    fn new(rng: &mut Rng) -> Self;
}

/// The sum for a struct or a tuple, in the code of a derive.
#[doc(hidden)]
pub const fn total_parameters(parts: &[Option<usize>]) -> Option<usize> {
    let (mut i, mut sum) = (0, 0);
    while i < parts.len() {
        match parts[i] {
            Some(count) => sum += count,
            None => return None,
        }
        i += 1;
    }
    Some(sum)
}

#[diagnostic::do_not_recommend]
impl<L: Module, const N: usize> Module for [L; N] {
    const NUM_PARAMETERS: Option<usize> = match L::NUM_PARAMETERS {
        Some(count) => Some(count * N),
        None => None,
    };

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        for (i, layer) in self.iter().enumerate() {
            visitor.enter(Name::Index(i));
            layer.visit(visitor);
            visitor.leave();
        }
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        for (i, layer) in self.iter_mut().enumerate() {
            visitor.enter(Name::Index(i));
            layer.visit_mut(visitor);
            visitor.leave();
        }
    }
}

impl<L: Init, const N: usize> Init for [L; N] {
    fn new(rng: &mut Rng) -> Self {
        std::array::from_fn(|_| L::new(rng))
    }
}
