//! A table of the layers of a network, made from its type.

use super::Forward;
use crate::element::Element;
use crate::graph::{DescribedModule, Description, Eval, InputOf, Mode};
use crate::module::{Call, describe};
use crate::shape::Shape;
use std::fmt;
use std::marker::PhantomData;

/// The layers of a network of type `L` for an input of shape `S`: output shapes, parameters and multiply-adds. The
/// table that `torchinfo.summary(model, input_size)` prints for PyTorch.
///
/// It is computed from types alone: it needs no network and no input, and runs nothing. The elements of the
/// network are `E` and those of its input `I`, as in [`Forward`].
///
/// Multiply-adds are those of matrix products, `einsum!`, convolutions, attention and recurrent layers in one forward
/// pass: half of what PyTorch's `FlopCounterMode` counts. If the type of a layer does not determine its number
/// of parameters, its row has none.
///
/// ```
/// use typegrad::nn::Summary;
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Mlp {
///     fc1: Linear<64, 32>,
///     blocks: [(Linear<32, 32>, Relu); 3],
/// }
///
/// impl<const B: usize> Forward<Rank2<B, 64>> for Mlp {
///     type Output = Rank2<B, 32>;
///     fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
///         let x = self.fc1.call(x).relu();
///         self.blocks.call(x)
///     }
/// }
///
/// let summary = Summary::<Mlp, Rank2<10, 64>>::new();
/// assert_eq!(
///     summary.to_string(),
///     "\
/// Layer                     Output    Parameters  Multiply-adds
/// Mlp                       [10, 32]       5,248         51,200
///   Linear<64, 32>          [10, 32]       2,080         20,480
///   [Sequential; 3]         [10, 32]       3,168         30,720
///     3 x Sequential        [10, 32]       3,168         30,720
///       3 x Linear<32, 32>  [10, 32]       3,168         30,720
///       3 x Relu            [10, 32]           0              0
/// "
/// );
/// assert_eq!(summary.rows()[1].parameters, Some(2080));
/// ```
pub struct Summary<L, S, E = f32, I = E>(PhantomData<fn() -> (L, S, E, I)>);

/// A layer in a [`Summary`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryRow {
    /// The name of its type, without paths.
    pub layer: String,
    /// In how many layers it is.
    pub depth: usize,
    /// The size of each axis of its output.
    pub output: &'static [usize],
    /// The number of equal layers in sequence.
    pub times: usize,
    /// The number of parameters of all of them, if their types say it.
    pub parameters: Option<usize>,
    /// The multiplications with an addition in all of them, in one forward pass.
    pub multiply_adds: usize,
}

/// The mode whose graph says the most: layers do not train, and the input is tracked.
type Described = <Eval as Mode>::OnTracked;

// The bounds are not those of the impl: so rustc says once which layer does not fit.
impl<L, S, E, I> Summary<L, S, E, I> {
    /// The summary of a network of this type.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a summary has no meaningful default value")]
    pub fn new() -> Self {
        Summary(PhantomData)
    }

    /// The layers, each after the one it is in. The first is the network itself.
    #[must_use]
    pub fn rows(&self) -> Vec<SummaryRow>
    where
        S: Shape,
        E: Element,
        I: InputOf<E>,
        L: Forward<S, E, I>,
    {
        let mut description = Description::new();
        description.scope::<Call<L, S, E, I, Described>>(L::Output::SIZES, describe::<L, Described, S, E, I>);
        let row = |module: DescribedModule| SummaryRow {
            layer: short(module.layer),
            depth: module.depth,
            output: module.output,
            times: module.times,
            parameters: module.parameters.map(|number| number * module.times),
            multiply_adds: module.multiply_adds,
        };
        description.rows.into_iter().map(row).collect()
    }
}

/// The name of a type without paths and without `f32`, which is the default. A tuple is what PyTorch calls sequential.
fn short(name: &str) -> String {
    let mut short = String::new();
    let mut tuples = 0;
    for piece in name.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_' && c != ':') {
        let end = piece.chars().last().filter(|c| !c.is_alphanumeric() && *c != '_');
        tuples += usize::from(end == Some('('));
        if tuples == 0 {
            short.push_str(piece.rsplit("::").next().unwrap_or(piece));
        }
        if end == Some(')') {
            tuples -= 1;
            if tuples == 0 {
                short.push_str("Sequential");
            }
        }
    }
    short.replace(", f32>", ">").replace("<f32>", "")
}

impl<L, S, E, I> fmt::Display for Summary<L, S, E, I>
where
    S: Shape,
    E: Element,
    I: InputOf<E>,
    L: Forward<S, E, I>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads = ["Layer", "Output", "Parameters", "Multiply-adds"].map(str::to_owned);
        let cells = |row: &SummaryRow| {
            let times = if row.times == 1 { String::new() } else { format!("{} x ", row.times) };
            [
                format!("{:1$}{times}{2}", "", 2 * row.depth, row.layer),
                format!("{:?}", row.output),
                row.parameters.map(grouped).unwrap_or_default(),
                grouped(row.multiply_adds),
            ]
        };
        let lines: Vec<_> = std::iter::once(heads).chain(self.rows().iter().map(cells)).collect();
        let width = |i: usize| lines.iter().map(|line| line[i].chars().count()).max().unwrap_or(0);
        let [w0, w1, w2, w3] = [width(0), width(1), width(2), width(3)];
        for [layer, output, parameters, multiply_adds] in &lines {
            writeln!(f, "{layer:w0$}  {output:w1$}  {parameters:>w2$}  {multiply_adds:>w3$}")?;
        }
        Ok(())
    }
}

impl<L, S, E, I> fmt::Debug for Summary<L, S, E, I>
where
    S: Shape,
    E: Element,
    I: InputOf<E>,
    L: Forward<S, E, I>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// 1234567 as 1,234,567.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    #[test]
    fn names_are_short() {
        assert_eq!(short("typegrad::nn::linear::Linear<64, 32, f32>"), "Linear<64, 32>");
        assert_eq!(short("typegrad::nn::linear::Linear<64, 32, f64>"), "Linear<64, 32, f64>");
        assert_eq!(short("a::Frozen<(b::Linear<1, 2, f32>, (a::Relu, a::Relu))>"), "Frozen<Sequential>");
        assert_eq!(short("[my_crate::Block<typegrad::shape::Const<3>>; 4]"), "[Block<Const<3>>; 4]");
    }

    #[test]
    fn numbers_have_commas() {
        assert_eq!([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_frozen_layer_and_a_layer_in_a_loop_are_counted() {
        let rows = Summary::<Frozen<Linear<3, 2>>, Rank2<5, 3>>::new().rows();
        assert_eq!((rows[0].parameters, rows[0].multiply_adds), (Some(8), 30));
        let rows = Summary::<[[Linear<3, 3>; 2]; 4], Rank2<5, 3>>::new().rows();
        let counts: Vec<_> = rows.iter().map(|row| (row.times, row.parameters, row.multiply_adds)).collect();
        let all = (Some(96), 360);
        assert_eq!(counts, [(1, all.0, all.1), (4, all.0, all.1), (8, all.0, all.1)]);
    }
}
