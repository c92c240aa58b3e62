//! Long lanes of terms, and what reductions of them are by compensated sums in `f64`. The bounds of the tests are those of docs/accuracy.md.

/// A debug build does not inline vectors: it would take minutes.
pub const N: usize = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };
pub const HALF: usize = N / 2;
/// N = SIDE².
pub const SIDE: usize = if cfg!(debug_assertions) { 1 << 8 } else { 1 << 10 };

/// Terms that show different faults: equal ones drift, alternating ones cancel, a huge one swallows the others, and small
/// differences are hidden by a large mean.
pub const TERMS: [(&str, fn(usize) -> f32); 5] = [
    ("equal", |_| 0.1),
    ("alternating", |i| if i % 2 == 0 { 0.3 } else { -0.1 }),
    ("one huge", |i| if i == 12_345 { 3e7 } else { 0.1 }),
    ("huge first", |i| if i == 0 { 3e7 } else { 0.1 }),
    ("large mean", |i| 1000.0 + (i % 8) as f32),
];

/// Σ x, with the rounding errors in a sum of their own.
pub fn sum(x: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut errors) = (0.0, 0.0);
    for x in x {
        let next: f64 = sum + x;
        errors += if f64::abs(sum) > x.abs() { (sum - next) + x } else { (x - next) + sum };
        sum = next;
    }
    sum + errors
}

/// Each number is the one wanted, up to `bound` times `scale`.
#[track_caller]
pub fn near(name: &str, got: &[f32], want: f64, scale: f64, bound: f64) {
    for got in got {
        let error = (f64::from(*got) - want).abs();
        assert!(error <= bound * scale, "{name}: {got} should be {want}, off by {error:e}");
    }
}

/// The exact results of a lane.
pub struct Exact {
    pub sum: f64,
    pub magnitude: f64,
    pub mean: f64,
    pub variance: f64,
    pub norm: f64,
    pub logsumexp: f64,
    pub last: f64,
}

impl Exact {
    pub fn of(term: fn(usize) -> f32, n: usize) -> Self {
        let x = || (0..n).map(|i| f64::from(term(i)));
        let total = sum(x());
        let mean = total / n as f64;
        let max = x().fold(f64::NEG_INFINITY, f64::max);
        Exact {
            sum: total,
            magnitude: sum(x().map(f64::abs)),
            mean,
            variance: sum(x().map(|x| (x - mean) * (x - mean))) / n as f64,
            norm: sum(x().map(|x| x * x)).sqrt(),
            logsumexp: max + sum(x().map(|x| (x - max).exp())).ln(),
            last: f64::from(term(n - 1)),
        }
    }
}

/// Values for tensors whose elements are all equal.
pub const EQUAL_F32: [f32; 6] = [0.99, 0.1, 15_999.999, -1e-3, 1e30, 1e-30];
pub const EQUAL_F64: [f64; 7] = [0.99, 0.1, 15_999.999, -1e-3, 1.0 / 3.0, 1e100, 1e-100];

/// The gradient in f32 is that in f64, relative to its largest element.
macro_rules! gradient_as_in_f64 {
    ($shape:ty, $index:expr, $bound:expr, |$x:ident, $w:ident| $f:expr) => {
        for (name, term) in $crate::support::compensated::TERMS {
            let narrow = $crate::support::compensated::gradient_as_in_f64!(@run f32, $shape, |i| term($index(i)), |$x, $w| $f);
            let wide = $crate::support::compensated::gradient_as_in_f64!(@run f64, $shape, |i| term($index(i)), |$x, $w| $f);
            let scale = wide.iter().fold(1e-30, |max: f64, g| max.max(g.abs()));
            for (got, want) in narrow.into_iter().zip(wide) {
                assert!((got - want).abs() <= $bound * scale, "{name}: {got} should be {want}, of {scale}");
            }
        }
    };
    (@run $e:ty, $shape:ty, $term:expr, |$x:ident, $w:ident| $f:expr) => {{
        let p = Param::new(Tensor::<$shape, $e>::from_fn(|i| $term(i).into()));
        let $w = Tensor::<$shape, $e>::from_fn(|i| (i % 7) as $e * 0.25 - 0.5);
        let $x = p.track();
        $f.backward();
        p.grad().unwrap().to_vec().into_iter().map(f64::from).collect::<Vec<f64>>()
    }};
}

pub(crate) use gradient_as_in_f64;
