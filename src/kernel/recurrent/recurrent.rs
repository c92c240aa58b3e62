//! Recurrent layers: all layers, directions and steps in one pass, and the way back through time.
//!
//! Inside, time is the first axis, so that a step is one block of memory. The sums of all inputs of a layer are one
//! product; each step is one more, of the state before and `weight_hh`. On the way back the gradients of the sums
//! take the place of the gates, and those of the weights are one product over all steps.

use crate::element::Float;
use crate::kernel::gemm::{Epilogue, Factor, PackedB, multiply, reads_columns};
use crate::kernel::random::dropout;
use crate::kernel::recurrent::cell::{Kind, Row, RowBack, step, step_back};
use crate::storage::Storage;

/// The sizes of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub kind: Kind,
    pub batch: usize,
    pub time: usize,
    pub input: usize,
    pub units: usize,
    pub layers: usize,
    /// 1, or 2 where a layer also runs from the last step to the first.
    pub directions: usize,
}

impl Sizes {
    /// The length of all gates of one row.
    fn gates(self) -> usize {
        self.kind.gates() * self.units
    }

    /// The length of the states of all rows: of h, or of c.
    fn block(self) -> usize {
        self.batch * self.units
    }

    /// The width of the input of a layer.
    fn input_of(self, layer: usize) -> usize {
        if layer == 0 { self.input } else { self.directions * self.units }
    }

    /// Where a state is in memory: part 0 is h and part 1 is c.
    fn place(self, part: usize, layer: usize, direction: usize) -> std::ops::Range<usize> {
        let start = ((part * self.layers + layer) * self.directions + direction) * self.block();
        start..start + self.block()
    }

    /// The number of elements of the states of all layers.
    pub(crate) fn state(self) -> usize {
        self.kind.parts() * self.layers * self.directions * self.block()
    }

    /// The elements of the output of a layer.
    pub(crate) fn output(self) -> usize {
        self.time * self.directions * self.block()
    }
}

/// The weights of one layer in one direction.
#[derive(Clone)]
pub(crate) struct Weights<E> {
    pub ih: Storage<E>,
    pub hh: Storage<E>,
    pub bias: Option<[Storage<E>; 2]>,
}

/// What one layer saves in one direction. The states of step t lie before and behind it, so that there are T + 1.
struct Track<E> {
    gates: Vec<E>,
    h: Vec<E>,
    c: Vec<E>,
    kept: Vec<E>,
}

/// What one layer saves.
struct Layer<E> {
    x: Storage<E>,
    tracks: Vec<Track<E>>,
}

/// What a run saves for the way back: one entry for each layer, and the masks of the dropout between them.
pub(crate) struct Saved<E> {
    layers: Vec<Layer<E>>,
    masks: Masks<E>,
}

/// What is dropped of the outputs of all layers but the last: nothing if there are no bits.
pub(crate) struct Masks<E> {
    pub bits: Vec<Vec<u64>>,
    pub scale: E,
}

impl<E: Float> Masks<E> {
    fn apply(&self, layer: usize, x: Storage<E>) -> Storage<E> {
        match self.bits.get(layer) {
            Some(bits) => dropout::apply(x, bits, self.scale, 1),
            None => x,
        }
    }
}

/// `[a, b, width]` as `[b, a, width]`.
fn swapped<E: Float>(x: &[E], a: usize, b: usize, width: usize, out: &mut [E]) {
    if a == 1 || b == 1 {
        return out.copy_from_slice(x);
    }
    for i in 0..a {
        for j in 0..b {
            out[(j * a + i) * width..][..width].copy_from_slice(&x[(i * b + j) * width..][..width]);
        }
    }
}

/// The block in front of step t and the one behind it, in the direction of time.
fn around<E>(blocks: &mut [E], t: usize, block: usize, reverse: bool) -> (&mut [E], &mut [E]) {
    let (front, back) = blocks.split_at_mut((t + 1) * block);
    let (front, back) = (&mut front[t * block..], &mut back[..block]);
    if reverse { (back, front) } else { (front, back) }
}

/// Adds x Wᵀ to y, for x of `rows` rows and W of `out` rows, both of `inner` columns.
fn forward_product<E: Float>([rows, inner, out]: [usize; 3], x: &[E], w: &[E], y: &mut [E]) {
    E::gemm_onto(E::one(), [rows, inner, out], (x, [inner, 1]), (w, [1, inner]), y);
}

/// One layer in one direction, over x of `[T, B, input]`.
fn run<E: Float>(sizes: Sizes, x: &[E], weights: &Weights<E>, reverse: bool, h: &[E], c: &[E]) -> Track<E> {
    let Sizes { kind, batch, time, units, .. } = sizes;
    let (block, width) = (sizes.block(), sizes.gates());
    let hh = weights.hh.as_slice();
    let packed = (time > 1 && !reads_columns(batch)).then(|| PackedB::new([units, width], (hh, [1, units])));
    let hh = packed.as_ref().map_or(Factor::Plain(hh, [1, units]), Factor::Packed);
    let zeros = vec![E::zero(); if weights.bias.is_none() { width } else { 0 }];
    let (bias, hidden_bias) = match &weights.bias {
        Some([ih, hh]) => (ih.as_slice(), hh.as_slice()),
        None => (&zeros[..], &zeros[..]),
    };
    // The products are added to the biases: to both of them, but for the GRU, whose sums of the state are apart.
    let apart = kind == Kind::Gru;
    let mut gates = vec![E::zero(); time * batch * width];
    if weights.bias.is_some() {
        let mut first = bias.to_vec();
        if !apart {
            E::accumulate(&mut first, hidden_bias);
        }
        gates.chunks_exact_mut(width.max(1)).for_each(|row| row.copy_from_slice(&first));
    }
    let input = weights.ih.len() / width.max(1);
    forward_product([time * batch, input, width], x, weights.ih.as_slice(), &mut gates);

    let states = |first: &[E]| {
        let mut all = vec![E::zero(); (time + 1) * first.len()];
        let at = if reverse { time } else { 0 };
        all[at * first.len()..][..first.len()].copy_from_slice(first);
        all
    };
    let (mut h, mut c) = (states(h), states(c));
    let mut kept = vec![E::zero(); if kind.keeps() { time * block } else { 0 }];
    let onto = |h: &[E], y: &mut [E]| {
        multiply([batch, units, width], (h, [units, 1]), hh, (y, width), true, Epilogue::Nothing);
    };
    let mut sums = vec![E::zero(); if apart { batch * width } else { 0 }];
    for i in 0..time {
        let t = if reverse { time - 1 - i } else { i };
        let (h_before, h) = around(&mut h, t, block, reverse);
        let (c_before, c) = around(&mut c, t, if kind.parts() == 2 { block } else { 0 }, reverse);
        let gates = &mut gates[t * batch * width..][..batch * width];
        if apart {
            sums.chunks_exact_mut(width.max(1)).for_each(|row| row.copy_from_slice(hidden_bias));
            onto(h_before, &mut sums);
        } else {
            onto(h_before, gates);
        }
        let kept = if kind.keeps() { &mut kept[t * block..][..block] } else { &mut [] };
        for b in 0..batch {
            let of = |slice: &[E]| if slice.is_empty() { 0..0 } else { b * units..(b + 1) * units };
            let row = Row {
                gates: &mut gates[b * width..][..width],
                sums: if apart { &sums[b * width..][..width] } else { &[] },
                h_before: &h_before[b * units..][..units],
                h: &mut h[b * units..][..units],
                c_before: &c_before[of(c_before)],
                c: {
                    let at = of(c);
                    &mut c[at]
                },
                kept: {
                    let at = of(kept);
                    &mut kept[at]
                },
            };
            step(kind, row);
        }
    }
    Track { gates, h, c, kept }
}

/// Runs all layers over x of `[B, T, input]`, from the first state, or from zeros.
///
/// Returns the output, `[B, T, directions * units]`; the last state, `[parts, layers * directions, B, units]`; and
/// what the way back needs, if `save` says so.
#[inline(never)]
pub(crate) fn forward<E: Float>(
    sizes: Sizes,
    weights: &[Weights<E>],
    x: &[E],
    first: Option<&[E]>,
    masks: Masks<E>,
    save: bool,
) -> (Storage<E>, Storage<E>, Option<Saved<E>>) {
    let Sizes { kind, batch, time, units, directions, .. } = sizes;
    let block = sizes.block();
    let zeros = vec![E::zero(); if first.is_none() { block } else { 0 }];
    let mut output = Storage::filled(sizes.output(), E::zero());
    let mut state = Storage::filled(sizes.state(), E::zero());
    let mut layers = Vec::with_capacity(if save { sizes.layers } else { 0 });
    let mut x = {
        let mut all = Storage::filled(x.len(), E::zero());
        swapped(x, batch, time, sizes.input, all.make_mut());
        all
    };
    for layer in 0..sizes.layers {
        let mut tracks = Vec::with_capacity(directions);
        for direction in 0..directions {
            let begin = |part| match first {
                _ if part >= kind.parts() => &[],
                Some(first) => &first[sizes.place(part, layer, direction)],
                None => &zeros[..],
            };
            let weights = &weights[layer * directions + direction];
            let reverse = direction == 1;
            let track = run(sizes, x.as_slice(), weights, reverse, begin(0), begin(1));
            let last = if reverse { 0 } else { time * block };
            let out = state.make_mut();
            out[sizes.place(0, layer, direction)].copy_from_slice(&track.h[last..][..block]);
            if kind.parts() == 2 {
                out[sizes.place(1, layer, direction)].copy_from_slice(&track.c[last..][..block]);
            }
            tracks.push(track);
        }
        let all = directions * units;
        if layer + 1 == sizes.layers {
            let output = output.make_mut();
            each_state(sizes, &tracks, |b, t, direction, h| {
                output[(b * time + t) * all + direction * units..][..units].copy_from_slice(h);
            });
        }
        let next = if layer + 1 < sizes.layers {
            let mut next = Storage::filled(sizes.output(), E::zero());
            let elements = next.make_mut();
            each_state(sizes, &tracks, |b, t, direction, h| {
                elements[(t * batch + b) * all + direction * units..][..units].copy_from_slice(h);
            });
            masks.apply(layer, next)
        } else {
            Storage::empty()
        };
        let x = std::mem::replace(&mut x, next);
        if save {
            layers.push(Layer { x, tracks });
        }
    }
    (output, state, save.then_some(Saved { layers, masks }))
}

/// Calls `f` with the row, the step, the direction and h, for each state behind a step.
fn each_state<E: Float>(sizes: Sizes, tracks: &[Track<E>], mut f: impl FnMut(usize, usize, usize, &[E])) {
    for (direction, track) in tracks.iter().enumerate() {
        let behind = if direction == 1 { &track.h[..] } else { &track.h[sizes.block()..] };
        for t in 0..sizes.time {
            for b in 0..sizes.batch {
                f(b, t, direction, &behind[(t * sizes.batch + b) * sizes.units..][..sizes.units]);
            }
        }
    }
}

/// The gradients that reach a run: of its output, and of its last state.
#[derive(Clone, Copy)]
pub(crate) struct Reached<'a, E> {
    pub output: Option<&'a [E]>,
    pub state: Option<&'a [E]>,
}

/// The way back through one layer in one direction, over the gradient of the outputs of the layer, `[T, B, all]`.
/// The gradients of the sums take the place of the gates. Returns those of the first h and c.
fn run_back<E: Float>(
    sizes: Sizes,
    track: &mut Track<E>,
    weights: &Weights<E>,
    direction: usize,
    output: &[E],
    (mut dh, mut dc): (Vec<E>, Vec<E>),
) -> (Vec<E>, Vec<E>) {
    let Sizes { kind, batch, time, units, .. } = sizes;
    let (block, width, all) = (sizes.block(), sizes.gates(), sizes.directions * units);
    let reverse = direction == 1;
    let mut hidden = vec![E::zero(); if kind == Kind::Gru { batch * width } else { 0 }];
    let hh = weights.hh.as_slice();
    let packed = (time > 1 && batch > 1).then(|| PackedB::new([width, units], (hh, [units, 1])));
    let hh = packed.as_ref().map_or(Factor::Plain(hh, [units, 1]), Factor::Packed);
    for i in 0..time {
        let t = if reverse { i } else { time - 1 - i };
        let (h_before, _) = around(&mut track.h, t, block, reverse);
        let (c_before, _) = around(&mut track.c, t, if kind.parts() == 2 { block } else { 0 }, reverse);
        let gates = &mut track.gates[t * batch * width..][..batch * width];
        let kept = if kind.keeps() { &mut track.kept[t * block..][..block] } else { &mut [] };
        for b in 0..batch {
            let dh = &mut dh[b * units..][..units];
            E::accumulate(dh, &output[(t * batch + b) * all + direction * units..][..units]);
            let of = |slice: &[E]| if slice.is_empty() { 0..0 } else { b * units..(b + 1) * units };
            let row = RowBack {
                gates: &mut gates[b * width..][..width],
                hidden: if kind == Kind::Gru { &mut hidden[b * width..][..width] } else { &mut [] },
                h_before: &h_before[b * units..][..units],
                c_before: &c_before[of(c_before)],
                kept: {
                    let at = of(kept);
                    &mut kept[at]
                },
                dh,
                dc: {
                    let at = of(&dc);
                    &mut dc[at]
                },
            };
            step_back(kind, row);
        }
        let hidden = if kind == Kind::Gru { &hidden } else { &*gates };
        multiply([batch, width, units], (hidden, [width, 1]), hh, (&mut dh, units), true, Epilogue::Nothing);
    }
    (dh, dc)
}

/// The sum of the rows of a matrix of rows of `width`.
fn sum_of_rows<E: Float>(rows: &[E], width: usize, sum: &mut [E]) {
    rows.chunks_exact(width.max(1)).for_each(|row| E::accumulate(sum, row));
}

/// The gradients of the weights of one layer in one direction, one after the other. `x` has rows of `input`.
fn weights_back<E: Float>(
    sizes: Sizes,
    (x, input): (&[E], usize),
    track: &Track<E>,
    biased: bool,
    reverse: bool,
    out: &mut [E],
) {
    let Sizes { kind, batch, time, units, .. } = sizes;
    let (width, rows, block) = (sizes.gates(), time * batch, sizes.block());
    let (ih, out) = out.split_at_mut(width * input);
    let (hh, out) = out.split_at_mut(width * units);
    E::gemm([width, rows, input], (&track.gates, [1, width]), (x, [input, 1]), ih);
    let before = if reverse { &track.h[block..] } else { &track.h[..time * block] };
    // For the GRU, the last third of what the state sees is not what the input sees.
    let equal = if kind == Kind::Gru { 2 * units } else { width };
    let (hh_equal, hh_other) = hh.split_at_mut(equal * units);
    E::gemm([equal, rows, units], (&track.gates, [1, width]), (before, [units, 1]), hh_equal);
    if kind == Kind::Gru {
        E::gemm([units, rows, units], (&track.kept, [1, units]), (before, [units, 1]), hh_other);
    }
    if biased {
        let (bias, hidden_bias) = out.split_at_mut(width);
        sum_of_rows(&track.gates, width, bias);
        hidden_bias[..equal].copy_from_slice(&bias[..equal]);
        if kind == Kind::Gru {
            sum_of_rows(&track.kept, units, &mut hidden_bias[equal..]);
        }
    }
}

/// The way back through all layers: the gradient of the input, and those of all weights, with that of the first
/// state behind them, in one row; each if it is wanted.
#[inline(never)]
pub(crate) fn backward<E: Float>(
    sizes: Sizes,
    weights: &[Weights<E>],
    saved: Saved<E>,
    reached: Reached<'_, E>,
    wanted: (bool, bool),
) -> (Option<Storage<E>>, Option<Storage<E>>) {
    let Sizes { kind, batch, time, units, directions, .. } = sizes;
    let (block, width, rows) = (sizes.block(), sizes.gates(), time * batch);
    let of = |w: &Weights<E>| w.ih.len() + w.hh.len() + if w.bias.is_some() { 2 * width } else { 0 };
    let parameters: usize = weights.iter().map(of).sum();
    let mut rest = Storage::filled(if wanted.1 { parameters + sizes.state() } else { 0 }, E::zero());
    let (mut all, state) = rest.make_mut().split_at_mut(if wanted.1 { parameters } else { 0 });

    let mut output = Storage::filled(sizes.output(), E::zero());
    if let Some(grad) = reached.output {
        swapped(grad, batch, time, directions * units, output.make_mut());
    }
    let mut x_grad = None;
    let Saved { layers, masks } = saved;
    for (layer, saved) in layers.into_iter().enumerate().rev() {
        let Layer { x, mut tracks } = saved;
        let weights = &weights[layer * directions..][..directions];
        let input = sizes.input_of(layer);
        let dx = layer > 0 || wanted.0;
        let mut x_sum = Storage::filled(if dx { rows * input } else { 0 }, E::zero());
        let mut x_part = vec![E::zero(); if dx && directions == 2 { rows * input } else { 0 }];
        for direction in (0..directions).rev() {
            let end = |part| match reached.state {
                _ if part >= kind.parts() => Vec::new(),
                Some(grad) => grad[sizes.place(part, layer, direction)].to_vec(),
                None => vec![E::zero(); block],
            };
            let (track, weights) = (&mut tracks[direction], &weights[direction]);
            let (dh, dc) = run_back(sizes, track, weights, direction, output.as_slice(), (end(0), end(1)));
            if wanted.1 {
                state[sizes.place(0, layer, direction)].copy_from_slice(&dh);
                if kind.parts() == 2 {
                    state[sizes.place(1, layer, direction)].copy_from_slice(&dc);
                }
                // From the last weights to the first.
                let (front, mine) = all.split_at_mut(all.len() - of(weights));
                if rows > 0 {
                    weights_back(
                        sizes,
                        (x.as_slice(), input),
                        track,
                        weights.bias.is_some(),
                        direction == 1,
                        mine,
                    );
                }
                all = front;
            }
            if dx {
                let into = if direction == 1 { &mut x_part[..] } else { x_sum.make_mut() };
                E::gemm_onto(
                    E::one(),
                    [rows, width, input],
                    (&track.gates, [width, 1]),
                    (weights.ih.as_slice(), [input, 1]),
                    into,
                );
            }
        }
        E::accumulate(x_sum.make_mut(), &x_part);
        if layer == 0 {
            x_grad = wanted.0.then(|| {
                let mut grad = Storage::filled(x_sum.len(), E::zero());
                swapped(x_sum.as_slice(), time, batch, sizes.input, grad.make_mut());
                grad
            });
        } else {
            output = masks.apply(layer - 1, x_sum);
        }
    }
    (x_grad, wanted.1.then_some(rest))
}
