//! RNN, LSTM and GRU, and their cells.

use crate::fixture::{Cases, layer};
use typegrad::nn::Nonlinearity;
use typegrad::prelude::*;
use typegrad::shape::InsertAxis;

#[test]
fn recurrent() {
    let mut cases = Cases::of("recurrent");
    layers(&mut cases);
    states(&mut cases);
    cells(&mut cases);
    packed(&mut cases);
    projected(&mut cases);
    cases.finish();
}

/// The layers in each arrangement.
macro_rules! arrangements {
    ($cases:ident: $($name:literal $layer:ident)*) => { $(
        layer!($cases, concat!($name, "/one"), train, $layer<2, 3, 1, false, E>, Rank3<2, 4, 2>);
        layer!($cases, concat!($name, "/two_both"), train, $layer<2, 2, 2, true, E>, Rank3<2, 3, 2>);
    )* };
}

fn layers(cases: &mut Cases) {
    arrangements!(cases: "rnn" Rnn "lstm" Lstm "gru" Gru);
    layer!(cases, "lstm/two", train, Lstm<2, 3, 2, false, E>, Rank3<2, 3, 2>);
    layer!(cases, "gru/both", train, Gru<2, 3, 1, true, E>, Rank3<5, 3, 2>);
    type Relu<E> = Rnn<2, 3, 1, false, E>;
    layer!(cases, "rnn/relu", train, Relu<E>, Rank3<2, 4, 2>, |rnn| rnn.nonlinearity(Nonlinearity::Relu));
    layer!(cases, "rnn/no_bias", train, NoBias<Rnn<2, 3, 1, false, E>>, Rank3<2, 4, 2>);
    layer!(cases, "gru/no_bias", train, NoBias<Gru<2, 3, 1, false, E>>, Rank3<2, 4, 2>);
    layer!(cases, "lstm/unbatched", train, Lstm<2, 3, 1, false, E>, Rank2<4, 2>);
    layer!(cases, "lstm/one_step", train, Lstm<2, 3, 1, false, E>, Rank3<2, 1, 2>);
    layer!(cases, "lstm/no_batch", train, Lstm<2, 3, 1, false, E>, Rank3<0, 2, 2>);
    layer!(cases, "lstm/eval", eval, Lstm<2, 3, 2, false, E>, Rank3<2, 3, 2>, |lstm| lstm.dropout(0.5));
}

/// The last state as the output.
#[derive(Module)]
struct Last<L> {
    layer: L,
}

impl<S: Shape, E: Float, L: Recurrent<S, E>> Forward<S, E> for Last<L> {
    type Output = L::State;
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Output, M, E> {
        self.layer.call_last(x)
    }
}

/// A layer from a given first state, which is in the last step of the input.
#[derive(Module)]
struct Given<L> {
    layer: L,
}

impl<E: Float> Forward<Rank3<2, 4, 2>, E> for Given<Lstm<2, 2, 1, false, E>> {
    type Output = Rank3<2, 3, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 4, 2>, M, E>) -> impl Traced<Self::Output, M, E> {
        let h = x.clone().select_at::<1, 3>().reshape::<Rank3<1, 2, 2>>();
        let half = Tensor::<Rank3<1, 2, 2>, E>::full(E::from_f64(0.5));
        let c = x.clone().select_at::<1, 3>().reshape::<Rank3<1, 2, 2>>() * half;
        self.layer.call_from(x.narrow::<1, 0, 3>(), (h, c).stack::<0>()).0
    }
}

impl<E: Float> Forward<Rank3<2, 4, 2>, E> for Given<Gru<2, 2, 1, false, E>> {
    type Output = Rank3<2, 3, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 4, 2>, M, E>) -> impl Traced<Self::Output, M, E> {
        let h = x.clone().select_at::<1, 3>().reshape::<Rank3<1, 2, 2>>();
        self.layer.call_from(x.narrow::<1, 0, 3>(), h).0
    }
}

fn states(cases: &mut Cases) {
    layer!(cases, "lstm/last", train, Last<Lstm<2, 2, 2, true, E>>, Rank3<2, 3, 2>);
    layer!(cases, "gru/last", train, Last<Gru<2, 3, 1, false, E>>, Rank3<2, 3, 2>);
    layer!(cases, "lstm/given", train, Given<Lstm<2, 2, 1, false, E>>, Rank3<2, 4, 2>);
    layer!(cases, "gru/given", train, Given<Gru<2, 2, 1, false, E>>, Rank3<2, 4, 2>);
}

/// A cell along the first axis, from zeros: the state after each step.
#[derive(Module)]
struct Steps<L> {
    cell: L,
}

macro_rules! steps {
    ($($all:ty, $one:ty;)*) => { $(
        impl<E, L> Forward<$all, E> for Steps<L>
        where
            E: Float,
            L: RecurrentCell<$one, E>,
            L::State: InsertAxis<0>,
        {
            type Output = <L::State as InsertAxis<0>>::Inserted<Const<3>>;
            fn forward<M: Mode>(&self, xs: Input<$all, M, E>) -> impl Traced<Self::Output, M, E> {
                xs.scan(Tensor::<L::State, E>::zeros(), |state, x| self.cell.step(x, state))
            }
        }
    )* };
}
steps! { Rank3<3, 2, 2>, Rank2<2, 2>; Rank2<3, 2>, Rank1<2>; }

fn cells(cases: &mut Cases) {
    type Relu<E> = Steps<RnnCell<2, 3, E>>;
    layer!(cases, "rnn_cell/plain", train, Steps<RnnCell<2, 3, E>>, Rank3<3, 2, 2>);
    layer!(cases, "rnn_cell/relu", train, Relu<E>, Rank3<3, 2, 2>, |steps| Steps {
        cell: steps.cell.nonlinearity(Nonlinearity::Relu)
    });
    layer!(cases, "lstm_cell/plain", train, Steps<LstmCell<2, 3, E>>, Rank3<3, 2, 2>);
    layer!(cases, "gru_cell/plain", train, Steps<GruCell<2, 3, E>>, Rank3<3, 2, 2>);
    layer!(cases, "lstm_cell/unbatched", train, Steps<LstmCell<2, 3, E>>, Rank2<3, 2>);
    layer!(cases, "gru_cell/no_bias", train, Steps<NoBias<GruCell<2, 3, E>>>, Rank3<3, 2, 2>);
}

/// The output of sequences of different lengths.
#[derive(Module)]
struct Packed<L> {
    layer: L,
    #[module(skip)]
    lengths: Vec<usize>,
}

/// Their last states.
#[derive(Module)]
struct PackedLast<L> {
    layer: L,
    #[module(skip)]
    lengths: Vec<usize>,
}

impl<const B: usize, const T: usize, E: Float, L> Forward<Rank3<B, T, 2>, E> for Packed<L>
where
    L: Recurrent<Rank3<B, T, 2>, E>,
{
    type Output = L::Output;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, T, 2>, M, E>) -> impl Traced<Self::Output, M, E> {
        self.layer.call_lengths(x, &self.lengths).0
    }
}

impl<const B: usize, const T: usize, E: Float, L> Forward<Rank3<B, T, 2>, E> for PackedLast<L>
where
    L: Recurrent<Rank3<B, T, 2>, E>,
{
    type Output = L::State;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, T, 2>, M, E>) -> impl Traced<Self::Output, M, E> {
        self.layer.call_last_lengths(x, &self.lengths)
    }
}

/// Their output from a first state, which is in the last step of the input.
#[derive(Module)]
struct PackedFrom<L> {
    layer: L,
    #[module(skip)]
    lengths: Vec<usize>,
}

impl<E: Float> Forward<Rank3<3, 5, 3>, E> for PackedFrom<Lstm<3, 3, 1, false, E>> {
    type Output = Rank3<3, 4, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank3<3, 5, 3>, M, E>) -> impl Traced<Self::Output, M, E> {
        let h = x.clone().select_at::<1, 4>().unsqueeze::<0>();
        let c = x.clone().select_at::<1, 4>().unsqueeze::<0>();
        self.layer.call_from_lengths(x.narrow::<1, 0, 4>(), (h, c).stack::<0>(), &self.lengths).0
    }
}

impl<E: Float> Forward<Rank3<3, 5, 3>, E> for PackedFrom<Gru<3, 3, 1, false, E>> {
    type Output = Rank3<3, 4, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank3<3, 5, 3>, M, E>) -> impl Traced<Self::Output, M, E> {
        let h = x.clone().select_at::<1, 4>().unsqueeze::<0>();
        self.layer.call_from_lengths(x.narrow::<1, 0, 4>(), h, &self.lengths).0
    }
}

fn packed(cases: &mut Cases) {
    macro_rules! both {
        ($($name:literal $layer:ident)*) => { $(
            layer!(cases, concat!($name, "/packed_output"), train, Packed<$layer<2, 3, 2, true, E>>, Rank3<4, 5, 2>, |net| {
                Packed { lengths: vec![4, 1, 5, 3], ..net }
            });
            layer!(cases, concat!($name, "/packed_state"), train, PackedLast<$layer<2, 3, 2, true, E>>, Rank3<4, 5, 2>, |net| {
                PackedLast { lengths: vec![4, 1, 5, 3], ..net }
            });
        )* };
    }
    both!("rnn" Rnn "lstm" Lstm "gru" Gru);
    layer!(cases, "lstm/packed_one_way", train, Packed<Lstm<2, 3, 1, false, E>>, Rank3<2, 4, 2>, |net| {
        Packed { lengths: vec![2, 4], ..net }
    });
    layer!(cases, "lstm/packed_given", train, PackedFrom<Lstm<3, 3, 1, false, E>>, Rank3<3, 5, 3>, |net| {
        PackedFrom { lengths: vec![2, 4, 1], ..net }
    });
    layer!(cases, "gru/packed_given", train, PackedFrom<Gru<3, 3, 1, false, E>>, Rank3<3, 5, 3>, |net| {
        PackedFrom { lengths: vec![2, 4, 1], ..net }
    });
}

impl<E: Float> Forward<Rank3<2, 4, 5>, E> for Given<ProjectedLstm<5, 3, 2, 1, false, E>> {
    type Output = Rank3<2, 3, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 4, 5>, M, E>) -> impl Traced<Self::Output, M, E> {
        let state = x.clone().select_at::<1, 3>().reshape();
        self.layer.call_from(x.narrow::<1, 0, 3>(), state).0
    }
}

fn projected(cases: &mut Cases) {
    type Both<E> = ProjectedLstm<2, 3, 2, 2, true, E>;
    layer!(cases, "projected_lstm/one", train, ProjectedLstm<2, 3, 2, 1, false, E>, Rank3<2, 4, 2>);
    layer!(cases, "projected_lstm/two_both", train, ProjectedLstm<3, 4, 2, 2, true, E>, Rank3<2, 3, 3>);
    layer!(cases, "projected_lstm/two", train, ProjectedLstm<2, 5, 3, 2, false, E>, Rank3<3, 2, 2>);
    layer!(cases, "projected_lstm/no_bias", train, NoBias<ProjectedLstm<2, 3, 1, 1, false, E>>, Rank3<2, 4, 2>);
    layer!(cases, "projected_lstm/unbatched", train, ProjectedLstm<2, 3, 2, 1, false, E>, Rank2<4, 2>);
    layer!(cases, "projected_lstm/eval", eval, ProjectedLstm<2, 3, 2, 2, false, E>, Rank3<2, 3, 2>, |lstm| lstm.dropout(0.5));
    layer!(cases, "projected_lstm/last", train, Last<Both<E>>, Rank3<2, 3, 2>);
    layer!(cases, "projected_lstm/given", train, Given<ProjectedLstm<5, 3, 2, 1, false, E>>, Rank3<2, 4, 5>);
    layer!(cases, "projected_lstm/packed_output", train, Packed<Both<E>>, Rank3<4, 5, 2>, |net| {
        Packed { lengths: vec![4, 1, 5, 3], ..net }
    });
    layer!(cases, "projected_lstm/packed_state", train, PackedLast<Both<E>>, Rank3<4, 5, 2>, |net| {
        PackedLast { lengths: vec![4, 1, 5, 3], ..net }
    });
}
