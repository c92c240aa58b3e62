//! Display and Debug, as PyTorch prints tensors: four digits, columns that are aligned, large tensors elided.
//!
//! Two words differ: `dtype=float64` is printed without `torch.`, and `grad_fn=<ReluBackward>` without a number. The
//! rules are those of `torch/_tensor_str.py`, to which the names here refer.

use super::Tensor;
use crate::element::{Element, Printed};
use crate::graph::{Flow, Graph};
use crate::shape::Shape;
use std::fmt;
use std::ops::Range;

/// Digits after the point, if the format string does not say how many.
const PRECISION: usize = 4;
/// More elements than this are elided.
const THRESHOLD: usize = 1000;
/// The number of elements shown at each end of an axis that is elided.
const EDGE_ITEMS: usize = 3;
const LINE_WIDTH: usize = 80;
const PREFIX: &str = "tensor(";

/// The format of numbers, decided for a whole tensor: its `_Formatter`.
struct Style {
    scientific: bool,
    /// All are integers, which end in a point.
    whole: bool,
    precision: usize,
    width: usize,
}

impl Style {
    fn of(elements: impl Iterator<Item = Printed> + Clone, precision: usize) -> Self {
        let numbers = elements.clone().filter_map(|x| match x {
            Printed::Real(x) if x.is_finite() && x != 0.0 => Some(x.abs()),
            _ => None,
        });
        let (min, max) = numbers.clone().fold((f64::INFINITY, 0.0_f64), |(a, b), x| (a.min(x), b.max(x)));
        let scientific = max > 0.0 && (max / min > 1000.0 || max > 1e8 || min < 1e-4);
        let whole = numbers.clone().all(|x| x == x.ceil());
        let mut style = Style { scientific, whole, precision, width: 1 };
        // Zeros and non-finite elements do not widen a column; they may be wider than it.
        let aligned = |x: &Printed| !matches!(*x, Printed::Real(x) if !x.is_finite() || x == 0.0);
        style.width = elements.filter(aligned).map(|x| style.unaligned(x).len()).max().unwrap_or(1);
        style
    }

    fn unaligned(&self, x: Printed) -> String {
        match x {
            Printed::Real(x) if x.is_nan() => "nan".into(),
            Printed::Real(x) if x.is_infinite() => x.to_string(),
            Printed::Real(x) if self.scientific => {
                let text = format!("{x:.*e}", self.precision);
                let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |e| ('-', e));
                format!("{digits}e{sign}{exponent:0>2}")
            }
            Printed::Real(x) if self.whole => format!("{x:.0}."),
            Printed::Real(x) => format!("{x:.*}", self.precision),
            Printed::Whole(x) => x.to_string(),
            Printed::Truth(true) => "True".into(),
            Printed::Truth(false) => "False".into(),
        }
    }

    fn write(&self, x: Printed) -> String {
        format!("{:>1$}", self.unaligned(x), self.width)
    }
}

/// The indices of an axis that are printed: the front, and the back if something is elided between them.
fn printed(size: usize, elide: bool) -> (Range<usize>, Option<Range<usize>>) {
    if elide && size > 2 * EDGE_ITEMS {
        (0..EDGE_ITEMS, Some(size - EDGE_ITEMS..size))
    } else {
        (0..size, None)
    }
}

/// The positions of the elements that are printed.
fn places(sizes: &[usize], elide: bool) -> Vec<usize> {
    sizes.iter().fold(vec![0], |places, &size| {
        let (front, back) = printed(size, elide);
        let along = front.chain(back.unwrap_or(0..0));
        places.iter().flat_map(|place| along.clone().map(move |i| place * size + i)).collect()
    })
}

/// The elements in brackets: its `_tensor_str_with_formatter`.
fn nested<E: Element>(elements: &[E], sizes: &[usize], indent: usize, elide: bool, style: &Style) -> String {
    let [size, inner @ ..] = sizes else { return style.write(elements[0].printed()) };
    let stride = elements.len() / size;
    let item = |i: usize| nested(&elements[i * stride..(i + 1) * stride], inner, indent + 1, elide, style);
    let (front, back) = printed(*size, elide);
    let mut items: Vec<_> = front.map(item).collect();
    if let Some(back) = back {
        items.push(if inner.is_empty() { " ..." } else { "..." }.into());
        items.extend(back.map(item));
    }
    let next_line = |count| format!(",{}{}", "\n".repeat(count), " ".repeat(indent + 1));
    let text = if inner.is_empty() {
        let in_line = (LINE_WIDTH.saturating_sub(indent) / (style.width + 2)).max(1);
        let lines: Vec<_> = items.chunks(in_line).map(|line| line.join(", ")).collect();
        lines.join(&next_line(1))
    } else {
        items.join(&next_line(inner.len()))
    };
    format!("[{text}]")
}

/// A tensor with its suffixes, such as `dtype`: its `_str_intern` and `_add_suffixes`.
#[inline(never)]
fn tensor<E: Element>(
    elements: &[E],
    sizes: &[usize],
    name: Option<&str>,
    show_shape: bool,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut suffixes = Vec::new();
    let mut text = PREFIX.to_owned();
    if elements.is_empty() {
        text += "[]";
        if sizes.len() != 1 {
            let sizes: Vec<_> = sizes.iter().map(usize::to_string).collect();
            suffixes.push(format!("size=({})", sizes.join(", ")));
        }
    } else {
        let elide = elements.len() > THRESHOLD;
        let shown = places(sizes, elide);
        let precision = f.precision().unwrap_or(PRECISION);
        let style = Style::of(shown.iter().map(|&i| elements[i].printed()), precision);
        text += &nested(elements, sizes, PREFIX.len(), elide, &style);
    }
    // Without an element to tell them by, integers and bools are named as well.
    if E::DTYPE == "float64" || elements.is_empty() && E::DTYPE != "float32" {
        suffixes.push(format!("dtype={}", E::DTYPE));
    }
    match name {
        Some("AccumulateGrad") => suffixes.push("requires_grad=True".into()),
        Some(name) => suffixes.push(format!("grad_fn=<{name}>")),
        None => {}
    }
    if show_shape {
        suffixes.push(format!("shape={sizes:?}"));
    }

    // PyTorch counts two characters more than the line has.
    let mut line = text.rsplit('\n').next().unwrap_or("").len() + 2;
    for suffix in suffixes {
        if line + suffix.len() + 2 > LINE_WIDTH {
            text += &format!(",\n{}{suffix}", " ".repeat(PREFIX.len()));
            line = PREFIX.len() + suffix.len();
        } else {
            text += &format!(", {suffix}");
            line += suffix.len() + 2;
        }
    }
    write!(f, "{text})")
}

impl<S: Shape, E: Element, C, F: Flow<S, E>> fmt::Display for Tensor<S, E, Graph<C, F>> {
    /// As PyTorch prints a tensor. A precision, as in `{x:.2}`, is PyTorch's `set_printoptions(precision=2)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Param::new(Tensor::<Rank2<2, 2>>::from([[1.0, -2.5], [3.25, 40.0]]));
    /// let text = "tensor([[ 1.0000,  0.0000],\n        [ 3.2500, 40.0000]], grad_fn=<ReluBackward>)";
    /// assert_eq!(x.track().relu().to_string(), text);
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tensor(self.as_slice(), S::SIZES, F::name(), false, f)
    }
}

impl<S: Shape, E: Element, C, F: Flow<S, E>> fmt::Debug for Tensor<S, E, Graph<C, F>> {
    /// As Display, and the shape.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank1<3>>::from([1.0, 2.0, 3.0]);
    /// assert_eq!(format!("{x:?}"), "tensor([1., 2., 3.], shape=[3])");
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tensor(self.as_slice(), S::SIZES, F::name(), true, f)
    }
}
