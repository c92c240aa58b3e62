//! Sums of many terms inside operations keep their digits: in `f32` they are those of `f64`.

/// Added in sequence, equal terms lose 1e-4 of the sum of so many.
pub const N: usize = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 18 };
pub const BOUND: f64 = 5e-6;

pub const TERMS: [(&str, fn(usize) -> f32); 3] = [
    ("equal", |_| 0.1),
    ("random", |i| (i.wrapping_mul(0x9e37_79b9) % 4096) as f32 / 4096.0),
    ("one huge", |i| if i == 77 { 3e6 } else { 0.1 }),
];

macro_rules! as_in_f64 {
    ($name:literal, |$term:ident| $body:expr) => {
        as_in_f64!($name, $crate::support::as_in_f64::BOUND, |$term| $body)
    };
    ($name:literal, $bound:expr, |$term:ident| $body:expr) => {
        for (terms, $term) in $crate::support::as_in_f64::TERMS {
            let narrow: Vec<f64> = {
                type E = f32;
                let result: Vec<E> = $body;
                result.into_iter().map(f64::from).collect()
            };
            let wide = {
                type E = f64;
                let result: Vec<E> = $body;
                result
            };
            let scale = wide.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
            assert!(scale > 0.0 && narrow.len() == wide.len());
            for (got, want) in narrow.iter().zip(&wide) {
                assert!((got - want).abs() <= $bound * scale, "{} of {terms}: {got} should be {want}", $name);
            }
        }
    };
}

macro_rules! of {
    ($s:ty, $term:ident) => {
        Tensor::<$s, E>::from_fn(|i| $term(i).into())
    };
}

macro_rules! gradients {
    ($loss:expr; $($p:ident),+) => {{
        $loss.sum().backward();
        [$($p.grad().unwrap().to_vec()),+].concat()
    }};
}

pub(crate) use {as_in_f64, gradients, of};
