//! Threads that share the rows of the batch compute what one thread computes.

use super::backward::{Reached, backward};
use super::cell::Kind;
use super::recurrent::{Masks, Sizes, Weights, forward};
use crate::few::Few;
use crate::kernel::threads;
use crate::storage::Storage;

/// Numbers of small absolute value that repeat late.
fn numbers(len: usize, seed: usize) -> Storage<f32> {
    Storage::from_fn(len, |i| ((i * 7919 + seed * 104_729) % 1009) as f32 / 1009.0 - 0.5)
}

/// The output, the last state and all gradients of two layers.
fn run(sizes: Sizes, lengths: &[usize]) -> [Vec<f32>; 4] {
    let Sizes { batch, time, units, .. } = sizes;
    let width = sizes.gates_width();
    let mut weights = Few::new();
    for layer in 0..sizes.layers {
        for direction in 0..sizes.directions {
            let seed = 10 * layer + direction;
            weights.push(Weights {
                ih: numbers(width * sizes.input_of(layer), seed),
                hh: numbers(width * sizes.width(), seed + 1),
                bias: Some([numbers(width, seed + 2), numbers(width, seed + 3)]),
                hr: (sizes.projected > 0).then(|| numbers(sizes.projected * units, seed + 4)),
            });
        }
    }
    let (x, first) = (numbers(batch * time * sizes.input, 50), numbers(sizes.state(), 51));
    let masks = Masks { bits: Few::new(), scale: 1.0 };
    let (y, state, saved) = forward(sizes, &weights, &x, Some(&first), masks, (true, lengths));
    let (output, last) = (numbers(y.len(), 52), numbers(state.len(), 53));
    let reached = Reached { output: Some(&output), state: Some(&last) };
    let (dx, rest) = backward(sizes, &weights, saved.unwrap(), reached, (true, true));
    [y, state, dx.unwrap(), rest.unwrap()].map(|x| x.to_vec())
}

#[test]
fn the_bits_do_not_depend_on_how_many_threads_share_the_batch() {
    for kind in [Kind::Tanh, Kind::Relu, Kind::Lstm, Kind::Gru] {
        for (batch, projected) in [(33, 0), (16, 0), (24, 12)] {
            if projected > 0 && kind != Kind::Lstm {
                continue;
            }
            let sizes = Sizes { projected, ..Sizes::layers(kind, [batch, 17], [9, 37, 2], true) };
            let lengths: Vec<_> = (0..batch).map(|b| 17 - b % 5).collect();
            for lengths in [&[][..], &lengths] {
                let alone = threads::inline(|| run(sizes, lengths));
                for count in [2, 5] {
                    crate::set_num_threads(count);
                    assert_eq!(run(sizes, lengths), alone, "{kind:?}, {batch} rows, {count} threads");
                }
            }
        }
    }
}
