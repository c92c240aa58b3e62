//! One step of a recurrent layer for one row of a batch: from sums to gates, and from gates to the next state.

use crate::element::Float;

/// What a recurrent layer computes in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// h' = tanh(s).
    Tanh,
    /// h' = max(s, 0).
    Relu,
    /// Gates i, f, g, o: c' = f c + i g, and h' = o tanh c'.
    Lstm,
    /// Gates r, z, n: h' = (1 - z) n + z h, where r is inside of n.
    Gru,
}

impl Kind {
    /// The number of gates: rows of `weight_ih` for each unit.
    pub(crate) const fn gates(self) -> usize {
        match self {
            Kind::Tanh | Kind::Relu => 1,
            Kind::Gru => 3,
            Kind::Lstm => 4,
        }
    }

    /// The number of parts of a state: h, or h and c.
    pub(crate) const fn parts(self) -> usize {
        if matches!(self, Kind::Lstm) { 2 } else { 1 }
    }

    /// Whether a step keeps one more number for each unit: tanh c' for the LSTM; for the GRU, what r is multiplied with.
    pub(in crate::kernel) const fn keeps(self) -> bool {
        matches!(self, Kind::Lstm | Kind::Gru)
    }
}

/// What a step reads and writes for one row; `gates` is gates x units, the others are units. `c`, `c_before` and
/// `kept` are empty where the kind has none.
pub(in crate::kernel) struct Row<'a, E> {
    /// In: the sums; for the GRU, the part of them that comes from the input. Out: the gates.
    pub gates: &'a mut [E],
    /// For the GRU, the part that comes from the state before.
    pub sums: &'a [E],
    pub h_before: &'a [E],
    pub h: &'a mut [E],
    pub c_before: &'a [E],
    pub c: &'a mut [E],
    pub kept: &'a mut [E],
}

/// From the sums, with their biases, to the gates and the next state.
pub(in crate::kernel) fn step<E: Float>(kind: Kind, row: Row<'_, E>) {
    let Row { gates, sums, h_before, h, c_before, c, kept } = row;
    let units = h.len();
    if kind == Kind::Gru {
        let (both, n) = gates.split_at_mut(2 * units);
        E::accumulate(both, &sums[..2 * units]);
        E::sigmoid_all(both);
        let (r, z) = both.split_at(units);
        kept.copy_from_slice(&sums[2 * units..]);
        for ((n, r), kept) in n.iter_mut().zip(r).zip(&*kept) {
            *n += *r * *kept;
        }
        E::tanh_all(n);
        for j in 0..units {
            h[j] = n[j] + z[j] * (h_before[j] - n[j]);
        }
        return;
    }
    match kind {
        Kind::Tanh => {
            E::tanh_all(gates);
            h.copy_from_slice(gates);
        }
        Kind::Relu => {
            // PyTorch's: NaN stays NaN.
            gates.iter_mut().for_each(|x| *x = if *x <= E::zero() { E::zero() } else { *x });
            h.copy_from_slice(gates);
        }
        _ => {
            let (i_f, g_o) = gates.split_at_mut(2 * units);
            let (g, o) = g_o.split_at_mut(units);
            E::sigmoid_all(i_f);
            E::tanh_all(g);
            E::sigmoid_all(o);
            let (i, f) = i_f.split_at(units);
            // All of one length, which saves a comparison for each element.
            let (i, f, g, o) = (&i[..units], &f[..units], &g[..units], &o[..units]);
            let (c, c_before, kept) = (&mut c[..units], &c_before[..units], &mut kept[..units]);
            for j in 0..units {
                c[j] = f[j] * c_before[j] + i[j] * g[j];
            }
            kept.copy_from_slice(c);
            E::tanh_all(kept);
            for j in 0..units {
                h[j] = o[j] * kept[j];
            }
        }
    }
}

/// What the way back through a step reads and writes for one row.
pub(in crate::kernel) struct RowBack<'a, E> {
    /// In: the gates. Out: the gradients of their sums, as the input sees them.
    pub gates: &'a mut [E],
    /// The gradients of the sums as the state before sees them, for the GRU only, where they differ.
    pub hidden: &'a mut [E],
    pub h_before: &'a [E],
    pub c_before: &'a [E],
    /// Out, for the GRU: the last third of `hidden`.
    pub kept: &'a mut [E],
    /// In: dL/dh'. Out: the part of dL/dh that does not come through the sums.
    pub dh: &'a mut [E],
    /// In: dL/dc' without what comes from h'. Out: dL/dc.
    pub dc: &'a mut [E],
}

/// From the gradient of a state to those of the sums and of the state before.
pub(in crate::kernel) fn step_back<E: Float>(kind: Kind, row: RowBack<'_, E>) {
    let RowBack { gates, hidden, h_before, c_before, kept, dh, dc } = row;
    let units = dh.len();
    let one = E::one();
    match kind {
        Kind::Tanh => {
            for (y, dh) in gates.iter_mut().zip(dh) {
                *y = *dh * (one - *y * *y);
                *dh = E::zero();
            }
        }
        Kind::Relu => {
            for (y, dh) in gates.iter_mut().zip(dh) {
                *y = if *y <= E::zero() { E::zero() } else { *dh };
                *dh = E::zero();
            }
        }
        Kind::Lstm => {
            let (i_f, g_o) = gates.split_at_mut(2 * units);
            let ((i, f), (g, o)) = (i_f.split_at_mut(units), g_o.split_at_mut(units));
            let (c_before, kept) = (&c_before[..units], &kept[..units]);
            let (dc, dh) = (&mut dc[..units], &mut dh[..units]);
            let (i, f, g, o) = (&mut i[..units], &mut f[..units], &mut g[..units], &mut o[..units]);
            for j in 0..units {
                let d = dc[j] + dh[j] * o[j] * (one - kept[j] * kept[j]);
                dc[j] = d * f[j];
                o[j] = dh[j] * kept[j] * o[j] * (one - o[j]);
                f[j] = d * c_before[j] * f[j] * (one - f[j]);
                let di = d * g[j] * i[j] * (one - i[j]);
                g[j] = d * i[j] * (one - g[j] * g[j]);
                i[j] = di;
                dh[j] = E::zero();
            }
        }
        Kind::Gru => {
            let (r_z, n) = gates.split_at_mut(2 * units);
            let (r, z) = r_z.split_at_mut(units);
            let (hidden_r_z, hidden_n) = hidden.split_at_mut(2 * units);
            let (hidden_n, h_before) = (&mut hidden_n[..units], &h_before[..units]);
            let (kept, dh, n) = (&mut kept[..units], &mut dh[..units], &mut n[..units]);
            for j in 0..units {
                let dn = dh[j] * (one - z[j]) * (one - n[j] * n[j]);
                let dz = dh[j] * (h_before[j] - n[j]) * z[j] * (one - z[j]);
                let dr = dn * kept[j] * r[j] * (one - r[j]);
                kept[j] = dn * r[j];
                hidden_n[j] = kept[j];
                dh[j] *= z[j];
                (r[j], z[j], n[j]) = (dr, dz, dn);
            }
            hidden_r_z.copy_from_slice(r_z);
        }
    }
}
