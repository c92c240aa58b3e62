//! Backpropagation through time: from the last step to the first. The gradients of the sums take the place of the gates, and
//! those of the weights are one product over all steps.

use super::cell::{Kind, StepBack};
use super::recurrent::{AllWeights, Saved, Sizes, Track, Weights, all_over, block_of, in_shares, swapped};
use crate::element::Float;
use crate::kernel::gemm::{Epilogue, Factor, PackedB, multiply};
use crate::kernel::threads::Blocks;
use crate::storage::Storage;
use std::ops::Range;

/// The gradients that reach a run: of its output, and of its last state.
#[derive(Clone, Copy)]
pub(crate) struct Reached<'a, E> {
    pub output: Option<&'a [E]>,
    pub state: Option<&'a [E]>,
}

/// The backward pass through one layer in one direction, over the gradient of the outputs of the layer, `[T, B, all]`.
/// The gradients of the sums take the place of the gates, and the last operand that of h in each step, where h is projected.
/// `dh` and `dc` are the gradients of the last h and c, and become those of the first.
fn run_back<E: Float>(
    sizes: Sizes,
    track: &mut Track<'_, E>,
    weights: &Weights<E>,
    (direction, lengths): (usize, &[usize]),
    output: &[E],
    [dh, dc, dh_steps]: [&mut [E]; 3],
) {
    let Sizes { kind, batch, time, units, .. } = sizes;
    let (block, width, h_width) = (sizes.h_block(), sizes.gates_width(), sizes.width());
    let all = sizes.directions * h_width;
    let reverse = direction == 1;
    let apart = kind == Kind::Gru;
    let hh = weights.hh.as_slice();
    let packed = (time > 1 && batch > 1).then(|| PackedB::new([width, h_width], (hh, [h_width, 1])));
    let hh = packed.as_ref().map_or(Factor::Plain(hh, [h_width, 1]), Factor::Packed);
    let [c_units, kept_units] = sizes.of_row();
    let (h, c) = (Blocks::new(track.h, block), Blocks::new(track.c, batch * c_units));
    let (gates, kept) =
        (Blocks::new(track.gates, batch * width), Blocks::new(track.kept, batch * kept_units));
    let (dh, dc, dh_steps) =
        (Blocks::new(dh, block), Blocks::new(dc, batch * c_units), Blocks::new(dh_steps, block));
    let steps = |rows: Range<usize>| {
        let count = rows.len();
        let of = |width: usize| rows.start * width..rows.end * width;
        let mut hidden = Storage::unspecified(if apart { count * width } else { 0 });
        let hidden = hidden.make_mut();
        // The gradient of the outputs of the units, and that of an output that does not exist.
        let of_full = if sizes.full() > 0 { count * units } else { 0 };
        let mut full = Storage::filled(2 * of_full, E::zero());
        let (dfull, no_output) = full.make_mut().split_at_mut(of_full);
        // SAFETY: rows are those of one part.
        let (dh, dc) = unsafe { (dh.take(0, of(h_width)), dc.take(0, of(c_units))) };
        for i in 0..time {
            let t = if reverse { i } else { time - 1 - i };
            let before = if reverse { t + 1 } else { t };
            // SAFETY: as above.
            let (h_before, c_before) =
                unsafe { (&*h.take(before, of(h_width)), &*c.take(before, of(c_units))) };
            // SAFETY: as above.
            let (gates, kept) = unsafe { (gates.take(t, of(width)), kept.take(t, of(kept_units))) };
            // The gradient of a state that is kept passes, and nothing else has one.
            let kept_rows: Vec<_> = all_over(lengths, t)
                .filter(|b| rows.contains(b))
                .map(|b| b - rows.start)
                .map(|b| {
                    (b, dh[block_of(b, h_width)].to_vec(), dc.get(block_of(b, units)).map(<[E]>::to_vec))
                })
                .collect();
            let output = output.get((t * batch + rows.start) * all + direction * h_width..).unwrap_or(&[]);
            // With a projection the gradient of its input comes first, and the state before is not that of the units.
            let (output, output_row, h_before, of_units) = match &weights.hr {
                None => (output, all, h_before, &mut *dh),
                Some(hr) => {
                    // SAFETY: as above.
                    let dh_step = unsafe { dh_steps.take(t, of(h_width)) };
                    for (b, row) in dh_step.chunks_exact_mut(h_width.max(1)).enumerate() {
                        let of_output = output[b * all..][..h_width].iter();
                        let sum =
                            dh[block_of(b, h_width)].iter().zip(of_output).map(|(dh, output)| *dh + *output);
                        row.iter_mut().zip(sum).for_each(|(row, sum)| *row = sum);
                    }
                    kept_rows.iter().for_each(|(b, ..)| dh_step[block_of(*b, h_width)].fill(E::zero()));
                    let hr = Factor::Plain(hr.as_slice(), [units, 1]);
                    let sizes = [count, h_width, units];
                    let into = (&mut *dfull, units);
                    multiply(sizes, (dh_step, [h_width, 1]), hr, into, false, Epilogue::Nothing);
                    (&*no_output, units, &[][..], &mut *dfull)
                }
            };
            let step = StepBack {
                units,
                gates: &mut *gates,
                hidden: &mut *hidden,
                h_before,
                c_before,
                kept: &mut *kept,
                output,
                output_row,
                dh: of_units,
                dc: &mut *dc,
            };
            E::step_back(kind, step);
            for (b, ..) in &kept_rows {
                gates[block_of(*b, width)].fill(E::zero());
                if apart {
                    hidden[block_of(*b, width)].fill(E::zero());
                }
                if kind.keeps() {
                    kept[block_of(*b, units)].fill(E::zero());
                }
            }
            let sums: &[E] = if apart { hidden } else { gates };
            multiply(
                [count, width, h_width],
                (sums, [width, 1]),
                hh,
                (&mut *dh, h_width),
                apart,
                Epilogue::Nothing,
            );
            for (b, h, c) in kept_rows {
                dh[block_of(b, h_width)].copy_from_slice(&h);
                if let Some(c) = c {
                    dc[block_of(b, units)].copy_from_slice(&c);
                }
            }
        }
    };
    in_shares(sizes, packed.is_some() && weights.hr.is_none(), steps);
}

/// The gradients of the weights of one layer in one direction, concatenated. `x` has rows of `input`, and `dh_steps` are the
/// gradients of h where that is projected.
fn weights_back<E: Float>(
    sizes: Sizes,
    (x, input): (&[E], usize),
    (track, dh_steps): (&Track<'_, E>, &[E]),
    biased: bool,
    reverse: bool,
    out: &mut [E],
) {
    let Sizes { kind, batch, time, units, .. } = sizes;
    let (width, rows, block, h_width) = (sizes.gates_width(), time * batch, sizes.h_block(), sizes.width());
    let (ih, out) = out.split_at_mut(width * input);
    let (hh, out) = out.split_at_mut(width * h_width);
    E::gemm([width, rows, input], (track.gates, [1, width]), (x, [input, 1]), ih);
    let before = if reverse { &track.h[block..] } else { &track.h[..time * block] };
    // For the GRU, the last third of what the state sees is not what the input sees.
    let apart = kind == Kind::Gru;
    let equal = if apart { 2 * units } else { width };
    let (hh_equal, hh_other) = hh.split_at_mut(equal * h_width);
    E::gemm([equal, rows, h_width], (track.gates, [1, width]), (before, [h_width, 1]), hh_equal);
    if apart {
        E::gemm([units, rows, h_width], (track.kept, [1, units]), (before, [h_width, 1]), hh_other);
    }
    let (biases, hr) = out.split_at_mut(if biased { 2 * width } else { 0 });
    if sizes.full() > 0 {
        E::gemm([h_width, rows, units], (dh_steps, [1, h_width]), (track.full, [units, 1]), hr);
    }
    if biased {
        let (bias, hidden_bias) = biases.split_at_mut(width);
        E::sum_rows(track.gates, bias);
        hidden_bias[..equal].copy_from_slice(&bias[..equal]);
        if apart {
            E::sum_rows(track.kept, &mut hidden_bias[equal..width]);
        }
    }
}

/// The backward pass through all layers: the gradient of the input, and those of all weights, with that of the first
/// state after them, in one row; each only if it is needed.
#[inline(never)]
pub(crate) fn backward<E: Float>(
    sizes: Sizes,
    weights: &AllWeights<E>,
    saved: Saved<E>,
    reached: Reached<'_, E>,
    needs_grad: (bool, bool),
) -> (Option<Storage<E>>, Option<Storage<E>>) {
    let Sizes { kind, batch, time, directions, .. } = sizes;
    let (width, rows) = (sizes.gates_width(), time * batch);
    let of = |w: &Weights<E>| {
        let hr = w.hr.as_ref().map_or(0, Storage::len);
        w.ih.len() + w.hh.len() + hr + if w.bias.is_some() { 2 * width } else { 0 }
    };
    let parameters: usize = weights.iter().map(of).sum();
    let mut rest = Storage::unspecified(if needs_grad.1 { parameters + sizes.state() } else { 0 });
    let (mut all, state) = rest.make_mut().split_at_mut(if needs_grad.1 { parameters } else { 0 });

    let mut output = Storage::unspecified(sizes.output());
    match reached.output {
        Some(grad) => swapped(grad, batch, time, directions * sizes.width(), output.make_mut()),
        None => output.make_mut().fill(E::zero()),
    }
    let mut ends =
        [Storage::unspecified(sizes.h_block()), Storage::unspecified(sizes.only_if(kind.num_states() == 2))];
    let mut dh_steps = Storage::unspecified(if sizes.projected > 0 { time * sizes.h_block() } else { 0 });
    let mut x_grad = None;
    let Saved { mut layers, masks, lengths } = saved;
    for layer in (0..sizes.layers).rev() {
        let Some(mut this) = layers.pop() else { break };
        let x = std::mem::replace(&mut this.x, Storage::empty());
        let input = sizes.input_of(layer);
        let dx = layer > 0 || needs_grad.0;
        let mut x_sum = Storage::unspecified(if dx { rows * input } else { 0 });
        for direction in (0..directions).rev() {
            let Some(weights) = weights.get(layer * directions + direction) else { break };
            let mut track = this.track(directions, direction);
            let [dh, dc] = &mut ends;
            let (dh, dc) = (dh.make_mut(), dc.make_mut());
            for (part, end) in [&mut *dh, &mut *dc].into_iter().enumerate().take(kind.num_states()) {
                match reached.state {
                    Some(grad) => sizes.take(grad, [part, layer, direction], end),
                    None => end.fill(E::zero()),
                }
            }
            let grads = [&mut *dh, &mut *dc, dh_steps.make_mut()];
            run_back(sizes, &mut track, weights, (direction, &lengths), output.as_slice(), grads);
            if needs_grad.1 {
                sizes.put(state, [0, layer, direction], dh);
                if kind.num_states() == 2 {
                    sizes.put(state, [1, layer, direction], dc);
                }
                // From the last weights to the first.
                let (front, mine) = all.split_at_mut(all.len() - of(weights));
                let biased = weights.bias.is_some();
                weights_back(sizes, (&x, input), (&track, &dh_steps), biased, direction == 1, mine);
                all = front;
            }
            if dx {
                let ih = Factor::Plain(weights.ih.as_slice(), [input, 1]);
                let (into, add) = ((x_sum.make_mut(), input), direction + 1 < directions);
                multiply([rows, width, input], (track.gates, [width, 1]), ih, into, add, Epilogue::Nothing);
            }
        }
        if layer == 0 {
            x_grad = needs_grad.0.then(|| {
                Storage::written(x_sum.len(), |grad| swapped(&x_sum, time, batch, sizes.input, grad))
            });
        } else {
            output = masks.apply(layer - 1, x_sum);
        }
    }
    (x_grad, needs_grad.1.then_some(rest))
}
