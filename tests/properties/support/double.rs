//! Arithmetic of 106 bits: a number is the sum of two `f64`, of which the second is at most half the last bit of the first.
//! Knuth's and Dekker's error-free sums and products.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// The sum of the two.
#[derive(Clone, Copy, Debug)]
pub struct Dd(f64, f64);

/// a + b, exactly.
fn two_sum(a: f64, b: f64) -> Dd {
    let sum = a + b;
    let c = sum - a;
    Dd(sum, (a - (sum - c)) + (b - c))
}

/// a + b, exactly, where a is not smaller.
fn quick_sum(a: f64, b: f64) -> Dd {
    let sum = a + b;
    Dd(sum, b - (sum - a))
}

/// a b, exactly: each factor is the sum of two of 26 bits.
fn two_product(a: f64, b: f64) -> Dd {
    let split = |x: f64| {
        let scaled = x * 134_217_729.0; // 2^27 + 1
        let high = scaled - (scaled - x);
        (high, x - high)
    };
    let product = a * b;
    let ((a, c), (b, d)) = (split(a), split(b));
    Dd(product, ((a * b - product) + a * d + c * b) + c * d)
}

impl From<f64> for Dd {
    fn from(x: f64) -> Self {
        Dd(x, 0.0)
    }
}

impl Neg for Dd {
    type Output = Self;
    fn neg(self) -> Self {
        Dd(-self.0, -self.1)
    }
}

impl Add for Dd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (sum, errors) = (two_sum(self.0, other.0), two_sum(self.1, other.1));
        let sum = quick_sum(sum.0, sum.1 + errors.0);
        quick_sum(sum.0, sum.1 + errors.1)
    }
}

impl Sub for Dd {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Dd {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let product = two_product(self.0, other.0);
        quick_sum(product.0, product.1 + (self.0 * other.1 + self.1 * other.0))
    }
}

impl Div for Dd {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let first = self.0 / other.0;
        let rest = self - other * first.into();
        let second = rest.0 / other.0;
        let rest = rest - other * second.into();
        quick_sum(first, second) + (rest.0 / other.0).into()
    }
}

impl Dd {
    pub fn value(self) -> f64 {
        self.0
    }

    pub fn sum(x: impl IntoIterator<Item = Dd>) -> Dd {
        x.into_iter().fold(0.0.into(), Add::add)
    }

    /// One step of Newton's method from the root of `f64`.
    pub fn sqrt(self) -> Dd {
        if self.0 == 0.0 {
            return self;
        }
        let root = Dd::from(self.0.sqrt());
        root + (self - root * root) / (2.0 * root.0).into()
    }

    /// The series at x / 2^9, squared nine times. Exact to 1e-28 where x is from -700 to 1.
    pub fn exp(self) -> Dd {
        if self.0 < -700.0 {
            return 0.0.into();
        }
        // 2^-9 is a power of 2, and x/ln 2 is not needed: e^(x/512) is from e^-1.4 to 1.
        let small = self * (1.0 / 512.0).into();
        let one = Dd::from(1.0);
        let mut sum = one;
        for k in (1..=30).rev() {
            sum = one + sum * small / f64::from(k).into();
        }
        (0..9).fold(sum, |power, _| power * power)
    }

    /// One step of Newton's method from the logarithm of `f64`.
    pub fn ln(self) -> Dd {
        let y = Dd::from(self.0.ln());
        y + self * (-y).exp() - 1.0.into()
    }
}

#[test]
fn it_has_about_thirty_digits() {
    let third = Dd::from(1.0) / 3.0.into();
    let near =
        |x: Dd, y: Dd, bound: f64| assert!((x - y).value().abs() <= bound * y.value().abs(), "{x:?} {y:?}");
    near(third + third + third, 1.0.into(), 1e-31);
    near(Dd::from(2.0).sqrt() * Dd::from(2.0).sqrt(), 2.0.into(), 1e-30);
    // e, of which the second part is known.
    near(Dd::from(1.0).exp(), Dd(std::f64::consts::E, 1.445_646_891_729_250_2e-16), 1e-28);
    near(Dd::from(-3.5).exp().ln(), (-3.5).into(), 1e-28);
    near(Dd::from(-300.0).exp() * Dd::from(-300.0).exp(), Dd::from(-600.0).exp(), 1e-27);
    // (2^27 + 1)² has 55 bits: the last one is in the second part.
    let square = Dd::from(134_217_729.0) * 134_217_729.0.into();
    assert_eq!((square - 18_014_398_777_917_440.0.into()).value(), 1.0);
}
