use crate::harness::{Bench, Work, time};
use std::hint::black_box;
use typegrad::prelude::*;

/// 7 sequences of 21 steps, 33 features and 65 of state, for each gate.
type Steps = Rank3<7, 21, 33>;
const GATE: usize = 2 * 7 * 21 * 65 * (33 + 65);

/// A row of one step of a cell for 7 sequences: `infer_step`, and the gradients of `step`.
macro_rules! cell {
    ($bench:expr, $name:literal, $num_gates:literal, $cell:ty, $state:ty) => {
        if $bench.wants($name) {
            let rng = &mut Rng::seed(0);
            let (cell, x, h) =
                (<$cell>::new(rng), Tensor::<Rank2<7, 33>>::randn(rng), Tensor::<$state>::randn(rng));
            let numbers = 7 * 33 + 2 * <$state as Shape>::NUMEL + cell.num_parameters();
            let work = Work { operations: $num_gates * GATE / 21, bytes: 4 * numbers, size: 4 };
            let forward = time(|| drop(black_box(cell.infer_step(black_box(&x).clone(), h.clone()))));
            let (x, h) = (Param::new(x), Param::new(h));
            let both = time(|| {
                cell.zero_grad();
                x.zero_grad();
                h.zero_grad();
                black_box(cell.step(x.track(), h.track()).sum().backward());
            });
            $bench.line($name, &[7, 33], work, Some(forward), Some(both));
        }
    };
}

pub fn rows(b: &Bench) {
    layer!(b, "recurrent/rnn/7x21x33", GATE, f32, Rnn<33, 65>, Steps);
    layer!(b, "recurrent/gru/7x21x33", 3 * GATE, f32, Gru<33, 65>, Steps);
    layer!(b, "recurrent/lstm/7x21x33", 4 * GATE, f32, Lstm<33, 65>, Steps);
    layer!(b, "recurrent/lstm/7x21x33/f64", 4 * GATE, f64, Lstm<33, 65, 1, false, f64>, Steps);
    layer!(b, "recurrent/lstm/1x1x33", 4 * GATE / 7 / 21, f32, Lstm<33, 65>, Rank3<1, 1, 33>);
    layer!(b, "recurrent/lstm/1x333x33", 4 * GATE / 7 / 21 * 333, f32, Lstm<33, 65>, Rank3<1, 333, 33>);
    layer!(b, "recurrent/gru/129x5x33", 3 * GATE / 7 / 21 * 129 * 5, f32, Gru<33, 65>, Rank3<129, 5, 33>);
    layer!(b, "recurrent/lstm_bidirectional/7x21x33", 8 * GATE, f32, Lstm<33, 65, 1, true>, Steps);
    layer!(b, "recurrent/lstm_2_layers/7x21x33", 4 * GATE + 8 * 2 * 7 * 21 * 65 * 65, f32, Lstm<33, 65, 2>, Steps);
    let projected = 4 * 2 * 7 * 21 * 65 * (33 + 17) + 2 * 7 * 21 * 65 * 17;
    layer!(b, "recurrent/projected_lstm/7x21x33", projected, f32, ProjectedLstm<33, 65, 17>, Steps);
    cell!(b, "recurrent/rnn_cell/7x33", 1, RnnCell<33, 65>, Rank2<7, 65>);
    cell!(b, "recurrent/gru_cell/7x33", 3, GruCell<33, 65>, Rank2<7, 65>);
    cell!(b, "recurrent/lstm_cell/7x33", 4, LstmCell<33, 65>, Rank3<2, 7, 65>);
    row!(b, "recurrent/scan/21x7x33", 2 * 21 * 7 * 33, f32,
        [x: randn Rank3<21, 7, 33>, h: randn Rank2<7, 33>], x.scan(h, |h, x| h * 0.9 + x));
}
