//! Long lanes of terms, and what reductions of them and their gradients are in arithmetic of 106 bits. The bounds of the tests are
//! those of docs/accuracy.md, in units of u, half the distance of 1 from the next float.

use super::double::Dd;
use typegrad::prelude::*;

/// A debug build does not inline vectors, nor the exact arithmetic: it would take minutes.
pub const N: usize = if cfg!(debug_assertions) { 1 << 14 } else { 1 << 20 };
pub const HALF: usize = N / 2;

/// Terms that `f32` has exactly: equal ones, alternating ones, and one huge among small ones.
pub const TERMS: [(&str, fn(usize) -> f32); 4] = [
    ("equal", |_| 0.1),
    ("alternating", |i| if i % 2 == 0 { 0.3 } else { -0.1 }),
    ("one huge", |i| if i == 4_321 { 3e7 } else { 0.1 }),
    ("large mean", |i| 1000.0 + (i % 8) as f32),
];

/// The upstream gradient.
pub fn upstream(i: usize) -> f32 {
    (i % 7) as f32 * 0.25 - 0.5
}

/// Each number of a lane is the one wanted, up to `bound` u times `scale`.
#[track_caller]
pub fn near<E: Float>(
    name: &str,
    got: impl IntoIterator<Item = E>,
    want: &[Dd],
    scale: impl Fn(Dd) -> f64,
    bound: f64,
) {
    let u = if size_of::<E>() == 4 { 2.0_f64.powi(-24) } else { 2.0_f64.powi(-53) };
    let mut count = 0;
    for (got, want) in got.into_iter().zip(want.iter().cycle()) {
        let got = got.as_f64();
        let error = (Dd::from(got) - *want).value().abs();
        let allowed = bound * u * scale(*want);
        assert!(
            error <= allowed,
            "{name}: {got:e} should be {:e}: {:.1} u off",
            want.value(),
            error / allowed * bound
        );
        count += 1;
    }
    assert!(count >= want.len());
}

/// The exact results of the terms of a lane, and the gradients with respect to them for the gradient [`upstream`].
pub struct Exact {
    pub n: f64,
    pub x: Vec<Dd>,
    pub g: Vec<Dd>,
    pub sum: Dd,
    pub magnitude: f64,
    pub mean: Dd,
    pub variance: Dd,
    pub norm: Dd,
    pub logsumexp: Dd,
    pub softmax: Vec<Dd>,
}

impl Exact {
    pub fn of(term: fn(usize) -> f32, n: usize) -> Self {
        let x: Vec<_> = (0..n).map(|i| Dd::from(f64::from(term(i)))).collect();
        let g: Vec<_> = (0..n).map(|i| Dd::from(f64::from(upstream(i)))).collect();
        let sum = Dd::sum(x.iter().copied());
        let mean = sum / Dd::from(n as f64);
        let variance = Dd::sum(x.iter().map(|x| (*x - mean) * (*x - mean))) / Dd::from(n as f64);
        let max = x.iter().copied().reduce(|a, b| if (a - b).value() > 0.0 { a } else { b }).expect("a term");
        // Terms repeat, and an exponential takes long.
        let mut known: Vec<(Dd, Dd)> = Vec::new();
        let e: Vec<_> = x
            .iter()
            .map(|x| match known.iter().find(|(of, _)| of.value() == x.value()) {
                Some((_, e)) => *e,
                None => {
                    known.push((*x, (*x - max).exp()));
                    known[known.len() - 1].1
                }
            })
            .collect();
        let total = Dd::sum(e.iter().copied());
        let inverse = Dd::from(1.0) / total;
        Exact {
            n: n as f64,
            sum,
            magnitude: x.iter().map(|x| x.value().abs()).sum(),
            mean,
            variance,
            norm: Dd::sum(x.iter().map(|x| *x * *x)).sqrt(),
            logsumexp: max + total.ln(),
            softmax: e.into_iter().map(|e| e * inverse).collect(),
            x,
            g,
        }
    }

    /// (x - mean) · factor, of each.
    pub fn centred(&self, factor: Dd) -> Vec<Dd> {
        self.x.iter().map(|x| (*x - self.mean) * factor).collect()
    }

    /// x / |x|, of each.
    pub fn unit(&self) -> Vec<Dd> {
        self.x.iter().map(|x| *x / self.norm).collect()
    }

    /// Σ g y.
    pub fn dot(&self, y: &[Dd]) -> Dd {
        Dd::sum(self.g.iter().zip(y).map(|(g, y)| *g * *y))
    }

    /// The gradient with respect to x of Σ g x̂, where x̂ is normalized with this factor.
    pub fn normalized_gradient(&self, normal: &[Dd], factor: Dd) -> Vec<Dd> {
        let n = Dd::from(self.n);
        let (mean, dot) = (Dd::sum(self.g.iter().copied()) / n, self.dot(normal) / n);
        self.g.iter().zip(normal).map(|(g, y)| (*g - mean - *y * dot) * factor).collect()
    }
}

pub fn largest(x: &[Dd]) -> f64 {
    x.iter().fold(1e-300, |max, x| max.max(x.value().abs()))
}

/// The elements of the first lane of a tensor, which has `inner` next to each other, and of the one next to it.
pub fn lanes<E: Float>(y: &[E], size: usize, inner: usize) -> Vec<E> {
    (0..inner.min(2)).flat_map(|first| (0..size).map(move |i| y[i * inner + first])).collect()
}
