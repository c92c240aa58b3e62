//! Recurrent layers: all layers, directions and steps in one pass, and backpropagation through time.
//!
//! Inside, time is the first axis, so that a step is one block of memory. The sums of all inputs of a layer are one
//! product; each step is one more, of the state before and `weight_hh`. In the backward pass the gradients of the sums
//! take the place of the gates, and those of the weights are one product over all steps.

use crate::element::Float;
use crate::few::Few;
use crate::kernel::gemm::{Epilogue, Factor, PackedB, multiply};
use crate::kernel::random::dropout;
use crate::kernel::recurrent::cell::{Kind, Step};
use crate::kernel::threads::{self, Blocks};
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
    /// The width of h if it is a projection of the outputs of the units, or 0.
    pub projected: usize,
    pub layers: usize,
    /// 1, or 2 where a layer also runs from the last step to the first.
    pub directions: usize,
}

impl Sizes {
    /// Those of layers of `[input, units, number]`, on `[batch, time]`, without a projection.
    pub(crate) fn layers(
        kind: Kind,
        [batch, time]: [usize; 2],
        [input, units, layers]: [usize; 3],
        bidirectional: bool,
    ) -> Self {
        let directions = if bidirectional { 2 } else { 1 };
        Sizes { kind, batch, time, input, units, projected: 0, layers, directions }
    }

    /// The length of all gates of one row.
    pub(super) fn gates_width(self) -> usize {
        self.kind.num_gates() * self.units
    }

    /// The length of c of all rows, which is that of the outputs of the units.
    pub(super) fn block(self) -> usize {
        self.batch * self.units
    }

    /// The width of h.
    pub(super) fn width(self) -> usize {
        if self.projected > 0 { self.projected } else { self.units }
    }

    /// The length of h of all rows.
    pub(super) fn h_block(self) -> usize {
        self.batch * self.width()
    }

    /// The length of the outputs of the units for all rows, if h is a projection of them.
    pub(super) fn full(self) -> usize {
        if self.projected > 0 { self.block() } else { 0 }
    }

    /// The width of the input of a layer.
    pub(super) fn input_of(self, layer: usize) -> usize {
        if layer == 0 { self.input } else { self.directions * self.width() }
    }

    /// The layout of a state in memory: part 0 is h and part 1 is c. They are blocks in sequence, and side by side
    /// where their widths differ. The rows begin at the first number, the second one apart, and have the length of the third.
    fn place(self, part: usize, layer: usize, direction: usize) -> [usize; 3] {
        let block = layer * self.directions + direction;
        if self.projected > 0 {
            let row = self.projected + self.units;
            let width = if part == 0 { self.projected } else { self.units };
            [block * self.batch * row + part * self.projected, row, width]
        } else {
            let start = (part * self.layers * self.directions + block) * self.block();
            [start, self.units, self.units]
        }
    }

    /// Reads a part of a state.
    pub(super) fn take<E: Copy>(self, state: &[E], place: [usize; 3], into: &mut [E]) {
        let [part, layer, direction] = place;
        let [start, row, width] = self.place(part, layer, direction);
        for (b, into) in into.chunks_exact_mut(width.max(1)).enumerate() {
            into.copy_from_slice(&state[start + b * row..][..width]);
        }
    }

    /// Writes a part of a state.
    pub(super) fn put<E: Copy>(self, state: &mut [E], place: [usize; 3], from: &[E]) {
        let [part, layer, direction] = place;
        let [start, row, width] = self.place(part, layer, direction);
        for (b, from) in from.chunks_exact(width.max(1)).enumerate() {
            state[start + b * row..][..width].copy_from_slice(from);
        }
    }

    /// The elements of c, or of what a step keeps, if the kind has it.
    pub(super) fn only_if(self, has: bool) -> usize {
        if has { self.block() } else { 0 }
    }

    /// The elements of c, and of what a step keeps, for one row.
    pub(super) fn of_row(self) -> [usize; 2] {
        [self.kind.num_states() == 2, self.kind.keeps()].map(|has| if has { self.units } else { 0 })
    }

    /// The number of elements of the states of all layers.
    pub(crate) fn state(self) -> usize {
        let c = self.only_if(self.kind.num_states() == 2);
        self.layers * self.directions * (self.h_block() + c)
    }

    /// The elements of the output of a layer.
    pub(crate) fn output(self) -> usize {
        self.time * self.directions * self.h_block()
    }
}

/// The weights of all layers, with the directions of a layer in sequence.
pub(crate) type AllWeights<E> = Few<Weights<E>, 4>;

/// The weights of one layer in one direction.
#[derive(Clone)]
pub(crate) struct Weights<E> {
    pub ih: Storage<E>,
    pub hh: Storage<E>,
    pub bias: Option<[Storage<E>; 2]>,
    /// From what the units compute to h, if h is a projection of that.
    pub hr: Option<Storage<E>>,
}

/// The outputs and saved tensors of one layer, its directions in sequence. The states of step t lie before and after it, so
/// there are T + 1.
pub(super) struct Layer<E> {
    pub(super) x: Storage<E>,
    gates: Storage<E>,
    h: Storage<E>,
    c: Storage<E>,
    kept: Storage<E>,
    full: Storage<E>,
}

/// The part of one direction.
pub(super) struct Track<'a, E> {
    pub(super) gates: &'a mut [E],
    pub(super) h: &'a mut [E],
    pub(super) c: &'a mut [E],
    /// For each step, or for one if nothing is saved.
    pub(super) kept: &'a mut [E],
    /// The result of the units, where h is a projection of it: for each step, or for one if nothing is saved.
    pub(super) full: &'a mut [E],
}

impl<E: Float> Layer<E> {
    fn new(sizes: Sizes, x: Storage<E>, save: bool) -> Self {
        let Sizes { kind, batch, time, directions, .. } = sizes;
        let steps = if save { time } else { 1 };
        Layer {
            x,
            gates: Storage::unspecified(directions * time * batch * sizes.gates_width()),
            h: Storage::unspecified(directions * (time + 1) * sizes.h_block()),
            c: Storage::unspecified(directions * (time + 1) * sizes.only_if(kind.num_states() == 2)),
            kept: Storage::unspecified(directions * steps * sizes.only_if(kind.keeps())),
            full: Storage::unspecified(directions * steps * sizes.full()),
        }
    }

    pub(super) fn track(&mut self, directions: usize, direction: usize) -> Track<'_, E> {
        fn part<E: Float>(x: &mut Storage<E>, directions: usize, direction: usize) -> &mut [E] {
            let len = x.len() / directions;
            &mut x.make_mut()[direction * len..][..len]
        }
        Track {
            gates: part(&mut self.gates, directions, direction),
            h: part(&mut self.h, directions, direction),
            c: part(&mut self.c, directions, direction),
            kept: part(&mut self.kept, directions, direction),
            full: part(&mut self.full, directions, direction),
        }
    }

    /// Calls `f` with the row, the step, the direction and h, for each state after a step; with zeros after the end of a
    /// sequence.
    fn each_state(&self, sizes: Sizes, lengths: &[usize], mut f: impl FnMut(usize, usize, usize, &[E])) {
        let Sizes { batch, time, directions, .. } = sizes;
        let width = sizes.width();
        let zeros = Storage::filled(if lengths.is_empty() { 0 } else { width }, E::zero());
        for direction in 0..directions {
            // From the last step to the first, the state after a step lies before it.
            let first = direction * (time + 1) + if direction == 1 { 0 } else { 1 };
            let after = &self.h[first * sizes.h_block()..];
            for t in 0..time {
                for b in 0..batch {
                    let h = &after[(t * batch + b) * width..][..width];
                    f(b, t, direction, if is_over(lengths, b, t) { &zeros } else { h });
                }
            }
        }
    }
}

/// Whether sequence `b` is over at step `t`. Without lengths, all of them last for all steps.
pub(super) fn is_over(lengths: &[usize], b: usize, t: usize) -> bool {
    lengths.get(b).is_some_and(|length| t >= *length)
}

/// The sequences that are over at step `t`.
pub(super) fn all_over(lengths: &[usize], t: usize) -> impl Iterator<Item = usize> {
    (0..lengths.len()).filter(move |b| is_over(lengths, *b, t))
}

/// The tensors that a run saves for the backward pass: one entry for each layer, and the masks of the dropout between them.
pub(crate) struct Saved<E> {
    pub(super) layers: Few<Layer<E>, 2>,
    pub(super) masks: Masks<E>,
    /// The number of steps of each sequence; none, if each has all.
    pub(super) lengths: Vec<usize>,
}

/// The dropout masks of the outputs of all layers but the last; empty without dropout.
pub(crate) struct Masks<E> {
    pub bits: Few<dropout::Bits, 4>,
    pub scale: E,
}

impl<E: Float> Masks<E> {
    pub(super) fn apply(&self, layer: usize, x: Storage<E>) -> Storage<E> {
        match self.bits.get(layer) {
            Some(bits) => dropout::apply(x, bits.as_slice(), self.scale, 1),
            None => x,
        }
    }
}

/// `[a, b, width]` as `[b, a, width]`.
pub(super) fn swapped<E: Float>(x: &[E], a: usize, b: usize, width: usize, out: &mut [E]) {
    if a == 1 || b == 1 {
        return out.copy_from_slice(x);
    }
    for i in 0..a {
        for j in 0..b {
            out[(j * a + i) * width..][..width].copy_from_slice(&x[(i * b + j) * width..][..width]);
        }
    }
}

/// Block `t` of blocks of `len` elements, which may have none.
pub(super) fn block_of(t: usize, len: usize) -> Range<usize> {
    t * len..(t + 1) * len
}

/// One layer in one direction, over x of `[T, B, input]`, from the state whose parts, h and c, `begin` writes.
fn run<E: Float>(
    sizes: Sizes,
    (x, input): (&[E], usize),
    weights: &Weights<E>,
    (reverse, lengths): (bool, &[usize]),
    begin: impl Fn(usize, &mut [E]),
    into: Track<'_, E>,
) {
    let Sizes { kind, batch, time, units, .. } = sizes;
    let (block, width, h_width) = (sizes.h_block(), sizes.gates_width(), sizes.width());
    let hh = weights.hh.as_slice();
    // A few rows meet long columns of the weights where they lie; the ends of short sums take as long as their products, so in
    // several steps packing pays.
    let few = if time < 4 {
        8
    } else if h_width < 256 {
        1
    } else {
        4
    };
    let pack = time > 1 && batch > few;
    let packed = pack.then(|| PackedB::new([h_width, width], (hh, [1, h_width])));
    let hh = packed.as_ref().map_or(Factor::Plain(hh, [1, h_width]), Factor::Packed);
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
    let Track { gates, h: h_all, c: c_all, kept, full } = into;
    let ih = Factor::Plain(weights.ih.as_slice(), [1, input]);
    multiply([time * batch, input, width], (x, [input, 1]), ih, (gates, width), false, bias);

    let first = if reverse { time } else { 0 };
    let c_block = sizes.only_if(kind.num_states() == 2);
    begin(0, &mut h_all[block_of(first, block)]);
    if c_block > 0 {
        begin(1, &mut c_all[block_of(first, c_block)]);
    }
    let [c_units, kept_units] = sizes.of_row();
    let save = kept.len() > sizes.only_if(kind.keeps()) || full.len() > sizes.full();
    let (gates, h, c) =
        (Blocks::new(gates, batch * width), Blocks::new(h_all, block), Blocks::new(c_all, c_block));
    let (kept, full) = (Blocks::new(kept, batch * kept_units), Blocks::new(full, sizes.full()));
    let steps = |rows: Range<usize>| {
        let count = rows.len();
        let of = |width: usize| rows.start * width..rows.end * width;
        let mut sums = Storage::unspecified(if apart { count * width } else { 0 });
        let sums = sums.make_mut();
        for i in 0..time {
            let t = if reverse { time - 1 - i } else { i };
            let (before, after) = if reverse { (t + 1, t) } else { (t, t + 1) };
            let saved = if save { t } else { 0 };
            // SAFETY: rows are those of one part, and blocks before and after a step are two.
            let (h_before, h) = unsafe { (&*h.take(before, of(h_width)), h.take(after, of(h_width))) };
            // SAFETY: as above.
            let (c_before, c) = unsafe { (&*c.take(before, of(c_units)), c.take(after, of(c_units))) };
            // SAFETY: as above.
            let (gates, kept) = unsafe { (gates.take(t, of(width)), kept.take(saved, of(kept_units))) };
            let (to, add, epilogue) =
                if apart { (&mut *sums, false, hidden_bias) } else { (&mut *gates, true, Epilogue::Nothing) };
            multiply([count, h_width, width], (h_before, [h_width, 1]), hh, (to, width), add, epilogue);
            match &weights.hr {
                None => E::step(kind, Step { units, gates, sums, h_before, h, c_before, c, kept }),
                Some(hr) => {
                    // SAFETY: as above.
                    let full = unsafe { full.take(saved, of(units)) };
                    E::step(kind, Step { units, gates, sums, h_before: &[], h: full, c_before, c, kept });
                    let hr = Factor::Plain(hr.as_slice(), [1, units]);
                    let sizes = [count, units, h_width];
                    multiply(sizes, (full, [units, 1]), hr, (&mut *h, h_width), false, Epilogue::Nothing);
                }
            }
            // After its end a sequence keeps its state, and in reverse the first one until its end.
            for b in all_over(lengths, t).filter(|b| rows.contains(b)).map(|b| b - rows.start) {
                let (row, h_row) = (block_of(b, units), block_of(b, h_width));
                h[h_row.clone()].copy_from_slice(&h_before[h_row]);
                if !c.is_empty() {
                    c[row.clone()].copy_from_slice(&c_before[row]);
                }
            }
        }
    };
    in_shares(sizes, packed.is_some() && weights.hr.is_none(), steps);
}

/// Runs all steps for the rows of the batch, or for a share of them on each thread, which are independent of each other.
/// `is_packed` says that the bits of a product do not depend on its number of rows.
pub(super) fn in_shares(sizes: Sizes, is_packed: bool, steps: impl Fn(Range<usize>) + Sync) {
    /// The multiply-adds that are worth a thread.
    const PART: usize = 1 << 20;
    /// The fewest rows of a share: the weights are read once for each.
    const FEWEST: usize = 8;
    let Sizes { batch, time, .. } = sizes;
    let work = time * batch * sizes.width() * sizes.gates_width();
    let parts = if is_packed { threads::num_parts(work, PART).min(batch / FEWEST).max(1) } else { 1 };
    let share = batch.div_ceil(parts);
    threads::run(parts, &|part| steps(batch.min(part * share)..batch.min((part + 1) * share)));
}

/// Runs all layers over x of `[B, T, input]`, from the first state, or from zeros.
///
/// Returns the output, `[B, T, directions * units]`; the last state, `[parts, layers * directions, B, units]`, or h and c side
/// by side where h is projected; and what the backward pass needs, if `save` is set.
#[inline(never)]
pub(crate) fn forward<E: Float>(
    sizes: Sizes,
    weights: &AllWeights<E>,
    x: &Storage<E>,
    first: Option<&[E]>,
    masks: Masks<E>,
    (save, lengths): (bool, &[usize]),
) -> (Storage<E>, Storage<E>, Option<Saved<E>>) {
    let Sizes { kind, batch, time, directions, .. } = sizes;
    let width = sizes.width();
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
            let begin = |part: usize, into: &mut [E]| match first {
                Some(first) => sizes.take(first, [part, layer, direction], into),
                None => into.fill(E::zero()),
            };
            let reverse = direction == 1;
            let track = this.track(directions, direction);
            run(sizes, (&x, sizes.input_of(layer)), weights, (reverse, lengths), begin, track);
            let last = if reverse { 0 } else { time };
            let (out, track) = (state.make_mut(), this.track(directions, direction));
            sizes.put(out, [0, layer, direction], &track.h[block_of(last, sizes.h_block())]);
            if kind.num_states() == 2 {
                sizes.put(out, [1, layer, direction], &track.c[block_of(last, sizes.block())]);
            }
        }
        let all = directions * width;
        if layer + 1 == sizes.layers {
            let output = output.make_mut();
            this.each_state(sizes, lengths, |b, t, direction, h| {
                output[(b * time + t) * all + direction * width..][..width].copy_from_slice(h);
            });
        } else {
            let mut next = Storage::unspecified(sizes.output());
            let elements = next.make_mut();
            this.each_state(sizes, lengths, |b, t, direction, h| {
                elements[(t * batch + b) * all + direction * width..][..width].copy_from_slice(h);
            });
            x = masks.apply(layer, next);
        }
        if save {
            layers.push(this);
        }
    }
    (output, state, save.then(|| Saved { layers, masks, lengths: lengths.to_vec() }))
}
