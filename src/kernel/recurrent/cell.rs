//! One step of a recurrent layer: from sums to gates, and from gates to the next state, in one pass, with the
//! instruction set of the machine.
//!
//! Floor of an LSTM for a unit: five sigmoids or tanhs, eleven loads and stores.

use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::math::exponential::{sigmoid, tanh};
use crate::kernel::simd::{Kernel, Simd, Vector, dispatch};

/// The kind of a recurrent cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// h' = tanh(s).
    Tanh,
    /// h' = max(s, 0).
    Relu,
    /// RecurrentStep i, f, g, o: c' = f c + i g, and h' = o tanh c'.
    Lstm,
    /// RecurrentStep r, z, n: h' = (1 - z) n + z h, where r is inside n.
    Gru,
}

impl Kind {
    /// The number of gates: rows of `weight_ih` for each unit.
    pub(crate) const fn num_gates(self) -> usize {
        match self {
            Kind::Tanh | Kind::Relu => 1,
            Kind::Gru => 3,
            Kind::Lstm => 4,
        }
    }

    /// The number of vectors of a state: h, or h and c.
    pub(crate) const fn num_states(self) -> usize {
        if matches!(self, Kind::Lstm) { 2 } else { 1 }
    }

    /// Whether a step keeps one more number for each unit: tanh c' for the LSTM; for the GRU, what r is multiplied with.
    pub(in crate::kernel) const fn keeps(self) -> bool {
        matches!(self, Kind::Lstm | Kind::Gru)
    }
}

/// The operands of a step; `gates` has gates x units elements for each row, the others have units. `c`, `c_before`
/// and `kept` are empty where the kind has none.
pub struct Step<'a, E> {
    pub(super) units: usize,
    /// In: the sums; for the GRU, the part of them that comes from the input. Out: the gates.
    pub(super) gates: &'a mut [E],
    /// For the GRU, the part that comes from the state before.
    pub(super) sums: &'a [E],
    pub(super) h_before: &'a [E],
    pub(super) h: &'a mut [E],
    pub(super) c_before: &'a [E],
    pub(super) c: &'a mut [E],
    pub(super) kept: &'a mut [E],
}

/// The operands of the backward pass of a step.
pub struct StepBack<'a, E> {
    pub(super) units: usize,
    /// In: the gates. Out: the gradients of their sums, as the input sees them.
    pub(super) gates: &'a mut [E],
    /// The gradients of the sums as the state before sees them, for the GRU only, where they differ.
    pub(super) hidden: &'a mut [E],
    pub(super) h_before: &'a [E],
    pub(super) c_before: &'a [E],
    /// Out, for the GRU: the last third of `hidden`.
    pub(super) kept: &'a mut [E],
    /// Added to `dh`: the gradients of the outputs, whose rows are `output_row` apart.
    pub(super) output: &'a [E],
    pub(super) output_row: usize,
    /// In: dL/dh' without what comes from the output. Out, for the GRU: the part of dL/dh that does not come through the
    /// sums. For the others there is none.
    pub(super) dh: &'a mut [E],
    /// In: dL/dc' without what comes from h'. Out: dL/dc.
    pub(super) dc: &'a mut [E],
}

/// The steps of recurrent layers for an element type, compiled in this crate.
pub trait RecurrentStep: Sized {
    /// From the sums, with their biases, to the gates and the next state.
    #[doc(hidden)]
    fn step(kind: Kind, step: Step<'_, Self>);
    /// From the gradient of a state to those of the sums and of the state before.
    #[doc(hidden)]
    fn step_back(kind: Kind, step: StepBack<'_, Self>);
}

macro_rules! impl_recurrent_step {
    ($($t:ty),*) => { $(
        impl RecurrentStep for $t {
            fn step(kind: Kind, step: Step<'_, Self>) {
                dispatch(Forward(kind, step));
            }
            fn step_back(kind: Kind, step: StepBack<'_, Self>) {
                dispatch(Backward(kind, step));
            }
        }
    )* };
}
impl_recurrent_step!(f32, f64);

/// A vector of `x` from element `i` on; zeros after the end.
#[inline(always)]
fn load<E: Coefficients, V: Vector<E>>(x: &[E], i: usize) -> V {
    V::load_up_to(&x[i..], E::ZERO)
}

/// Writes a vector to `x` from element `i` on, up to the end.
#[inline(always)]
fn store<E: Coefficients, V: Vector<E>>(v: V, x: &mut [E], i: usize) {
    v.store_up_to(&mut x[i..]);
}

struct Forward<'a, E>(Kind, Step<'a, E>);

impl<E: Coefficients> Kernel for Forward<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        self.in_vectors::<E::Pair<S>>();
    }
}

impl<E: Coefficients> Forward<'_, E> {
    #[inline(always)]
    fn in_vectors<V: Vector<E>>(self) {
        let Forward(kind, Step { units, gates, sums, h_before, h, c_before, c, kept }) = self;
        let (lanes, width) = (V::LANES, kind.num_gates() * units);
        let zero = V::zero();
        for (b, gates) in gates.chunks_exact_mut(width.max(1)).enumerate() {
            let row = b * units..(b + 1) * units;
            let h = &mut h[row.clone()];
            match kind {
                Kind::Tanh => {
                    for j in (0..units).step_by(lanes) {
                        let y = tanh(load::<E, V>(gates, j));
                        store::<E, V>(y, gates, j);
                        store::<E, V>(y, h, j);
                    }
                }
                Kind::Relu => {
                    for j in (0..units).step_by(lanes) {
                        let x = load::<E, V>(gates, j);
                        // PyTorch's: NaN stays NaN.
                        let y = V::select(x.le(zero), zero, x);
                        store::<E, V>(y, gates, j);
                        store::<E, V>(y, h, j);
                    }
                }
                Kind::Lstm => {
                    let (i_f, g_o) = gates.split_at_mut(2 * units);
                    let ((i_gate, f_gate), (g_gate, o_gate)) =
                        (i_f.split_at_mut(units), g_o.split_at_mut(units));
                    let (c_before, c, kept) = (&c_before[row.clone()], &mut c[row.clone()], &mut kept[row]);
                    for j in (0..units).step_by(lanes) {
                        let i = sigmoid(load::<E, V>(i_gate, j));
                        let f = sigmoid(load::<E, V>(f_gate, j));
                        let g = tanh(load::<E, V>(g_gate, j));
                        let o = sigmoid(load::<E, V>(o_gate, j));
                        let next = f.mul_add(load::<E, V>(c_before, j), i * g);
                        let curve = tanh(next);
                        store::<E, V>(i, i_gate, j);
                        store::<E, V>(f, f_gate, j);
                        store::<E, V>(g, g_gate, j);
                        store::<E, V>(o, o_gate, j);
                        store::<E, V>(next, c, j);
                        store::<E, V>(curve, kept, j);
                        store::<E, V>(o * curve, h, j);
                    }
                }
                Kind::Gru => {
                    let (r_z, n_gate) = gates.split_at_mut(2 * units);
                    let (r_gate, z_gate) = r_z.split_at_mut(units);
                    let sums = &sums[b * width..][..width];
                    let (sums_r, sums_z, sums_n) =
                        (&sums[..units], &sums[units..2 * units], &sums[2 * units..]);
                    let (h_before, kept) = (&h_before[row.clone()], &mut kept[row]);
                    for j in (0..units).step_by(lanes) {
                        let r = sigmoid(load::<E, V>(r_gate, j) + load::<E, V>(sums_r, j));
                        let z = sigmoid(load::<E, V>(z_gate, j) + load::<E, V>(sums_z, j));
                        let state = load::<E, V>(sums_n, j);
                        let n = tanh(r.mul_add(state, load::<E, V>(n_gate, j)));
                        store::<E, V>(r, r_gate, j);
                        store::<E, V>(z, z_gate, j);
                        store::<E, V>(n, n_gate, j);
                        store::<E, V>(state, kept, j);
                        store::<E, V>(z.mul_add(load::<E, V>(h_before, j) - n, n), h, j);
                    }
                }
            }
        }
    }
}

struct Backward<'a, E>(Kind, StepBack<'a, E>);

impl<E: Coefficients> Kernel for Backward<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        self.in_vectors::<E::V<S>>();
    }
}

impl<E: Coefficients> Backward<'_, E> {
    #[inline(always)]
    fn in_vectors<V: Vector<E>>(self) {
        let Backward(kind, step) = self;
        let StepBack { units, gates, hidden, h_before, c_before, kept, output, output_row, dh, dc } = step;
        let (lanes, width) = (V::LANES, kind.num_gates() * units);
        let (zero, one) = (V::zero(), V::splat(E::one()));
        for (b, gates) in gates.chunks_exact_mut(width.max(1)).enumerate() {
            let row = b * units..(b + 1) * units;
            let (output, dh) = (&output[b * output_row..][..units], &mut dh[row.clone()]);
            match kind {
                Kind::Tanh => {
                    for j in (0..units).step_by(lanes) {
                        let d = load::<E, V>(dh, j) + load::<E, V>(output, j);
                        let y = load::<E, V>(gates, j);
                        store::<E, V>(d * (one - y * y), gates, j);
                    }
                }
                Kind::Relu => {
                    for j in (0..units).step_by(lanes) {
                        let d = load::<E, V>(dh, j) + load::<E, V>(output, j);
                        let y = load::<E, V>(gates, j);
                        store::<E, V>(V::select(y.le(zero), zero, d), gates, j);
                    }
                }
                Kind::Lstm => {
                    let (i_f, g_o) = gates.split_at_mut(2 * units);
                    let ((i_gate, f_gate), (g_gate, o_gate)) =
                        (i_f.split_at_mut(units), g_o.split_at_mut(units));
                    let (c_before, kept, dc) = (&c_before[row.clone()], &kept[row.clone()], &mut dc[row]);
                    for j in (0..units).step_by(lanes) {
                        let i = load::<E, V>(i_gate, j);
                        let f = load::<E, V>(f_gate, j);
                        let g = load::<E, V>(g_gate, j);
                        let o = load::<E, V>(o_gate, j);
                        let curve = load::<E, V>(kept, j);
                        let dh = load::<E, V>(dh, j) + load::<E, V>(output, j);
                        let d = load::<E, V>(dc, j) + dh * o * (one - curve * curve);
                        store::<E, V>(d * f, dc, j);
                        store::<E, V>(d * g * i * (one - i), i_gate, j);
                        store::<E, V>(d * load::<E, V>(c_before, j) * f * (one - f), f_gate, j);
                        store::<E, V>(d * i * (one - g * g), g_gate, j);
                        store::<E, V>(dh * curve * o * (one - o), o_gate, j);
                    }
                }
                Kind::Gru => {
                    let (r_z, n_gate) = gates.split_at_mut(2 * units);
                    let (r_gate, z_gate) = r_z.split_at_mut(units);
                    let hidden = &mut hidden[b * width..][..width];
                    let (hidden_r_z, hidden_n) = hidden.split_at_mut(2 * units);
                    let (hidden_r, hidden_z) = hidden_r_z.split_at_mut(units);
                    let (h_before, kept) = (&h_before[row.clone()], &mut kept[row]);
                    for j in (0..units).step_by(lanes) {
                        let r = load::<E, V>(r_gate, j);
                        let z = load::<E, V>(z_gate, j);
                        let n = load::<E, V>(n_gate, j);
                        let d = load::<E, V>(dh, j) + load::<E, V>(output, j);
                        let dn = d * (one - z) * (one - n * n);
                        let dz = d * (load::<E, V>(h_before, j) - n) * z * (one - z);
                        let dr = dn * load::<E, V>(kept, j) * r * (one - r);
                        store::<E, V>(dr, r_gate, j);
                        store::<E, V>(dz, z_gate, j);
                        store::<E, V>(dn, n_gate, j);
                        store::<E, V>(dr, hidden_r, j);
                        store::<E, V>(dz, hidden_z, j);
                        store::<E, V>(dn * r, hidden_n, j);
                        store::<E, V>(dn * r, kept, j);
                        store::<E, V>(d * z, dh, j);
                    }
                }
            }
        }
    }
}
