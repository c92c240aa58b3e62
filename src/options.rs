//! The numbers that options take: a number without a meaning panics where it is given, in the line of the program.

/// A number that is reported, such as a loss: anything that becomes an `f64`.
#[diagnostic::on_unimplemented(
    message = "a number is taken, and this is `{Self}`",
    label = "not a number",
    note = "the number of a loss is what `loss.backward()` returned; of another scalar `x.item()`",
    note = "the loss comes first: `stopping.update(loss, &net)`, `mean.update(loss, examples)`; `plateau.step(&mut adam, loss)`"
)]
pub trait Reported {
    /// The number.
    fn number(self) -> f64;
}

#[diagnostic::do_not_recommend]
impl<T: Into<f64>> Reported for T {
    fn number(self) -> f64 {
        self.into()
    }
}

/// A number from 0 to infinity.
#[track_caller]
pub(crate) fn not_negative(what: &str, number: f64) -> f64 {
    assert!(number >= 0.0, "{what} must be at least 0, got {number:?}");
    number
}

/// A number above 0.
#[track_caller]
pub(crate) fn positive(what: &str, number: f64) -> f64 {
    assert!(number > 0.0, "{what} must be greater than 0, got {number:?}");
    number
}

/// Any number.
#[track_caller]
pub(crate) fn not_nan(what: &str, number: f64) -> f64 {
    assert!(!number.is_nan(), "{what} must be a number, got NaN");
    number
}

/// A number that is neither infinite nor NaN.
#[track_caller]
pub(crate) fn finite(what: &str, number: f64) -> f64 {
    assert!(number.is_finite(), "{what} must be finite, got {number:?}");
    number
}

/// A share: from 0 to 1.
#[track_caller]
pub(crate) fn share(what: &str, number: f64) -> f64 {
    assert!((0.0..=1.0).contains(&number), "{what} must be between 0 and 1, got {number:?}");
    number
}
