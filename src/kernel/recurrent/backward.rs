//! The way back through time: from the last step to the first. The gradients of the sums take the place of the gates, and
//! those of the weights are one product over all steps.

use super::cell::{Kind, StepBack};
use super::recurrent::{AllWeights, Saved, Sizes, Track, Weights, all_over, around, block_of, swapped};
use crate::element::Float;
use crate::kernel::gemm::{Epilogue, Factor, PackedB, multiply};
use crate::storage::Storage;

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
    (direction, lengths): (usize, &[usize]),
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
        // The gradient of a state that is kept passes, and nothing else has one.
        let kept_rows: Vec<_> = all_over(lengths, t)
            .map(|b| (b, dh[block_of(b, units)].to_vec(), dc.get(block_of(b, units)).map(<[E]>::to_vec)))
            .collect();
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
        for (b, ..) in &kept_rows {
            track.gates[block_of(t, batch * width)][block_of(*b, width)].fill(E::zero());
            if apart {
                hidden[block_of(*b, width)].fill(E::zero());
            }
            if kind.keeps() {
                track.kept[block_of(t, batch * units)][block_of(*b, units)].fill(E::zero());
            }
        }
        let sums: &[E] = if apart { hidden } else { &track.gates[block_of(t, batch * width)] };
        multiply([batch, width, units], (sums, [width, 1]), hh, (dh, units), apart, Epilogue::Nothing);
        for (b, h, c) in kept_rows {
            dh[block_of(b, units)].copy_from_slice(&h);
            if let Some(c) = c {
                dc[block_of(b, units)].copy_from_slice(&c);
            }
        }
    }
}

/// The gradients of the weights of one layer in one direction, concatenated. `x` has rows of `input`.
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
        let (bias, hidden_bias) = out[..2 * width].split_at_mut(width);
        E::sum_rows(track.gates, bias);
        hidden_bias[..equal].copy_from_slice(&bias[..equal]);
        if apart {
            E::sum_rows(track.kept, &mut hidden_bias[equal..width]);
        }
    }
}

/// The way back through all layers: the gradient of the input, and those of all weights, with that of the first
/// state after them, in one row; each only if it is needed.
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
    let Saved { mut layers, masks, lengths } = saved;
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
            run_back(sizes, &mut track, weights, (direction, &lengths), output.as_slice(), [dh, dc]);
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
