//! Initial values of parameters: PyTorch's `torch.nn.init`.
//!
//! A new layer has PyTorch's default already. [`initialize`](crate::nn::ModuleExt::initialize) gives parameters of a network other
//! values, by name:
//!
//! ```
//! use typegrad::nn::init;
//! use typegrad::prelude::*;
//! let rng = &mut Rng::seed(0);
//! let mut net = <(Linear<64, 128>, Relu, Linear<128, 10>)>::new(rng);
//! net.initialize("weight", &init::kaiming_normal(), rng); // all parameters whose name ends with `weight`
//! net.initialize("2.weight", &init::xavier_uniform().gain(0.5), rng);
//! net.initialize("bias", &init::zeros(), rng);
//! assert_eq!(net.0.bias.value(), &Tensor::zeros());
//! ```
//!
//! | | a parameter begins |
//! |---|---|
//! | [`zeros`], [`ones`], [`constant`] | with one number |
//! | [`uniform`], [`normal`], [`trunc_normal`] | with draws of this distribution |
//! | [`xavier_uniform`], [`xavier_normal`] | with the variance gain² · 2 / (fan-in + fan-out) |
//! | [`kaiming_uniform`], [`kaiming_normal`] | with the variance gain² / fan |
//! | [`orthogonal`] | as a matrix with orthogonal rows or columns |
//!
//! The fan-in of a weight `[O, I, ..]` is I times the sizes of the kernel, the fan-out O times them.

use super::walk::{NamedVisitorMut, Path, Walk};
use super::{Module, Param};
use crate::element::Float;
use crate::options;
use crate::rng::Rng;
use crate::shape::Shape;

/// How a parameter is initialized: from a function of [`init`](self).
#[derive(Clone, Debug, PartialEq)]
pub struct Initializer {
    kind: Kind,
    gain: f64,
    fan: Fan,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Constant(f64),
    Uniform(f64, f64),
    Normal(f64, f64),
    TruncNormal {
        mean: f64,
        std: f64,
        low: f64,
        high: f64,
    },
    /// A deviation of gain / √fan.
    Scaled {
        uniform: bool,
    },
    Orthogonal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fan {
    In,
    Out,
    /// (fan-in + fan-out) / 2
    Mean,
}

fn of(kind: Kind) -> Initializer {
    Initializer { kind, gain: 1.0, fan: Fan::In }
}

/// Every element is `value`. PyTorch's `init.constant_`.
#[must_use]
pub fn constant(value: f64) -> Initializer {
    of(Kind::Constant(value))
}

/// Every element is 0. PyTorch's `init.zeros_`.
#[must_use]
pub fn zeros() -> Initializer {
    constant(0.0)
}

/// Every element is 1. PyTorch's `init.ones_`.
#[must_use]
pub fn ones() -> Initializer {
    constant(1.0)
}

/// Uniform on [`low`, `high`). PyTorch's `init.uniform_(w, low, high)`.
///
/// # Panics
/// If `low` is above `high`, or their distance is not finite.
#[must_use]
#[track_caller]
pub fn uniform(low: f64, high: f64) -> Initializer {
    options::not_negative(
        "the distance of high from low",
        options::finite("the distance of high from low", high - low),
    );
    of(Kind::Uniform(low, high))
}

/// Normal, with this mean and standard deviation. PyTorch's `init.normal_(w, mean, std)`.
///
/// # Panics
/// If `mean` is NaN, or `std` is negative or NaN.
#[must_use]
#[track_caller]
pub fn normal(mean: f64, std: f64) -> Initializer {
    of(Kind::Normal(options::not_nan("mean", mean), options::not_negative("std", std)))
}

/// Normal, with this mean and standard deviation, truncated to [`low`, `high`]. PyTorch's
/// `init.trunc_normal_(w, mean, std, low, high)`, where `low` and `high` are -2 and 2 by default.
///
/// The bounds are values, and not multiples of the standard deviation. A draw outside of them is repeated.
///
/// # Panics
/// If the bounds are not in order, or the mean is more than two standard deviations outside of them, where PyTorch warns.
#[must_use]
#[track_caller]
pub fn trunc_normal(mean: f64, std: f64, low: f64, high: f64) -> Initializer {
    assert!(low < high, "the bounds {low:?} and {high:?} of trunc_normal are not in order");
    let near = low - 2.0 * std <= mean && mean <= high + 2.0 * std;
    assert!(near, "the mean {mean:?} of trunc_normal is more than 2 std from [{low:?}, {high:?}]");
    of(Kind::TruncNormal { mean, std, low, high })
}

/// Uniform on ±gain √(6 / (fan-in + fan-out)) (Glorot, Bengio 2010). PyTorch's `init.xavier_uniform_`.
#[must_use]
pub fn xavier_uniform() -> Initializer {
    Initializer { fan: Fan::Mean, ..of(Kind::Scaled { uniform: true }) }
}

/// Normal, with the standard deviation gain √(2 / (fan-in + fan-out)) (Glorot, Bengio 2010). PyTorch's `init.xavier_normal_`.
#[must_use]
pub fn xavier_normal() -> Initializer {
    Initializer { fan: Fan::Mean, ..of(Kind::Scaled { uniform: false }) }
}

/// Uniform on ±gain √(3 / fan-in), where the gain is √2, that of `relu`, by default (He et al. 2015). PyTorch's
/// `init.kaiming_uniform_`.
#[must_use]
pub fn kaiming_uniform() -> Initializer {
    of(Kind::Scaled { uniform: true }).gain(std::f64::consts::SQRT_2)
}

/// Normal, with the standard deviation gain / √fan-in, where the gain is √2, that of `relu`, by default (He et al. 2015). PyTorch's
/// `init.kaiming_normal_`.
#[must_use]
pub fn kaiming_normal() -> Initializer {
    of(Kind::Scaled { uniform: false }).gain(std::f64::consts::SQRT_2)
}

/// A random matrix with orthogonal rows of the length gain (Saxe et al. 2013). PyTorch's `init.orthogonal_`.
///
/// The matrix is the parameter as `[first axis, all others]`; if it has fewer columns than rows, the columns are orthogonal. All
/// directions are equally likely.
#[must_use]
pub fn orthogonal() -> Initializer {
    of(Kind::Orthogonal)
}

/// The gain of an activation, for [`Initializer::gain`]. PyTorch's `init.calculate_gain`.
///
/// | | |
/// |---|---|
/// | `linear`, `sigmoid` | 1 |
/// | `tanh` | 5/3 |
/// | `relu` | √2 |
/// | `selu` | 3/4 |
///
/// That of `leaky_relu` is [`leaky_relu_gain`].
///
/// # Panics
/// If it is another one.
#[must_use]
#[track_caller]
pub fn calculate_gain(nonlinearity: &str) -> f64 {
    match nonlinearity {
        "linear" | "sigmoid" => 1.0,
        "tanh" => 5.0 / 3.0,
        "relu" => std::f64::consts::SQRT_2,
        "selu" => 0.75,
        other => panic!("Unsupported nonlinearity {other:?}: linear, sigmoid, tanh, relu or selu"),
    }
}

/// The gain of `leaky_relu`: √(2 / (1 + slope²)). PyTorch's `init.calculate_gain("leaky_relu", slope)`.
#[must_use]
pub fn leaky_relu_gain(negative_slope: f64) -> f64 {
    (2.0 / (1.0 + negative_slope * negative_slope)).sqrt()
}

impl Initializer {
    /// Sets the gain: the factor of the standard deviation of initializers with a fan, and of `orthogonal`.
    ///
    /// # Panics
    /// If it is NaN.
    #[must_use]
    #[track_caller]
    pub fn gain(mut self, gain: f64) -> Self {
        self.gain = options::not_nan("the gain", gain);
        self
    }

    /// Takes the fan-out, so that gradients keep their variance, instead of the fan-in. PyTorch's `mode="fan_out"`.
    #[must_use]
    pub fn fan_out(mut self) -> Self {
        self.fan = Fan::Out;
        self
    }

    /// Initializes one parameter. [`initialize`](super::ModuleExt::initialize) does it by name.
    ///
    /// # Panics
    /// If the parameter has fewer than two axes, and this needs them.
    #[track_caller]
    pub fn fill<S: Shape, E: Float>(&self, param: &mut Param<S, E>, rng: &mut Rng) {
        let drawn = self.draw(S::SIZES, rng);
        match drawn {
            Ok(drawn) => param.as_mut_slice().iter_mut().zip(drawn).for_each(|(to, x)| *to = E::from_f64(x)),
            Err(problem) => panic!("{problem}"),
        }
    }

    /// The elements of a parameter with these sizes.
    fn draw(&self, sizes: &[usize], rng: &mut Rng) -> Result<Vec<f64>, String> {
        let numel = sizes.iter().product();
        let mut fill = |mut one: Box<dyn FnMut(&mut Rng) -> f64>| (0..numel).map(|_| one(rng)).collect();
        Ok(match self.kind {
            Kind::Constant(value) => vec![value; numel],
            Kind::Uniform(low, high) => fill(Box::new(move |rng| low + (high - low) * rng.uniform())),
            Kind::Normal(mean, std) => fill(Box::new(move |rng| mean + std * rng.normal())),
            Kind::TruncNormal { mean, std, low, high } => {
                fill(Box::new(move |rng| truncated(mean, std, low, high, rng)))
            }
            Kind::Scaled { uniform } => {
                let (fan_in, fan_out) = fans(sizes)?;
                let fan = match self.fan {
                    Fan::In => fan_in,
                    Fan::Out => fan_out,
                    Fan::Mean => (fan_in + fan_out) / 2.0,
                };
                let std = self.gain / fan.sqrt();
                let bound = 3.0_f64.sqrt() * std;
                match uniform {
                    true => fill(Box::new(move |rng| bound * (2.0 * rng.uniform() - 1.0))),
                    false => fill(Box::new(move |rng| std * rng.normal())),
                }
            }
            Kind::Orthogonal => {
                fans(sizes)?;
                orthonormal(sizes[0], sizes[1..].iter().product(), self.gain, rng)
            }
        })
    }
}

/// 1/√fan, the bound of a new weight. It is 0 without any input, as in PyTorch: the weight has no elements then, and the bias is 0.
pub(in crate::nn) fn uniform_bound(fan: usize) -> f64 {
    if fan == 0 { 0.0 } else { 1.0 / (fan as f64).sqrt() }
}

/// The fan-in and the fan-out of a weight `[O, I, ..]`.
fn fans(sizes: &[usize]) -> Result<(f64, f64), String> {
    let [outputs, inputs, kernel @ ..] = sizes else {
        return Err(format!(
            "fan-in and fan-out are those of a parameter with at least 2 axes, and this one is {sizes:?}"
        ));
    };
    let kernel: usize = kernel.iter().product();
    Ok(((inputs * kernel) as f64, (outputs * kernel) as f64))
}

fn truncated(mean: f64, std: f64, low: f64, high: f64, rng: &mut Rng) -> f64 {
    if high - low >= std {
        // The mean is near, so that a draw inside comes soon.
        loop {
            let x = mean + std * rng.normal();
            if low <= x && x <= high {
                return x;
            }
        }
    }
    // In a narrow interval: uniform draws, accepted in proportion to their density.
    let square = |x: f64| ((x - mean) / std).powi(2);
    let best = square(mean.clamp(low, high));
    loop {
        let x = low + (high - low) * rng.uniform();
        if rng.uniform() < libm::exp((best - square(x)) / 2.0) {
            return x;
        }
    }
}

/// A matrix with orthogonal rows of the length `gain`, or columns if these are fewer: normal vectors, made orthogonal one by one
/// (Gram-Schmidt, twice, because once leaves rounding errors).
fn orthonormal(rows: usize, columns: usize, gain: f64, rng: &mut Rng) -> Vec<f64> {
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut vectors: Vec<Vec<f64>> = Vec::with_capacity(count);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    while vectors.len() < count {
        let mut v: Vec<f64> = (0..length).map(|_| rng.normal()).collect();
        for _ in 0..2 {
            for other in &vectors {
                let along = dot(&v, other);
                v.iter_mut().zip(other).for_each(|(v, other)| *v -= along * other);
            }
        }
        let norm = dot(&v, &v).sqrt();
        // A vector that lies in the space of the others is drawn again.
        if norm > 1e-6 {
            v.iter_mut().for_each(|v| *v /= norm);
            vectors.push(v);
        }
    }
    let element = |i: usize| {
        let (row, column) = (i / columns, i % columns);
        gain * if rows <= columns { vectors[row][column] } else { vectors[column][row] }
    };
    (0..rows * columns).map(element).collect()
}

/// Gives the parameters whose name ends with `name` their first values. See [`ModuleExt::initialize`](super::ModuleExt::initialize).
#[track_caller]
pub(super) fn by_name(module: &mut impl Module, name: &str, initializer: &Initializer, rng: &mut Rng) {
    let mut walk = Walk::new(Fill { name, initializer, rng, found: false, problem: None });
    module.visit_mut(&mut walk);
    let Fill { found, problem, .. } = walk.visitor;
    if let Some(problem) = problem {
        panic!("{problem}");
    }
    assert!(found, "no parameter is named `{name}`");
}

struct Fill<'f> {
    name: &'f str,
    initializer: &'f Initializer,
    rng: &'f mut Rng,
    found: bool,
    problem: Option<String>,
}

impl<'a> NamedVisitorMut<'a> for Fill<'_> {
    fn param<S: Shape, E: Float>(&mut self, at: &Path, param: &'a mut Param<S, E>) {
        let path = at.to_string();
        let fits = path.strip_suffix(self.name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if !fits {
            return;
        }
        self.found = true;
        match self.initializer.draw(S::SIZES, self.rng) {
            Ok(drawn) => param.as_mut_slice().iter_mut().zip(drawn).for_each(|(to, x)| *to = E::from_f64(x)),
            Err(problem) => self.problem = self.problem.take().or(Some(format!("`{path}`: {problem}"))),
        }
    }
}

#[cfg(test)]
mod tests;
