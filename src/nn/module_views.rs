//! Lists of the parts of a module.

use super::Dtype;
use super::state_tensor::StateTensor;
use super::walk::{NamedVisitor, NamedVisitorMut, Path};
use super::{Buffer, Generator, Param};
use crate::element::{Element, Float};
use crate::shape::Shape;

/// A parameter that is changed without knowing its type.
trait Target: Source {
    fn map(&mut self, f: &mut dyn FnMut(f64) -> f64);
}

impl<S: Shape, E: Float> Target for Param<S, E> {
    fn map(&mut self, f: &mut dyn FnMut(f64) -> f64) {
        for x in self.as_mut_slice() {
            *x = E::from_f64(f(x.as_f64()));
        }
    }
}

/// A parameter or a buffer, read without knowing its type.
trait Source {
    fn value(&self) -> StateTensor;
    fn grad(&self) -> Option<StateTensor>;
}

impl<S: Shape, E: Float> Source for Param<S, E> {
    fn value(&self) -> StateTensor {
        StateTensor::of(&self.value)
    }
    fn grad(&self) -> Option<StateTensor> {
        Param::grad(self).map(|grad| StateTensor::of(&grad))
    }
}

impl<S: Shape, E: Element> Source for Buffer<S, E> {
    fn value(&self) -> StateTensor {
        StateTensor::of(&Buffer::value(self))
    }
    fn grad(&self) -> Option<StateTensor> {
        None
    }
}

/// A parameter in a list of parameters of different types.
#[derive(Clone, Copy)]
pub struct ParameterView<'a> {
    shape: &'static [usize],
    dtype: Dtype,
    trained: bool,
    source: &'a dyn Source,
}

impl ParameterView<'_> {
    /// Whether it trains: false inside a [`Frozen`](super::Frozen).
    #[must_use]
    pub fn requires_grad(&self) -> bool {
        self.trained
    }

    /// The gradient, if there is one.
    #[must_use]
    pub fn grad(&self) -> Option<StateTensor> {
        self.source.grad()
    }
}

/// A parameter that may be changed, in a list of parameters of different types: from
/// [`parameters_mut`](super::ModuleExt::parameters_mut).
pub struct ParameterMut<'a> {
    shape: &'static [usize],
    dtype: Dtype,
    trained: bool,
    source: &'a mut dyn Target,
}

impl ParameterMut<'_> {
    /// Whether it trains: false inside a [`Frozen`](super::Frozen).
    #[must_use]
    pub fn requires_grad(&self) -> bool {
        self.trained
    }

    /// The gradient, if there is one.
    #[must_use]
    pub fn grad(&self) -> Option<StateTensor> {
        self.source.grad()
    }

    /// Replaces each element `x` by `f(x)`, in row-major order; the gradient stays. PyTorch's `p.data.clamp_(-c, c)` is
    /// `p.map(|x| x.clamp(-c, c))`.
    ///
    /// An `f32` is given and taken as an `f64`, and rounded to the nearest `f32`.
    pub fn map(&mut self, mut f: impl FnMut(f64) -> f64) {
        self.source.map(&mut f);
    }
}

/// A buffer in a list of buffers of different types.
#[derive(Clone, Copy)]
pub struct BufferView<'a> {
    shape: &'static [usize],
    dtype: Dtype,
    persistent: bool,
    source: &'a dyn Source,
}

impl BufferView<'_> {
    /// Whether it is part of a state dict.
    #[must_use]
    pub fn is_persistent(&self) -> bool {
        self.persistent
    }
}

/// The methods of all views.
macro_rules! view {
    ($($view:ident)+) => { $(
        impl $view<'_> {
            /// The size of each axis.
            #[must_use]
            pub fn shape(&self) -> &'static [usize] {
                self.shape
            }

            /// The type of the elements.
            #[must_use]
            pub fn dtype(&self) -> Dtype {
                self.dtype
            }

            /// The number of elements.
            #[must_use]
            pub fn numel(&self) -> usize {
                self.shape.iter().product()
            }

            /// The value. Its memory is shared until one of both is changed.
            #[must_use]
            pub fn value(&self) -> StateTensor {
                self.source.value()
            }
        }
    )+ };
}
view!(ParameterView ParameterMut BufferView);

/// A module in a list of modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleView {
    /// Its name; that of the whole is empty, as in PyTorch.
    pub name: String,
    /// The number of elements of all parameters in it.
    pub num_parameters: usize,
}

/// Lists the parameters and the buffers.
#[derive(Default)]
pub(super) struct Tensors<'a> {
    pub(super) parameters: Vec<(String, ParameterView<'a>)>,
    pub(super) buffers: Vec<(String, BufferView<'a>)>,
}

impl<'a> NamedVisitor<'a> for Tensors<'a> {
    fn param<S: Shape, E: Float>(&mut self, at: &Path, param: &'a Param<S, E>) {
        let (shape, dtype) = (S::SIZES, Dtype::of::<E>());
        let view = ParameterView { shape, dtype, trained: !at.is_frozen(), source: param };
        self.parameters.push((at.to_string(), view));
    }
    fn buffer<S: Shape, E: Element>(&mut self, at: &Path, buffer: &'a Buffer<S, E>) {
        let (shape, dtype) = (S::SIZES, Dtype::of::<E>());
        let view = BufferView { shape, dtype, persistent: buffer.is_persistent(), source: buffer };
        self.buffers.push((at.to_string(), view));
    }
}

/// Lists the parameters for a change.
#[derive(Default)]
pub(super) struct TensorsMut<'a> {
    pub(super) parameters: Vec<(String, ParameterMut<'a>)>,
}

impl<'a> NamedVisitorMut<'a> for TensorsMut<'a> {
    fn param<S: Shape, E: Float>(&mut self, at: &Path, param: &'a mut Param<S, E>) {
        let (shape, dtype) = (S::SIZES, Dtype::of::<E>());
        let view = ParameterMut { shape, dtype, trained: !at.is_frozen(), source: param };
        self.parameters.push((at.to_string(), view));
    }
}

/// Lists the modules: the parts that are neither a parameter, a buffer nor a generator.
pub(super) struct Modules {
    /// `None` for a parameter, a buffer or a generator.
    pub(super) found: Vec<Option<ModuleView>>,
    /// The indices in `found` of the parts that were entered.
    inside: Vec<usize>,
}

impl Modules {
    /// Begins inside the whole.
    pub(super) fn new() -> Self {
        let whole = ModuleView { name: String::new(), num_parameters: 0 };
        Modules { found: vec![Some(whole)], inside: vec![0] }
    }

    fn is_no_module(&mut self) {
        if let Some(&last) = self.inside.last() {
            self.found[last] = None;
        }
    }
}

impl<'a> NamedVisitor<'a> for Modules {
    fn enter(&mut self, at: &Path) {
        self.inside.push(self.found.len());
        self.found.push(Some(ModuleView { name: at.to_string(), num_parameters: 0 }));
    }
    fn leave(&mut self) {
        self.inside.pop();
    }
    fn param<S: Shape, E: Float>(&mut self, _: &Path, _: &'a Param<S, E>) {
        self.is_no_module();
        for &i in &self.inside {
            if let Some(module) = &mut self.found[i] {
                module.num_parameters += S::NUMEL;
            }
        }
    }
    fn buffer<S: Shape, E: Element>(&mut self, _: &Path, _: &'a Buffer<S, E>) {
        self.is_no_module();
    }
    fn generator(&mut self, _: &Path, _: &'a Generator) {
        self.is_no_module();
    }
    fn absent(&mut self) {
        self.is_no_module();
    }
}
