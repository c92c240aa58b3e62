//! Recurrent layers: all layers, directions and steps in one pass, and the way back through time.
//!
//! Inside, time is the first axis, so that a step is one block of memory. The sums of all inputs of a layer are one
//! product; each step is one more, of the state before and `weight_hh`. On the way back the gradients of the sums
//! take the place of the gates, and those of the weights are one product over all steps.

use crate::element::Float;
use crate::few::Few;
use crate::kernel::gemm::{Epilogue, Factor, PackedB, multiply, reads_columns};
use crate::kernel::random::dropout;
use crate::kernel::recurrent::cell::{Kind, Step, StepBack};
use crate::storage::Storage;
use std::ops::Range;

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
    fn place(self, part: usize, layer: usize, direction: usize) -> Range<usize> {
        let start = ((part * self.layers + layer) * self.directions + direction) * self.block();
        start..start + self.block()
    }

    /// The elements of c, or of what a step keeps, if the kind has it.
    fn only_if(self, has: bool) -> usize {
        if has { self.block() } else { 0 }
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

/// The weights of all layers, with the directions of a layer one after the other.
pub(crate) type AllWeights<E> = Few<Weights<E>, 4>;

/// The weights of one layer in one direction.
#[derive(Clone)]
pub(crate) struct Weights<E> {
    pub ih: Storage<E>,
    pub hh: Storage<E>,
    pub bias: Option<[Storage<E>; 2]>,
}

/// What one layer computes and saves, its directions one after the other. The states of step t lie before and after it, so
/// there are T + 1.
struct Layer<E> {
    x: Storage<E>,
    gates: Storage<E>,
    h: Storage<E>,
    c: Storage<E>,
    kept: Storage<E>,
}

/// The part of one direction.
struct Track<'a, E> {
    gates: &'a mut [E],
    h: &'a mut [E],
    c: &'a mut [E],
    /// For each step, or for one if nothing is saved.
    kept: &'a mut [E],
}

impl<E: Float> Layer<E> {
    fn new(sizes: Sizes, x: Storage<E>, save: bool) -> Self {
        let Sizes { kind, batch, time, directions, .. } = sizes;
        let steps = if save { time } else { 1 };
        Layer {
            x,
            gates: Storage::unspecified(directions * time * batch * sizes.gates()),
            h: Storage::unspecified(directions * (time + 1) * sizes.block()),
            c: Storage::unspecified(directions * (time + 1) * sizes.only_if(kind.parts() == 2)),
            kept: Storage::unspecified(directions * steps * sizes.only_if(kind.keeps())),
        }
    }

    fn track(&mut self, directions: usize, direction: usize) -> Track<'_, E> {
        fn part<E: Float>(x: &mut Storage<E>, directions: usize, direction: usize) -> &mut [E] {
            let len = x.len() / directions;
            &mut x.make_mut()[direction * len..][..len]
        }
        Track {
            gates: part(&mut self.gates, directions, direction),
            h: part(&mut self.h, directions, direction),
            c: part(&mut self.c, directions, direction),
            kept: part(&mut self.kept, directions, direction),
        }
    }

    /// Calls `f` with the row, the step, the direction and h, for each state after a step.
    fn each_state(&self, sizes: Sizes, mut f: impl FnMut(usize, usize, usize, &[E])) {
        let Sizes { batch, time, units, directions, .. } = sizes;
        for direction in 0..directions {
            // From the last step to the first, the state after a step lies before it.
            let first = direction * (time + 1) + if direction == 1 { 0 } else { 1 };
            let after = &self.h[first * sizes.block()..];
            for t in 0..time {
                for b in 0..batch {
                    f(b, t, direction, &after[(t * batch + b) * units..][..units]);
                }
            }
        }
    }
}

/// What a run saves for the way back: one entry for each layer, and the masks of the dropout between them.
pub(crate) struct Saved<E> {
    layers: Few<Layer<E>, 2>,
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

/// Block `t` of blocks of `len` elements, which may have none.
fn block_of(t: usize, len: usize) -> Range<usize> {
    t * len..(t + 1) * len
}

/// One layer in one direction, over x of `[T, B, input]`, from the state (h, c).
fn run<E: Float>(
    sizes: Sizes,
    (x, input): (&[E], usize),
    weights: &Weights<E>,
    reverse: bool,
    [h, c]: [&[E]; 2],
    into: Track<'_, E>,
) {
    let Sizes { kind, batch, time, units, .. } = sizes;
    let (block, width) = (sizes.block(), sizes.gates());
    let hh = weights.hh.as_slice();
    let packed = (time > 1 && !reads_columns(batch)).then(|| PackedB::new([units, width], (hh, [1, units])));
    let hh = packed.as_ref().map_or(Factor::Plain(hh, [1, units]), Factor::Packed);
    // The sums of inputs begin with both biases, but for the GRU, whose sums of the state are apart.
    let apart = kind == Kind::Gru;
    let mut bias = Storage::empty();
    if let Some([ih, hh]) = &weights.bias {
        bias = ih.clone();
        if !apart {
            E::accumulate(bias.make_mut(), hh);
        }
    }
    let hidden_bias = weights.bias.as_ref().map_or(Epilogue::Nothing, |[_, hh]| Epilogue::Bias(hh));
    let bias = if weights.bias.is_some() { Epilogue::Bias(&bias) } else { Epilogue::Nothing };
    let Track { gates, h: h_all, c: c_all, kept } = into;
    let ih = Factor::Plain(weights.ih.as_slice(), [1, input]);
    multiply([time * batch, input, width], (x, [input, 1]), ih, (gates, width), false, bias);

    let first = if reverse { time } else { 0 };
    h_all[block_of(first, block)].copy_from_slice(h);
    c_all[block_of(first, c.len())].copy_from_slice(c);
    let mut sums = Storage::unspecified(if apart { batch * width } else { 0 });
    let sums = sums.make_mut();
    let keeps = sizes.only_if(kind.keeps());
    for i in 0..time {
        let t = if reverse { time - 1 - i } else { i };
        let (h_before, h) = around(h_all, t, block, reverse);
        let (c_before, c) = around(c_all, t, c.len(), reverse);
        let gates = &mut gates[block_of(t, batch * width)];
        let (to, add, epilogue) =
            if apart { (&mut *sums, false, hidden_bias) } else { (&mut *gates, true, Epilogue::Nothing) };
        multiply([batch, units, width], (h_before, [units, 1]), hh, (to, width), add, epilogue);
        let t = if kept.len() > keeps { t } else { 0 };
        let kept = &mut kept[block_of(t, keeps)];
        E::step(kind, Step { units, gates, sums, h_before, h, c_before, c, kept });
    }
}

/// Runs all layers over x of `[B, T, input]`, from the first state, or from zeros.
///
/// Returns the output, `[B, T, directions * units]`; the last state, `[parts, layers * directions, B, units]`; and
/// what the way back needs, if `save` says so.
#[inline(never)]
pub(crate) fn forward<E: Float>(
    sizes: Sizes,
    weights: &AllWeights<E>,
    x: &Storage<E>,
    first: Option<&[E]>,
    masks: Masks<E>,
    save: bool,
) -> (Storage<E>, Storage<E>, Option<Saved<E>>) {
    let Sizes { kind, batch, time, units, directions, .. } = sizes;
    let block = sizes.block();
    let zeros = Storage::filled(if first.is_none() { block } else { 0 }, E::zero());
    let mut output = Storage::unspecified(sizes.output());
    let mut state = Storage::unspecified(sizes.state());
    let mut layers = Few::new();
    let mut weights = weights.iter();
    let mut x = if batch == 1 || time == 1 {
        x.clone()
    } else {
        Storage::written(x.len(), |all| swapped(x, batch, time, sizes.input, all))
    };
    for layer in 0..sizes.layers {
        let mut this = Layer::new(sizes, x.clone(), save);
        for (direction, weights) in weights.by_ref().take(directions).enumerate() {
            let begin = |part| match first {
                _ if part >= kind.parts() => &[],
                Some(first) => &first[sizes.place(part, layer, direction)],
                None => &zeros[..],
            };
            let reverse = direction == 1;
            let track = this.track(directions, direction);
            run(sizes, (&x, sizes.input_of(layer)), weights, reverse, [begin(0), begin(1)], track);
            let last = block_of(if reverse { 0 } else { time }, block);
            let (out, track) = (state.make_mut(), this.track(directions, direction));
            out[sizes.place(0, layer, direction)].copy_from_slice(&track.h[last.clone()]);
            if kind.parts() == 2 {
                out[sizes.place(1, layer, direction)].copy_from_slice(&track.c[last]);
            }
        }
        let all = directions * units;
        if layer + 1 == sizes.layers {
            let output = output.make_mut();
            this.each_state(sizes, |b, t, direction, h| {
                output[(b * time + t) * all + direction * units..][..units].copy_from_slice(h);
            });
        } else {
            let mut next = Storage::unspecified(sizes.output());
            let elements = next.make_mut();
            this.each_state(sizes, |b, t, direction, h| {
                elements[(t * batch + b) * all + direction * units..][..units].copy_from_slice(h);
            });
            x = masks.apply(layer, next);
        }
        if save {
            layers.push(this);
        }
    }
    (output, state, save.then_some(Saved { layers, masks }))
}

/// The gradients that reach a run: of its output, and of its last state.
#[derive(Clone, Copy)]
pub(crate) struct Reached<'a, E> {
    pub output: Option<&'a [E]>,
    pub state: Option<&'a [E]>,
}

/// The way back through one layer in one direction, over the gradient of the outputs of the layer, `[T, B, all]`.
/// The gradients of the sums take the place of the gates. `state` is the gradient of the last h and c, and becomes that
/// of the first.
fn run_back<E: Float>(
    sizes: Sizes,
    track: &mut Track<'_, E>,
    weights: &Weights<E>,
    direction: usize,
    output: &[E],
    [dh, dc]: [&mut [E]; 2],
) {
    let Sizes { kind, batch, time, units, .. } = sizes;
    let (block, width, all) = (sizes.block(), sizes.gates(), sizes.directions * units);
    let reverse = direction == 1;
    let apart = kind == Kind::Gru;
    let mut hidden = Storage::unspecified(if apart { batch * width } else { 0 });
    let hidden = hidden.make_mut();
    let hh = weights.hh.as_slice();
    let packed = (time > 1 && batch > 1).then(|| PackedB::new([width, units], (hh, [units, 1])));
    let hh = packed.as_ref().map_or(Factor::Plain(hh, [units, 1]), Factor::Packed);
    for i in 0..time {
        let t = if reverse { i } else { time - 1 - i };
        let (h_before, _) = around(track.h, t, block, reverse);
        let (c_before, _) = around(track.c, t, dc.len(), reverse);
        let gates = &mut track.gates[block_of(t, batch * width)];
        let step = StepBack {
            units,
            gates,
            hidden,
            h_before,
            c_before,
            kept: &mut track.kept[block_of(t, sizes.only_if(kind.keeps()))],
            output: output.get(t * batch * all + direction * units..).unwrap_or(&[]),
            output_row: all,
            dh,
            dc,
        };
        E::step_back(kind, step);
        let sums: &[E] = if apart { hidden } else { &track.gates[block_of(t, batch * width)] };
        multiply([batch, width, units], (sums, [width, 1]), hh, (dh, units), apart, Epilogue::Nothing);
    }
}

/// The sum of the rows of a matrix of rows of `width`.
fn sum_of_rows<E: Float>(rows: &[E], width: usize, sum: &mut [E]) {
    E::sum_rows(rows, &mut sum[..width]);
}

/// The gradients of the weights of one layer in one direction, one after the other. `x` has rows of `input`.
fn weights_back<E: Float>(
    sizes: Sizes,
    (x, input): (&[E], usize),
    track: &Track<'_, E>,
    biased: bool,
    reverse: bool,
    out: &mut [E],
) {
    let Sizes { kind, batch, time, units, .. } = sizes;
    let (width, rows, block) = (sizes.gates(), time * batch, sizes.block());
    let (ih, out) = out.split_at_mut(width * input);
    let (hh, out) = out.split_at_mut(width * units);
    E::gemm([width, rows, input], (track.gates, [1, width]), (x, [input, 1]), ih);
    let before = if reverse { &track.h[block..] } else { &track.h[..time * block] };
    // For the GRU, the last third of what the state sees is not what the input sees.
    let apart = kind == Kind::Gru;
    let equal = if apart { 2 * units } else { width };
    let (hh_equal, hh_other) = hh.split_at_mut(equal * units);
    E::gemm([equal, rows, units], (track.gates, [1, width]), (before, [units, 1]), hh_equal);
    if apart {
        E::gemm([units, rows, units], (track.kept, [1, units]), (before, [units, 1]), hh_other);
    }
    if biased {
        let (bias, hidden_bias) = out.split_at_mut(width);
        sum_of_rows(track.gates, width, bias);
        hidden_bias[..equal].copy_from_slice(&bias[..equal]);
        if apart {
            sum_of_rows(track.kept, units, &mut hidden_bias[equal..]);
        }
    }
}

/// The way back through all layers: the gradient of the input, and those of all weights, with that of the first
/// state after them, in one row; each if it is wanted.
#[inline(never)]
pub(crate) fn backward<E: Float>(
    sizes: Sizes,
    weights: &AllWeights<E>,
    saved: Saved<E>,
    reached: Reached<'_, E>,
    wanted: (bool, bool),
) -> (Option<Storage<E>>, Option<Storage<E>>) {
    let Sizes { kind, batch, time, units, directions, .. } = sizes;
    let (block, width, rows) = (sizes.block(), sizes.gates(), time * batch);
    let of = |w: &Weights<E>| w.ih.len() + w.hh.len() + if w.bias.is_some() { 2 * width } else { 0 };
    let parameters: usize = weights.iter().map(of).sum();
    let mut rest = Storage::unspecified(if wanted.1 { parameters + sizes.state() } else { 0 });
    let (mut all, state) = rest.make_mut().split_at_mut(if wanted.1 { parameters } else { 0 });

    let mut output = Storage::unspecified(sizes.output());
    match reached.output {
        Some(grad) => swapped(grad, batch, time, directions * units, output.make_mut()),
        None => output.make_mut().fill(E::zero()),
    }
    let mut ends = [Storage::unspecified(block), Storage::unspecified(sizes.only_if(kind.parts() == 2))];
    let mut x_grad = None;
    let Saved { mut layers, masks } = saved;
    for layer in (0..sizes.layers).rev() {
        let Some(mut this) = layers.pop() else { break };
        let x = std::mem::replace(&mut this.x, Storage::empty());
        let input = sizes.input_of(layer);
        let dx = layer > 0 || wanted.0;
        let mut x_sum = Storage::unspecified(if dx { rows * input } else { 0 });
        for direction in (0..directions).rev() {
            let Some(weights) = weights.get(layer * directions + direction) else { break };
            let mut track = this.track(directions, direction);
            let [dh, dc] = &mut ends;
            let (dh, dc) = (dh.make_mut(), dc.make_mut());
            for (part, end) in [&mut *dh, &mut *dc].into_iter().enumerate().take(kind.parts()) {
                match reached.state {
                    Some(grad) => end.copy_from_slice(&grad[sizes.place(part, layer, direction)]),
                    None => end.fill(E::zero()),
                }
            }
            run_back(sizes, &mut track, weights, direction, output.as_slice(), [dh, dc]);
            if wanted.1 {
                state[sizes.place(0, layer, direction)].copy_from_slice(dh);
                if kind.parts() == 2 {
                    state[sizes.place(1, layer, direction)].copy_from_slice(dc);
                }
                // From the last weights to the first.
                let (front, mine) = all.split_at_mut(all.len() - of(weights));
                let biased = weights.bias.is_some();
                weights_back(sizes, (&x, input), &track, biased, direction == 1, mine);
                all = front;
            }
            if dx {
                let ih = Factor::Plain(weights.ih.as_slice(), [input, 1]);
                let (into, add) = ((x_sum.make_mut(), input), direction + 1 < directions);
                multiply([rows, width, input], (track.gates, [width, 1]), ih, into, add, Epilogue::Nothing);
            }
        }
        if layer == 0 {
            x_grad = wanted.0.then(|| {
                Storage::written(x_sum.len(), |grad| swapped(&x_sum, time, batch, sizes.input, grad))
            });
        } else {
            output = masks.apply(layer - 1, x_sum);
        }
    }
    (x_grad, wanted.1.then_some(rest))
}
