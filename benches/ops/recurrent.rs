use crate::harness::Bench;
use typegrad::prelude::*;

/// 7 sequences of 21 steps, 33 features and 65 of state, for each gate.
type Steps = Rank3<7, 21, 33>;
const GATE: usize = 2 * 7 * 21 * 65 * (33 + 65);

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
    layer!(b, "recurrent/lstm_projected/7x21x33", projected, f32, ProjectedLstm<33, 65, 17>, Steps);
}
