//! Random tensors, gradients against differences at them, and what is computed lane by lane.

use proptest::prelude::*;
use typegrad::prelude::*;

/// Random numbers, none of them near 0 or near another, so that no maximum and no absolute value has a corner.
pub fn apart<S: Shape>() -> impl Strategy<Value = Tensor<S, f64>> {
    let middle = S::NUMEL as f64 / 2.0 - 0.25;
    let numbers: Vec<f64> = (0..S::NUMEL).map(|i| (i as f64 - middle) * 0.25).collect();
    let jitter = prop::collection::vec(-0.1..0.1, S::NUMEL);
    (Just(numbers).prop_shuffle(), jitter).prop_map(|(numbers, jitter)| {
        let sum: Vec<f64> = numbers.iter().zip(jitter).map(|(a, b)| a + 0.5 * b).collect();
        Tensor::try_from(sum).expect("as many as the shape has")
    })
}

/// Gradients of functions against differences, at random values of three shapes.
macro_rules! check {
    ($name:ident: $values:ident, $($shape:ty),+; $($f:expr),+ $(,)?) => {
        proptest! {
            #![proptest_config(crate::cases(12))]
            #[test]
            fn $name(x in ($($values::<$shape>(),)+)) {
                check!(@each x, ($($shape),+) ($($f),+));
            }
        }
    };
    (@each $x:ident, ($a:ty, $b:ty, $c:ty) $f:tt) => {
        let (a, b, c) = $x;
        check!(@all a, $f);
        check!(@all b, $f);
        check!(@all c, $f);
    };
    (@all $x:ident, ($($f:expr),+)) => {
        $( typegrad::gradcheck($x.clone(), $f).map_err(|e| TestCaseError::fail(format!("{}: {e}", stringify!($f))))?; )+
    };
}

/// The definition of what is computed along one axis: `f` of each lane of a tensor [2, 3, 4], as vectors of results
/// that take the place of the lane.
pub fn along<const I: usize>(x: &Tensor<Rank3<2, 3, 4>, f64>, f: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let sizes = [2, 3, 4];
    let (outer, size, inner) =
        (sizes[..I].iter().product::<usize>(), sizes[I], sizes[I + 1..].iter().product());
    let lane =
        |o: usize, i: usize| (0..size).map(|k| x.as_slice()[(o * size + k) * inner + i]).collect::<Vec<_>>();
    let mut out = Vec::new();
    for o in 0..outer {
        let lanes: Vec<_> = (0..inner).map(|i| f(&lane(o, i))).collect();
        for k in 0..lanes[0].len() {
            out.extend(lanes.iter().map(|lane| lane[k]));
        }
    }
    out
}

pub(crate) use check;
