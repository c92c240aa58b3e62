//! The operations of all numbers: of `f32` and `f64` as vectors, of `i64` as plain loops. Integers wrap around, as
//! PyTorch's.

use super::pointwise::{self, Value};
use super::vectors::{COLUMN_LANES, Function, LARGE_IF_LIGHT, Operand, Plan, exact, functions, plan};
use crate::element::Element;
use crate::kernel::math::arithmetic::constant;
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::{Mask, Vector};
use crate::storage::Storage;

/// The larger of x and a bound; NaN if either is NaN.
#[inline(always)]
pub(super) fn at_least<E: Coefficients, V: Vector<E>>(x: V, min: V) -> V {
    // NaN stays, and of equal zeros x.
    V::select(min.ne(min), min, min.max(x))
}

/// The smaller of x and a bound; NaN if either is NaN.
#[inline(always)]
pub(super) fn at_most<E: Coefficients, V: Vector<E>>(x: V, max: V) -> V {
    V::select(max.ne(max), max, max.min(x))
}

/// -1, 0 or 1; 0 for -0.0 and for NaN.
#[inline(always)]
pub(in crate::kernel) fn sign<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let one = constant::<E, V>(1.0);
    V::select(x.gt(V::zero()), one, V::select(x.lt(V::zero()), -one, V::zero()))
}

/// g where a was taken, half of it where a and b are equal, else 0.
#[inline(always)]
fn share<E: Coefficients, V: Vector<E>>(g: V, equal: V::Mask, other: V::Mask) -> V {
    V::select(equal, g * constant(0.5), V::select(other, V::zero(), g))
}

functions! {
    /// Functions of a number.
    NumberMap<E>, map, 1, LARGE_IF_LIGHT;
    Neg => |x| -x;
    Abs => |x| x.abs();
    Sign => |x| sign(x);
    Zero => |_x| V::zero();
    Identity => |x| x;
    Clamp(min: E, max: E) => |x| at_most(at_least(x, min), max);
    ClampMin(min: E) => |x| at_least(x, min);
    ClampMax(max: E) => |x| at_most(x, max);
}

functions! {
    /// Functions of two numbers; of gradients, that of y comes first, and then what was saved.
    NumberZip<E>, zip, 2, LARGE_IF_LIGHT;
    Add => |a, b| a + b;
    Sub => |a, b| a - b;
    Mul => |a, b| a * b;
    Maximum => |a, b| at_least(a, b);
    Minimum => |a, b| at_most(a, b);
    AbsGrad => |g, x| g * sign(x);
    ClampGrad(min: E, max: E) => |g, x| V::select(x.gt(min).and(x.lt(max)), g, V::zero());
    ClampMinGrad(min: E) => |g, x| V::select(x.gt(min), g, V::zero());
    ClampMaxGrad(max: E) => |g, x| V::select(x.lt(max), g, V::zero());
}

functions! {
    /// Gradients of functions of two numbers, for the first one.
    NumberZipGrad, zip_grad, 3, LARGE_IF_LIGHT;
    Maximum => |g, a, b| share::<E, V>(g, a.eq(b), a.lt(b));
    Minimum => |g, a, b| share::<E, V>(g, a.eq(b), b.lt(a));
}

/// Runs `f` with plans that write f(x), in the memory of `x` if nothing else holds it.
pub(super) fn map_plans<E: Coefficients>(mut x: Storage<E>, f: &dyn Fn(Plan<'_, E, 1>)) -> Storage<E> {
    if let Some(out) = x.unique() {
        plan(out, [Operand::Output], f);
        return x;
    }
    Storage::written(x.len(), |out| plan(out, [Operand::Slice(x.as_slice())], f))
}

/// An operand in memory.
enum Side<E> {
    Number(E),
    Elements(Storage<E>),
}

impl<E: Element> Side<E> {
    fn new(value: Value<E>) -> Self {
        match value {
            Value::Scalar(x) => Side::Number(x),
            value => Side::Elements(value.into_storage()),
        }
    }

    /// The number of elements.
    fn len(&self) -> usize {
        match self {
            Side::Number(_) => 1,
            Side::Elements(x) => x.len(),
        }
    }

    fn operand(&self) -> Operand<'_, E> {
        match self {
            Side::Number(x) => Operand::Scalar(*x),
            Side::Elements(x) => Operand::Slice(x.as_slice()),
        }
    }

    /// The elements for writing, if there are `len` of them and nothing else holds them.
    fn unique(&mut self, len: usize) -> Option<&mut [E]> {
        match self {
            Side::Elements(x) if x.len() == len => x.unique(),
            _ => None,
        }
    }

    fn into_storage(self) -> Storage<E> {
        match self {
            Side::Number(x) => Storage::filled(1, x),
            Side::Elements(x) => x,
        }
    }
}

/// Runs `f` with plans that write f(a, b), in the memory of an operand of the length of the result if nothing else holds
/// it. A vector of `f` has at most so many lanes.
pub(super) fn zip_plans<E: Coefficients>(
    a: Value<E>,
    b: Value<E>,
    lanes: usize,
    f: &dyn Fn(Plan<'_, E, 2>),
) -> Storage<E> {
    let (a, b) = match (a, b) {
        (Value::Many(a), Value::Each(b, times)) if times >= ROW && a.len() == b.len() * times => {
            return zip_each(a, &b, (times, lanes), f);
        }
        sides => sides,
    };
    let (mut a, mut b) = (Side::new(a), Side::new(b));
    let len = match (&a, &b) {
        (Side::Number(_), x) | (x, Side::Number(_)) => x.len(),
        (a, b) => {
            if a.len().min(b.len()) == 0 {
                0
            } else {
                a.len().max(b.len())
            }
        }
    };
    if let Some(out) = a.unique(len) {
        plan(out, [Operand::Output, b.operand()], f);
        return a.into_storage();
    }
    if let Some(out) = b.unique(len) {
        plan(out, [a.operand(), Operand::Output], f);
        return b.into_storage();
    }
    Storage::written(len, |out| plan(out, [a.operand(), b.operand()], f))
}

/// From so many repetitions on, those of a column are not written side by side.
const ROW: usize = 64;

/// Runs `f` with a plan that writes f(a, b), where each element of `b` stands for `times` of them; in the memory of `a` if
/// nothing else holds it.
fn zip_each<E: Coefficients>(
    mut a: Storage<E>,
    b: &[E],
    (times, lanes): (usize, usize),
    f: &dyn Fn(Plan<'_, E, 2>),
) -> Storage<E> {
    let mut column = Storage::unspecified(b.len() * lanes);
    E::spread(column.make_mut(), lanes, b);
    let column = Operand::Column(&column);
    if let Some(out) = a.unique() {
        exact(out, [Operand::Output, column], times, f);
        return a;
    }
    Storage::written(a.len(), |out| exact(out, [Operand::Slice(&a), column], times, f))
}

/// Runs `f` with plans that write f(g, a, b), in the memory of `g` if nothing else holds it.
pub(super) fn zip_grad_plans<E: Coefficients>(
    mut g: Storage<E>,
    a: &Value<E>,
    b: &Value<E>,
    f: &dyn Fn(Plan<'_, E, 3>),
) -> Storage<E> {
    let (a, b) = (Side::new(a.clone()), Side::new(b.clone()));
    if let Some(out) = g.unique() {
        plan(out, [Operand::Output, a.operand(), b.operand()], f);
        return g;
    }
    Storage::written(g.len(), |out| plan(out, [Operand::Slice(g.as_slice()), a.operand(), b.operand()], f))
}

/// Numbers, as operands of the operations above. Compiled in this crate.
pub trait Arithmetic: Sized {
    /// f(x) for each x, in the memory of `x` if nothing else holds it.
    #[doc(hidden)]
    fn number_map(f: NumberMap<Self>, x: Storage<Self>) -> Storage<Self>;
    /// f(a, b) for each pair; what is shorter repeats. In the memory of an operand, if nothing else holds it.
    #[doc(hidden)]
    fn number_zip(f: NumberZip<Self>, a: Value<Self>, b: Value<Self>) -> Storage<Self>;
    /// f(g, a, b) for each g; what is shorter repeats. In the memory of `g`, if nothing else holds it.
    #[doc(hidden)]
    fn number_zip_grad(f: NumberZipGrad, g: Storage<Self>, a: &Value<Self>, b: &Value<Self>)
    -> Storage<Self>;
    /// Each element times `factor`.
    #[doc(hidden)]
    fn scale(x: &mut [Self], factor: Self);
    /// The products of each `a` and each `b`: a row of `to` for each `a`.
    #[doc(hidden)]
    fn products(a: &[Self], b: &[Self], to: &mut [Self]);
    /// to = a - b for each pair.
    #[doc(hidden)]
    fn subtract(a: &[Self], b: &[Self], to: &mut [Self]);
}

macro_rules! impl_floats {
    ($($t:ty),*) => { $(
        impl Arithmetic for $t {
            fn number_map(f: NumberMap<Self>, x: Storage<Self>) -> Storage<Self> {
                map_plans(x, &|plan| map(f, plan))
            }
            fn number_zip(f: NumberZip<Self>, a: Value<Self>, b: Value<Self>) -> Storage<Self> {
                zip_plans(a, b, COLUMN_LANES, &|plan| zip(f, plan))
            }
            fn number_zip_grad(
                f: NumberZipGrad,
                g: Storage<Self>,
                a: &Value<Self>,
                b: &Value<Self>,
            ) -> Storage<Self> {
                zip_grad_plans(g, a, b, &|plan| zip_grad(f, plan))
            }
            fn scale(x: &mut [Self], factor: Self) {
                pointwise::at_level(#[inline(always)] || x.iter_mut().for_each(|x| *x *= factor));
            }
            fn products(a: &[Self], b: &[Self], to: &mut [Self]) {
                if to.is_empty() {
                    return;
                }
                let mut column = Storage::unspecified(a.len() * COLUMN_LANES);
                Self::spread(column.make_mut(), COLUMN_LANES, a);
                exact(to, [Operand::Column(&column), Operand::Slice(b)], b.len(), &|plan| zip(NumberZip::Mul, plan));
            }
            fn subtract(a: &[Self], b: &[Self], to: &mut [Self]) {
                pointwise::pairs(a, b, to, |a, b| a - b);
            }
        }
    )* };
}
impl_floats!(f32, f64);

impl Arithmetic for i64 {
    fn number_map(f: NumberMap<i64>, x: Storage<i64>) -> Storage<i64> {
        // Few loops, since each takes time to compile.
        let (min, max) = match f {
            NumberMap::Neg => return i64::number_zip(NumberZip::Sub, Value::Scalar(0), Value::Many(x)),
            NumberMap::Abs => return pointwise::map(x, i64::wrapping_abs),
            NumberMap::Identity => return x,
            NumberMap::Sign => (-1, 1),
            NumberMap::Zero => (0, 0),
            NumberMap::Clamp(min, max) => (min, max),
            NumberMap::ClampMin(min) => (min, i64::MAX),
            NumberMap::ClampMax(max) => (i64::MIN, max),
        };
        pointwise::map(x, |x| x.max(min).min(max))
    }

    fn number_zip(f: NumberZip<i64>, a: Value<i64>, b: Value<i64>) -> Storage<i64> {
        // Integers have no gradients: those of floats are here so that the table is complete.
        let grad: &dyn Fn(i64, i64) -> i64 = match f {
            NumberZip::Add => return pointwise::zip_values(a, b, i64::wrapping_add),
            NumberZip::Sub => return pointwise::zip_values(a, b, i64::wrapping_sub),
            NumberZip::Mul => return pointwise::zip_values(a, b, i64::wrapping_mul),
            NumberZip::Maximum => return pointwise::zip_values(a, b, i64::max),
            NumberZip::Minimum => return pointwise::zip_values(a, b, i64::min),
            NumberZip::AbsGrad => &|g, x| g.wrapping_mul(x.signum()),
            NumberZip::ClampGrad(min, max) => &move |g, x| if x > min && x < max { g } else { 0 },
            NumberZip::ClampMinGrad(min) => &move |g, x| if x > min { g } else { 0 },
            NumberZip::ClampMaxGrad(max) => &move |g, x| if x < max { g } else { 0 },
        };
        pointwise::zip_values(a, b, grad)
    }

    fn number_zip_grad(f: NumberZipGrad, g: Storage<i64>, a: &Value<i64>, b: &Value<i64>) -> Storage<i64> {
        let smaller = |g: i64, a: i64, b: i64| match a.cmp(&b) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => g / 2,
            std::cmp::Ordering::Greater => g,
        };
        match f {
            NumberZipGrad::Maximum => pointwise::zip_grad(g, a, b, smaller),
            NumberZipGrad::Minimum => pointwise::zip_grad(g, a, b, |g, a, b| smaller(g, b, a)),
        }
    }

    fn scale(x: &mut [i64], factor: i64) {
        x.iter_mut().for_each(|x| *x = x.wrapping_mul(factor));
    }
    fn products(a: &[Self], b: &[Self], to: &mut [Self]) {
        for (row, a) in to.chunks_exact_mut(b.len().max(1)).zip(a) {
            row.iter_mut().zip(b).for_each(|(to, b)| *to = a.wrapping_mul(*b));
        }
    }
    fn subtract(a: &[Self], b: &[Self], to: &mut [Self]) {
        pointwise::pairs(a, b, to, i64::wrapping_sub);
    }
}
