//! The methods of every module.

use super::clip::{self, NonFiniteNorm};
use super::load::{self, LoadError, LoadReport, Strict};
use super::module_views::{
    BufferView, ModuleView, Modules, ParameterMut, ParameterView, Tensors, TensorsMut,
};
use super::state_dict::{Collect, StateDict};
use super::walk::Walk;
use super::{Module, Param, Visitor, generator, init};
use crate::element::Float;
use crate::options;
use crate::rng::Rng;
use crate::shape::Shape;
use crate::tensor::renamed::{Device, Half, OfNetworks, Trains};

/// The methods of every [`Module`]: gradients, names, state dicts, generators. PyTorch's methods of `nn.Module`.
///
/// It is in the [prelude](crate::prelude), and is implemented for all modules.
pub trait ModuleExt: Module {
    /// Clears the gradient of every parameter. PyTorch's `zero_grad`.
    ///
    /// [`step`](crate::optim::Optimizer::step) clears the gradients of its module, so this is needed only for parameters that received a
    /// gradient and are not stepped, such as those of a critic in the loss of a generator: they would enter the critic's next step.
    /// [`Frozen::of`](super::Frozen::of)`(&critic)` gives them none.
    fn zero_grad(&self) {
        self.visit(&mut Zero);
    }

    /// Initializes again the parameters whose name is `name` or ends with a dot and `name`. [`init`](super::init) has the initializers.
    /// PyTorch's `for name, p in net.named_parameters(): if name.endswith(..): init.kaiming_normal_(p)`.
    ///
    /// ```
    /// use typegrad::nn::init;
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let mut net = <(Linear<4, 3>, Relu, Linear<3, 2>)>::new(rng);
    /// net.initialize("bias", &init::constant(0.1), rng);
    /// assert_eq!(net.2.bias.value(), &Tensor::full(0.1));
    /// ```
    ///
    /// # Panics
    /// If no parameter has the name, or one has fewer than two axes where these are needed; the message names it.
    #[track_caller]
    fn initialize(&mut self, name: &str, initializer: &init::Initializer, rng: &mut Rng)
    where
        Self: Sized,
    {
        init::by_name(self, name, initializer, rng);
    }

    /// Converts the module to elements of type `E`, without gradients. The state of an optimizer is not converted. PyTorch's
    /// `module.to(dtype)`, `module.double()`.
    ///
    /// The element type is part of the type of a network, so a network of your own must be generic over it: see
    /// [`WithElements`](super::WithElements).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let net = <(Linear<4, 3>, Relu, Linear<3, 2>)>::new(&mut Rng::seed(0));
    /// let exact: (Linear<4, 3, f64>, Relu, Linear<3, 2, f64>) = net.to::<f64>();
    /// assert_eq!(exact.0.bias.value(), &net.0.bias.value().clone().double());
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    fn to<E: Float>(&self) -> Self::Converted // `net.to::<f64>()`; there are no devices
    where
        Self: super::WithElements<E> + Sized,
    {
        self.with_elements()
    }

    /// The number of elements of all parameters. PyTorch's `sum(p.numel() for p in net.parameters())`.
    fn num_parameters(&self) -> usize {
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
        let mut tensors = Walk::new(Tensors::default());
        self.visit(&mut tensors);
        tensors.visitor.parameters.into_iter()
    }

    /// All parameters, for a change of each: PyTorch's `for p in net.parameters(): p.data.clamp_(-c, c)`, the weight clipping of a
    /// critic. A parameter whose field is known has [`set`](Param::set).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let mut critic = <(Linear<4, 3>, Relu, Linear<3, 1>)>::new(&mut Rng::seed(0));
    /// for mut p in critic.parameters_mut() {
    ///     p.map(|x| x.clamp(-0.01, 0.01)); // after each step of its optimizer
    /// }
    /// assert!(critic.0.weight.value().as_slice().iter().all(|x| x.abs() <= 0.01));
    /// ```
    fn parameters_mut(&mut self) -> impl Iterator<Item = ParameterMut<'_>> {
        self.named_parameters_mut().map(|(_, parameter)| parameter)
    }

    /// All parameters with their names, for a change of each.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let mut net = <(Linear<4, 3>, Relu, Linear<3, 2>)>::new(&mut Rng::seed(0));
    /// for (name, mut p) in net.named_parameters_mut() {
    ///     if name.ends_with("weight") && p.requires_grad() {
    ///         p.map(|x| 0.99 * x);
    ///     }
    /// }
    /// ```
    fn named_parameters_mut(&mut self) -> impl Iterator<Item = (String, ParameterMut<'_>)> {
        let mut tensors = Walk::new(TensorsMut::default());
        self.visit_mut(&mut tensors);
        tensors.visitor.parameters.into_iter()
    }

    /// All buffers, persistent or not, in the order of the fields. PyTorch's `buffers`.
    fn buffers(&self) -> impl Iterator<Item = BufferView<'_>> {
        self.named_buffers().map(|(_, buffer)| buffer)
    }

    /// All buffers with their names. PyTorch's `named_buffers`.
    fn named_buffers(&self) -> impl Iterator<Item = (String, BufferView<'_>)> {
        let mut tensors = Walk::new(Tensors::default());
        self.visit(&mut tensors);
        tensors.visitor.buffers.into_iter()
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
        let mut modules = Walk::new(Modules::new());
        self.visit(&mut modules);
        modules.visitor.found.into_iter().flatten()
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
    ///
    /// # Panics
    /// If `max_norm` is negative or NaN, where PyTorch turns all gradients around or makes them NaN, or if no parameter has a
    /// gradient, as after a step, which clears them; PyTorch does nothing then.
    #[track_caller]
    fn clip_grad_norm(&mut self, max_norm: f64) -> f64
    where
        Self: Sized,
    {
        options::not_negative("max_norm", max_norm);
        clip::assert_gradients(self);
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
    /// If `max_norm` is negative or NaN, if `p` is less than 1 or NaN, or if no parameter has a gradient.
    #[track_caller]
    fn try_clip_grad_norm(&mut self, max_norm: f64, p: f64) -> Result<f64, NonFiniteNorm>
    where
        Self: Sized,
    {
        assert!(p >= 1.0, "the p of a norm must be at least 1, got {p:?}");
        options::not_negative("max_norm", max_norm);
        clip::assert_gradients(self);
        let norm = clip::norm(self, p);
        if !norm.is_finite() {
            return Err(NonFiniteNorm { norm });
        }
        clip::scale_to(self, norm, max_norm);
        Ok(norm)
    }

    /// Clamps each element of each gradient to ±`clip_value`. PyTorch's `clip_grad_value_`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let mut w = Param::new(Tensor::from([0.5, -4.0]));
    /// (w.track().powi(2) * 0.5).sum().backward();
    /// w.clip_grad_value(1.0);
    /// assert_eq!(w.grad().unwrap(), Tensor::from([0.5, -1.0]));
    /// ```
    ///
    /// # Panics
    /// If `clip_value` is negative or NaN, or if no parameter has a gradient.
    #[track_caller]
    fn clip_grad_value(&mut self, clip_value: f64)
    where
        Self: Sized,
    {
        options::not_negative("clip_value", clip_value);
        clip::assert_gradients(self);
        clip::clamp(self, clip_value);
    }

    /// The values of all parameters and persistent buffers, by name. PyTorch's `state_dict`.
    ///
    /// # Panics
    /// If two parts have one name, which only `#[module(rename = ...)]` can bring about.
    fn state_dict(&self) -> StateDict {
        let mut collect = Walk::new(Collect::default());
        self.visit(&mut collect);
        collect.visitor.dict
    }

    /// Sets all parameters and persistent buffers to the values of a state dict. PyTorch's `load_state_dict`.
    ///
    /// Gradients stay as they are. Without [`Strict::Yes`] names may be missing or unexpected; the report lists them.
    /// `f32` becomes `f64` where the module has that, exactly; unlike in PyTorch, nothing is narrowed. A second name
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
    /// All differences, at once; the module is unchanged then.
    fn load_state_dict(&mut self, dict: &StateDict, strict: Strict) -> Result<LoadReport, LoadError>
    where
        Self: Sized,
    {
        load::load(self, dict, strict)
    }

    /// The states of all [generators](super::Generator), by name. In addition to the [`state_dict`](Self::state_dict) they
    /// are needed to resume training bit-identically.
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
    /// All differences, at once; the module is unchanged then.
    fn load_generator_state(&self, dict: &StateDict) -> Result<(), LoadError> {
        generator::load(self, dict)
    }

    /// Restarts all generators, each from its own seed, derived from `seed`.
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

    // Methods of PyTorch's modules that do not exist here, as those of `tensor::renamed`; one line each, since rustc shows them.
    #[doc(hidden)]
    #[rustfmt::skip]
    fn cuda<R>(&self) -> R where Self: Device { unreachable!() }
    #[doc(hidden)]
    #[rustfmt::skip]
    fn cpu<R>(&self) -> R where Self: Device { unreachable!() }
    #[doc(hidden)]
    #[rustfmt::skip]
    fn float<R>(&self) -> R where Self: OfNetworks { unreachable!() }
    #[doc(hidden)]
    #[rustfmt::skip]
    fn double<R>(&self) -> R where Self: OfNetworks { unreachable!() }
    #[doc(hidden)]
    #[rustfmt::skip]
    fn half<R>(&self) -> R where Self: Half { unreachable!() }
    #[doc(hidden)]
    #[rustfmt::skip]
    fn requires_grad_<B, R>(&self, _: B) -> R where Self: Trains { unreachable!() }
}

impl<M: Module + ?Sized> ModuleExt for M {}

/// Clears gradients.
struct Zero;

impl<'a> Visitor<'a> for Zero {
    fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
        param.zero_grad();
    }
}

/// Counts the elements of parameters.
struct Count(usize);

impl<'a> Visitor<'a> for Count {
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {
        self.0 += S::NUMEL;
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
    }
}
