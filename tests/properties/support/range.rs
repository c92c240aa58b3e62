//! Tests at large and at small numbers, whose squares leave the range.

use typegrad::prelude::*;

/// The scaled result is the one wanted.
#[track_caller]
pub fn near<E: Float>(got: impl IntoIterator<Item = E>, want: &[f64], scale: f64) {
    let got: Vec<_> = got.into_iter().map(|x| x.as_f64() / scale).collect();
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= 1e-5 * want.abs().max(1.0), "{got} should be {want}");
    }
}

/// Two tests that call a macro with a type and a scale: of 1, and of numbers whose squares leave the range of the type.
macro_rules! at_scales {
    ($check:ident: $in_f32:ident, $in_f64:ident) => {
        #[test]
        fn $in_f32() {
            $check!(f32, 1.0);
            $check!(f32, 1e20);
            $check!(f32, 1e-25);
            $check!(f32, 3e36);
        }

        #[test]
        fn $in_f64() {
            $check!(f64, 1.0);
            $check!(f64, 1e200);
            $check!(f64, 1e-140);
            $check!(f64, 1e306);
        }
    };
}

pub(crate) use at_scales;
