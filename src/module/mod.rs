//! The traits of networks: `Module`, with named parameters and buffers, and `Forward`, the forward pass.
//!
//! The types of this folder are public in [`nn`](crate::nn). They are here because a graph runs modules, and layers are
//! built from operations, which come between the two.

pub(crate) mod follower;
mod forward;
mod leaves;
mod scope;
mod shape_is;

use crate::element::{Element, Float};
use crate::graph::ModuleParts;
use crate::rng::Rng;
use crate::shape::{Shape, TypeLaw};
use crate::tensor::buffer::Buffer;
use crate::tensor::generator::Generator;
use crate::tensor::param::Param;

pub use follower::{Follower, Following};
#[doc(hidden)]
pub use forward::NotCalled;
pub use forward::{Forward, Inferred, Ran};
#[doc(hidden)]
pub use scope::Fits;
pub(crate) use scope::{Call, Call2, Trains, describe};
pub use shape_is::{ElementIs, ShapeIs, WhereItFits};

/// The name of a part of a module: a field, an index in a tuple or array, or a name with a number in it.
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

/// Visits the parts of a module: each parameter and buffer, with the names on the way.
pub trait Visitor<'a> {
    /// Enters the part with this name.
    fn enter(&mut self, _name: Name) {}
    /// Leaves the part that was entered last.
    fn leave(&mut self) {}
    /// A parameter.
    fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>);
    /// A buffer.
    fn buffer<S: Shape, E: Element>(&mut self, _buffer: &'a Buffer<S, E>) {}
    /// A generator.
    fn generator(&mut self, _generator: &'a Generator) {}
    /// A frozen part. By default it is skipped; a visitor for all parts visits it:
    /// `module.visit(self)`.
    fn frozen<M: Module>(&mut self, _module: &'a M) {}
    /// An optional part that this module does not have: PyTorch's `register_parameter("bias", None)`.
    fn absent(&mut self) {}
}

/// Visits the parts of a module and may change its parameters and buffers.
pub trait VisitorMut<'a> {
    /// Enters the part with this name.
    fn enter(&mut self, _name: Name) {}
    /// Leaves the part that was entered last.
    fn leave(&mut self) {}
    /// A parameter.
    fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>);
    /// A buffer.
    fn buffer<S: Shape, E: Element>(&mut self, _buffer: &'a mut Buffer<S, E>) {}
    /// A frozen part. By default it is skipped, as an optimizer must; a visitor for all parts visits it:
    /// `module.visit_mut(self)`.
    fn frozen<M: Module>(&mut self, _module: &'a mut M) {}
}

/// A part of a network: parameters, buffers and other modules, each under a name. PyTorch's `nn.Module`.
///
/// It is derived: `#[derive(Module)]`. A [`Param`], a [`Buffer`] and a [`Generator`] are modules of one part. The
/// methods of every module are in [`ModuleExt`](crate::nn::ModuleExt).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a module, a parameter or a buffer",
    label = "a struct becomes a module by `#[derive(Module)]`",
    note = "a field is a layer, a `Param<S>` (trained), a `Buffer<S>` (saved, not trained) or marked with `#[module(skip, init = ..)]`; a type \
            parameter has a bound `L: Forward<S>`",
    note = "`[L; N]` and tuples of layers are modules, a `Vec`, an `Option` and a reference are not: with `net: &mut Net` write \
            `adam.step(net)`; `Identity` is a layer that does nothing"
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

    /// The name of the type and its fields, for [`check`](super::check).
    #[doc(hidden)]
    const PARTS: ModuleParts = ModuleParts::UNKNOWN;

    /// The requirements on the parameters of the type.
    #[doc(hidden)]
    const TYPE_LAW: TypeLaw = TypeLaw::MET;

    /// Shows every part to the visitor, in the order of the fields.
    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V);
    /// Shows every part to a visitor that may change it.
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V);

    /// Shows this module as a part with a name. A struct with many fields of one type compiles a call for each.
    #[doc(hidden)]
    fn visit_part<'a, V: Visitor<'a>>(&'a self, name: Name, visitor: &mut V) {
        visitor.enter(name);
        self.visit(visitor);
        visitor.leave();
    }
    #[doc(hidden)]
    fn visit_part_mut<'a, V: VisitorMut<'a>>(&'a mut self, name: Name, visitor: &mut V) {
        visitor.enter(name);
        self.visit_mut(visitor);
        visitor.leave();
    }
}

/// A module that can be made from nothing but a generator: each layer has PyTorch's default initialization.
///
/// It is derived together with [`Module`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a generator alone",
    label = "has no default initialization",
    note = "give it an initial value: `#[module(init = Tensor::zeros().into())]`, or write a constructor yourself and mark the \
            struct with `#[module(no_init)]`",
    note = "a tuple has at most twelve layers: tuples are layers of tuples, and equal layers are an array, `[(Linear<8, 8>, Relu); 7]`"
)]
pub trait Init: Sized {
    /// Fails to evaluate if a requirement on the parameters of the type is not met. Where `new` calls that of another module, as
    /// for a tuple, it asserts this first: rustc names the line that calls the first function with a wrong constant.
    #[doc(hidden)]
    const TYPE_HOLDS: () = ();

    /// A new module with random parameters.
    // rustc shows the next line where sizes are arguments.
    #[rustfmt::skip]
    fn new(rng: &mut Rng) -> Self; // `Linear::<4, 2>::new(&mut Rng::seed(0))`: sizes are parameters of the type; options: `.p(0.3)`
}

/// A module that the derived `new` of a struct can make for a field: each that has `new`. Its error can say what to write in a struct
/// that has none, and has no list of those that do.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `new(rng)`, by which this struct would make it",
    label = "has no initial value",
    note = "if a field of `{Self}` is a `Param` or a `Buffer`, write its initial value above that field: `#[module(init = Tensor::zeros().into())]`",
    note = "if `{Self}` has a constructor of its own, write `#[module(init = ..)]` above this field, in which `rng` is the generator"
)]
pub trait HasNew: Init {}

#[diagnostic::do_not_recommend]
impl<T: Init> HasNew for T {}

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
    const PARTS: ModuleParts = ModuleParts::named("array");
    const TYPE_LAW: TypeLaw = TypeLaw::MET.with_parts(&[L::TYPE_LAW]);

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        for (i, layer) in self.iter().enumerate() {
            layer.visit_part(Name::Index(i), visitor);
        }
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        for (i, layer) in self.iter_mut().enumerate() {
            layer.visit_part_mut(Name::Index(i), visitor);
        }
    }
}

impl<L: Init, const N: usize> Init for [L; N] {
    const TYPE_HOLDS: () = L::TYPE_HOLDS;
    fn new(rng: &mut Rng) -> Self {
        let () = Self::TYPE_HOLDS;
        std::array::from_fn(|_| L::new(rng))
    }
}
