//! The parameters of a recurrent layer: those of each layer and direction, under PyTorch's names.

use crate::element::Float;
use crate::few::Few;
use crate::graph::Leaves;
use crate::kernel::recurrent::recurrent::{AllWeights, Weights};
use crate::nn::bias::{Bias, WithoutBias};
use crate::nn::{Module, Name, Param, Visitor, VisitorMut};
use crate::rng::Rng;
use crate::shape::{Const, Dim, DimExpr, Expr, Product, Rank2, Shape};
use crate::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// The size of `G` gates of `H` units each.
pub type GateDim<const G: usize, const H: usize> = Expr<Product<Const<G>, Const<H>>>;

/// The width of the output of a layer with `H` units: twice that if it runs in both directions.
#[derive(Debug)]
pub struct Units<const H: usize, const BIDIRECTIONAL: bool>;

impl<const H: usize, const BIDIRECTIONAL: bool> DimExpr for Units<H, BIDIRECTIONAL> {
    const SIZE: usize = if BIDIRECTIONAL { 2 * H } else { H };
}

/// The parameters of one layer in one direction: `G` gates of `H` units, on an input of width `W`; h has the width `P`, and is
/// that of the units if there is no projection `R`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound(
    serialize = "W: Dim, E: Float + Serialize, B: Serialize, R: Serialize",
    deserialize = "W: Dim, E: Float + Deserialize<'de>, B: Deserialize<'de>, R: Deserialize<'de>"
))]
pub struct GateWeights<W, const G: usize, const H: usize, E, B, const P: usize = H, R = WithoutBias> {
    /// From the input to the gates, `[G * H, W]`.
    pub weight_ih: Param<(GateDim<G, H>, W), E>,
    /// From the state before to the gates, `[G * H, P]`.
    pub weight_hh: Param<(GateDim<G, H>, Const<P>), E>,
    /// The bias of the input, `[G * H]`, if there is one.
    pub bias_ih: B,
    /// The bias of the state, `[G * H]`, if there is one.
    pub bias_hh: B,
    /// From the units to h, `[P, H]`, if there is a projection.
    pub weight_hr: R,
}

/// Elements of type `E`, uniform on ±1/√H.
pub(in crate::nn) fn uniform<S: Shape, E: Float>(units: usize, rng: &mut Rng) -> Tensor<S, E> {
    let bound = E::from_f64(crate::nn::init::uniform_bound(units));
    Tensor::uniform(-bound, bound, rng)
}

impl<W, const G: usize, const H: usize, E, B, const P: usize, R> GateWeights<W, G, H, E, B, P, R>
where
    W: Dim,
    E: Float,
    B: Bias<(GateDim<G, H>,), E>,
    R: Bias<Rank2<P, H>, E>,
{
    fn new(rng: &mut Rng) -> Self {
        GateWeights {
            weight_ih: Param::new(uniform(H, rng)),
            weight_hh: Param::new(uniform(H, rng)),
            bias_ih: B::begin(|| uniform(H, rng)),
            bias_hh: B::begin(|| uniform(H, rng)),
            weight_hr: R::begin(|| uniform(H, rng)),
        }
    }

    const COUNT: usize =
        G * H * (W::SIZE + P + if B::PRESENT { 2 } else { 0 }) + if R::PRESENT { P * H } else { 0 };

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V, layer: usize, end: &'static str) {
        let mut part = |name, visit: &dyn Fn(&mut V)| {
            visitor.enter(Name::Numbered(name, layer, end));
            visit(visitor);
            visitor.leave();
        };
        part("weight_ih_l", &|visitor| self.weight_ih.visit(visitor));
        part("weight_hh_l", &|visitor| self.weight_hh.visit(visitor));
        part("bias_ih_l", &|visitor| self.bias_ih.visit(visitor));
        part("bias_hh_l", &|visitor| self.bias_hh.visit(visitor));
        part("weight_hr_l", &|visitor| self.weight_hr.visit(visitor));
    }

    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V, layer: usize, end: &'static str) {
        fn part<'a, V: VisitorMut<'a>>(visitor: &mut V, name: Name, module: &'a mut impl Module) {
            visitor.enter(name);
            module.visit_mut(visitor);
            visitor.leave();
        }
        part(visitor, Name::Numbered("weight_ih_l", layer, end), &mut self.weight_ih);
        part(visitor, Name::Numbered("weight_hh_l", layer, end), &mut self.weight_hh);
        part(visitor, Name::Numbered("bias_ih_l", layer, end), &mut self.bias_ih);
        part(visitor, Name::Numbered("bias_hh_l", layer, end), &mut self.bias_hh);
        part(visitor, Name::Numbered("weight_hr_l", layer, end), &mut self.weight_hr);
    }
}

/// The parameters as the operation uses them: values, and references to gradients.
pub(in crate::nn) struct Collected<'m, E> {
    pub weights: AllWeights<E>,
    pub leaves: Leaves<'m, E>,
}

impl<'m, E: Float> Collected<'m, E> {
    pub(in crate::nn) fn new() -> Self {
        Collected { weights: Few::new(), leaves: Few::new() }
    }

    fn leaf<S: Shape>(&mut self, param: &'m Param<S, E>) -> crate::storage::Storage<E> {
        self.leaves.push((&param.gradient, S::NUMEL));
        param.value.data.clone()
    }

    pub(in crate::nn) fn push<S: Shape, T: Shape, U: Shape>(
        &mut self,
        weight_ih: &'m Param<S, E>,
        weight_hh: &'m Param<T, E>,
        bias: (Option<&'m Param<U, E>>, Option<&'m Param<U, E>>),
    ) {
        let (ih, hh) = (self.leaf(weight_ih), self.leaf(weight_hh));
        let bias = match bias {
            (Some(ih), Some(hh)) => Some([self.leaf(ih), self.leaf(hh)]),
            _ => None,
        };
        self.weights.push(Weights { ih, hh, bias, hr: None });
    }

    /// Adds a projection to the weights that were pushed last.
    fn project<S: Shape>(&mut self, weight_hr: Option<&'m Param<S, E>>) {
        if let Some(param) = weight_hr {
            let hr = self.leaf(param);
            if let Some(weights) = self.weights.pop() {
                self.weights.push(Weights { hr: Some(hr), ..weights });
            }
        }
    }
}

/// The parameters of one layer, in one direction or in both.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound(
    serialize = "W: Dim, E: Float + Serialize, B: Serialize, R: Serialize",
    deserialize = "W: Dim, E: Float + Deserialize<'de>, B: Deserialize<'de>, R: Deserialize<'de>"
))]
pub struct StackLayer<W, const G: usize, const H: usize, E, B, const P: usize = H, R = WithoutBias> {
    /// From the first step to the last.
    pub forward: GateWeights<W, G, H, E, B, P, R>,
    /// From the last step to the first, in a bidirectional layer.
    pub reverse: Option<GateWeights<W, G, H, E, B, P, R>>,
}

impl<W, const G: usize, const H: usize, E, B, const P: usize, R> StackLayer<W, G, H, E, B, P, R>
where
    W: Dim,
    E: Float,
    B: Bias<(GateDim<G, H>,), E>,
    R: Bias<Rank2<P, H>, E>,
{
    fn new(bidirectional: bool, rng: &mut Rng) -> Self {
        StackLayer { forward: GateWeights::new(rng), reverse: bidirectional.then(|| GateWeights::new(rng)) }
    }

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V, layer: usize) {
        self.forward.visit(visitor, layer, "");
        if let Some(reverse) = &self.reverse {
            reverse.visit(visitor, layer, "_reverse");
        }
    }

    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V, layer: usize) {
        self.forward.visit_mut(visitor, layer, "");
        if let Some(reverse) = &mut self.reverse {
            reverse.visit_mut(visitor, layer, "_reverse");
        }
    }

    fn push<'m>(&'m self, collected: &mut Collected<'m, E>) {
        for GateWeights { weight_ih, weight_hh, bias_ih, bias_hh, weight_hr } in
            std::iter::once(&self.forward).chain(&self.reverse)
        {
            collected.push(weight_ih, weight_hh, (bias_ih.param(), bias_hh.param()));
            collected.project(weight_hr.param());
        }
    }
}

/// The parameters of all layers: `G` gates of `H` units, on inputs of width `I`.
///
/// The first has a type of its own, because its input does; the others take what the one before puts out. Their
/// number is `LAYERS` - 1, which no type on stable Rust can say, so they are a vector.
///
/// A layer has the parameters of a direction in `forward`, and in `reverse` if it is bidirectional. A direction has PyTorch's
/// `weight_ih` `[G H, I]`, `weight_hh` `[G H, H]`, `bias_ih` and `bias_hh` `[G H]`, and those of a projection `weight_hr` `[P, H]`.
///
/// ```
/// use typegrad::prelude::*;
/// let lstm = Lstm::<3, 5>::new(&mut Rng::seed(0));
/// assert_eq!(lstm.layers.first.forward.weight_ih.value().to_vec().len(), 20 * 3);
/// assert!(lstm.layers.first.reverse.is_none());
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(
    bound(
        serialize = "E: Float + Serialize, B: Serialize, R: Serialize",
        deserialize = "E: Float + Deserialize<'de>, B: Deserialize<'de>, R: Deserialize<'de>"
    ),
    try_from = "Unchecked<G, I, H, BIDIRECTIONAL, E, B, P, R>"
)]
pub struct RecurrentParams<
    const G: usize,
    const I: usize,
    const H: usize,
    const LAYERS: usize,
    const BIDIRECTIONAL: bool,
    E,
    B,
    const P: usize = H,
    R = WithoutBias,
> {
    /// The first layer: `weight_ih_l0` and the like.
    pub first: StackLayer<Const<I>, G, H, E, B, P, R>,
    /// The others, in order: `weight_ih_l1` and the like.
    pub deeper: Vec<StackLayer<Expr<Units<P, BIDIRECTIONAL>>, G, H, E, B, P, R>>,
}

impl<
    const G: usize,
    const I: usize,
    const H: usize,
    const LAYERS: usize,
    const BIDIRECTIONAL: bool,
    E,
    B,
    const P: usize,
    R,
> RecurrentParams<G, I, H, LAYERS, BIDIRECTIONAL, E, B, P, R>
where
    E: Float,
    B: Bias<(GateDim<G, H>,), E>,
    R: Bias<Rank2<P, H>, E>,
{
    pub(in crate::nn) fn new(rng: &mut Rng) -> Self {
        RecurrentParams {
            first: StackLayer::new(BIDIRECTIONAL, rng),
            deeper: (1..LAYERS).map(|_| StackLayer::new(BIDIRECTIONAL, rng)).collect(),
        }
    }

    pub(in crate::nn) fn collected(&self) -> Collected<'_, E> {
        let mut collected = Collected::new();
        self.first.push(&mut collected);
        self.deeper.iter().for_each(|layer| layer.push(&mut collected));
        collected
    }
}

#[diagnostic::do_not_recommend]
impl<
    const G: usize,
    const I: usize,
    const H: usize,
    const LAYERS: usize,
    const BIDIRECTIONAL: bool,
    E,
    B,
    const P: usize,
    R,
> Module for RecurrentParams<G, I, H, LAYERS, BIDIRECTIONAL, E, B, P, R>
where
    E: Float,
    B: Bias<(GateDim<G, H>,), E>,
    R: Bias<Rank2<P, H>, E>,
{
    const NUM_PARAMETERS: Option<usize> = {
        let first = GateWeights::<Const<I>, G, H, E, B, P, R>::COUNT;
        let other = GateWeights::<Expr<Units<P, BIDIRECTIONAL>>, G, H, E, B, P, R>::COUNT;
        let directions = if BIDIRECTIONAL { 2 } else { 1 };
        Some(directions * (first + LAYERS.saturating_sub(1) * other))
    };

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        self.first.visit(visitor, 0);
        for (layer, i) in self.deeper.iter().zip(1..) {
            layer.visit(visitor, i);
        }
    }
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        self.first.visit_mut(visitor, 0);
        for (layer, i) in self.deeper.iter_mut().zip(1..) {
            layer.visit_mut(visitor, i);
        }
    }
}

/// The deserialized values, before the number of layers and directions is compared with the type.
#[derive(Deserialize)]
#[serde(
    bound(deserialize = "E: Float + Deserialize<'de>, B: Deserialize<'de>, R: Deserialize<'de>"),
    rename = "RecurrentParams"
)]
struct Unchecked<
    const G: usize,
    const I: usize,
    const H: usize,
    const BIDIRECTIONAL: bool,
    E,
    B,
    const P: usize,
    R,
> {
    first: StackLayer<Const<I>, G, H, E, B, P, R>,
    deeper: Vec<StackLayer<Expr<Units<P, BIDIRECTIONAL>>, G, H, E, B, P, R>>,
}

impl<
    const G: usize,
    const I: usize,
    const H: usize,
    const LAYERS: usize,
    const BIDIRECTIONAL: bool,
    E,
    B,
    const P: usize,
    R,
> TryFrom<Unchecked<G, I, H, BIDIRECTIONAL, E, B, P, R>>
    for RecurrentParams<G, I, H, LAYERS, BIDIRECTIONAL, E, B, P, R>
{
    type Error = String;

    fn try_from(read: Unchecked<G, I, H, BIDIRECTIONAL, E, B, P, R>) -> Result<Self, String> {
        let Unchecked { first, deeper } = read;
        if 1 + deeper.len() != LAYERS {
            return Err(format!("expected {LAYERS} recurrent layers, found {}", 1 + deeper.len()));
        }
        let both = |reverse: bool| if reverse { "both directions" } else { "one direction" };
        let mut reverse =
            std::iter::once(first.reverse.is_some()).chain(deeper.iter().map(|l| l.reverse.is_some()));
        match reverse.find(|reverse| *reverse != BIDIRECTIONAL) {
            Some(found) => {
                Err(format!("expected recurrent layers in {}, found {}", both(BIDIRECTIONAL), both(found)))
            }
            None => Ok(RecurrentParams { first, deeper }),
        }
    }
}
