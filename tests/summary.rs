//! The table of a network against PyTorch's numbers.
//!
//! Parameters are `sum(p.numel() for p in net.parameters())`, multiply-adds half of what PyTorch 2.15 counts in
//! `torch.utils.flop_counter.FlopCounterMode` with `torch.backends.mkldnn.enabled = False`.

use typegrad::einsum;
use typegrad::nn::{Summary, SummaryRow};
use typegrad::prelude::*;

fn totals(rows: &[SummaryRow]) -> (Option<usize>, usize) {
    (rows[0].parameters, rows[0].multiply_adds)
}

#[derive(Module)]
struct Cnn {
    conv1: Conv2d<3, 8, 3, 1, 1>,
    norm: BatchNorm2d<8>,
    conv2: Conv2d<8, 16, 3, 2, 1, 1, 4>,
    up: ConvTranspose2d<16, 4, 2, 2>,
    fc: Linear<256, 10>,
}

impl<const B: usize> Forward<Rank4<B, 3, 16, 16>> for Cnn {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 16, 16>, M>) -> impl Traced<Self::Output, M> {
        let x = self.conv1.call(x);
        let x = self.norm.call(x).relu().max_pool2d::<2, 2, 0, 1>();
        let x = self.conv2.call(x).relu();
        let x = self.up.call(x).flatten_axes::<1, -1>();
        self.fc.call(x)
    }
}

#[test]
fn a_convolutional_network_has_the_numbers_of_pytorch() {
    let summary = Summary::<Cnn, Rank4<2, 3, 16, 16>>::new();
    assert_eq!(
        summary.to_string(),
        "\
Layer                           Output          Parameters  Multiply-adds
Cnn                             [2, 10]              3,374        133,120
  Conv2d<3, 8, 3, 1, 1>         [2, 8, 16, 16]         224        110,592
  BatchNorm2d<8>                [2, 8, 16, 16]          16              0
  Conv2d<8, 16, 3, 2, 1, 1, 4>  [2, 16, 4, 4]          304          9,216
  ConvTranspose2d<16, 4, 2, 2>  [2, 4, 8, 8]           260          8,192
  Linear<256, 10>               [2, 10]              2,570          5,120
"
    );
}

#[test]
fn recurrent_networks_have_the_numbers_of_pytorch() {
    type X = Rank3<4, 10, 8>;
    assert_eq!(totals(&Summary::<Rnn<8, 16, 3>, X>::new().rows()), (Some(1_504), 56_320));
    assert_eq!(totals(&Summary::<Gru<8, 16>, X>::new().rows()), (Some(1_248), 46_080));
    assert_eq!(totals(&Summary::<Lstm<8, 16, 2, true>, X>::new().rows()), (Some(9_728), 368_640));
    // One sequence without a batch, and a layer without bias.
    assert_eq!(totals(&Summary::<NoBias<Gru<8, 16>>, Rank2<10, 8>>::new().rows()), (Some(1_152), 11_520));
    let summary = Summary::<(Lstm<8, 16, 2, true>, Linear<32, 5>), X>::new().to_string();
    assert_eq!(
        summary,
        "\
Layer                   Output       Parameters  Multiply-adds
Sequential              [4, 10, 5]        9,893        375,040
  Lstm<8, 16, 2, true>  [4, 10, 32]       9,728        368,640
  Linear<32, 5>         [4, 10, 5]          165          6,400
"
    );
}

/// A cell that a module steps through time.
#[derive(Module)]
struct Stepped {
    cell: LstmCell<8, 16>,
}

impl Forward<Rank3<10, 4, 8>> for Stepped {
    type Output = Rank4<10, 2, 4, 16>;
    fn forward<M: Mode>(&self, x: Input<Rank3<10, 4, 8>, M>) -> impl Traced<Self::Output, M> {
        x.scan(Tensor::zeros(), |state, x| self.cell.step(x, state))
    }
}

#[test]
fn a_cell_is_counted_in_each_step() {
    let rows = Summary::<Stepped, Rank3<10, 4, 8>>::new().rows();
    assert_eq!(totals(&rows), (Some(1_664), 10 * 4 * 4 * 16 * (8 + 16)));
}

/// Attention as it is written by hand.
#[derive(Module)]
struct Written {
    keys: Linear<16, 8>,
}

impl<const B: usize> Forward<Rank3<B, 5, 16>> for Written {
    type Output = Rank3<B, 5, 5>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 16>, M>) -> impl Traced<Self::Output, M> {
        let keys = self.keys.call(x);
        keys.shared(|keys| einsum!("btk,bsk->bts", keys.clone(), keys))
    }
}

#[test]
fn a_sum_of_products_has_all_letters() {
    let rows = Summary::<Written, Rank3<3, 5, 16>>::new().rows();
    assert_eq!(totals(&rows), (Some(136), 3 * 5 * 16 * 8 + 3 * 5 * 5 * 8));
}

#[derive(Module)]
struct Gpt {
    tokens: Embedding<50, 16>,
    blocks: [TransformerEncoderLayer<16, 2, 32>; 3],
    head: Linear<16, 50>,
}

impl<const B: usize> Forward<Rank2<B, 5>, f32, i64> for Gpt {
    type Output = Rank3<B, 5, 50>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 5>, M, i64>) -> impl Traced<Self::Output, M> {
        let x = self.tokens.call(x);
        let x = self.blocks.call(x);
        self.head.call(x)
    }
}

#[derive(Module)]
struct Decoder {
    encoder: TransformerEncoderLayer<16, 2, 32>,
    decoder: TransformerDecoderLayer<16, 2, 32>,
}

impl<const B: usize> Forward<Rank3<B, 7, 16>> for Decoder {
    type Output = Rank3<B, 5, 16>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 7, 16>, M>) -> impl Traced<Self::Output, M> {
        x.shared(|x| {
            let target = x.clone().narrow::<1, 0, 5>();
            let memory = self.encoder.call(x);
            self.decoder.call_with(target, memory)
        })
    }
}

#[test]
fn transformers_have_the_numbers_of_pytorch() {
    let summary = Summary::<Gpt, Rank2<3, 5>, f32, i64>::new();
    // 3 encoders of 33,120, and the head, 3 * 5 * 16 * 50.
    assert_eq!(totals(&summary.rows()), (Some(50 * 16 + 3 * 2_224 + 17 * 50), 3 * 33_120 + 12_000));
    assert_eq!(
        summary.to_string(),
        "\
Layer                                       Output      Parameters  Multiply-adds
Gpt                                         [3, 5, 50]       8,322        111,360
  Embedding<50, 16>                         [3, 5, 16]         800              0
  [TransformerEncoderLayer<16, 2, 32>; 3]   [3, 5, 16]       6,672         99,360
    3 x TransformerEncoderLayer<16, 2, 32>  [3, 5, 16]       6,672         99,360
  Linear<16, 50>                            [3, 5, 50]         850         12,000
"
    );
    // The decoder reads 5 queries of a memory of 7: 54,912. The encoder has 7 of its own: 47,712.
    assert_eq!(
        totals(&Summary::<Decoder, Rank3<3, 7, 16>>::new().rows()),
        (Some(2_224 + 3_344), 54_912 + 47_712)
    );
}

/// Layers whose sizes an operation computes.
#[derive(Module)]
struct Joined {
    norm: BatchNorm1d<4>,
    groups: GroupNorm<2, 4>,
    layer: TransformerEncoderLayer<4, 2, 8>,
}

impl<const B: usize> Forward<Rank3<B, 2, 3>> for Joined {
    type Output = Rank3<B, 3, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 2, 3>, M>) -> impl Traced<Self::Output, M> {
        let twice = (x.clone(), x.clone()).cat::<1>();
        let y = self.groups.call((x.clone(), x.clone()).cat::<1>()) + self.norm.call(twice);
        let rows = x.transpose::<1, 2>();
        let z = rows.shared(|rows| (rows.clone(), rows).cat::<2>());
        self.layer.call(z) + y.with_shape::<Rank3<B, 4, 3>>().transpose::<1, 2>()
    }
}

#[test]
fn a_layer_that_takes_a_computed_size_is_one_row() {
    let summary = Summary::<Joined, Rank3<2, 2, 3>>::new();
    let rows = summary.rows();
    let layers: Vec<_> = rows.iter().map(|row| row.layer.as_str()).collect();
    for layer in ["BatchNorm1d<4>", "GroupNorm<2, 4>", "TransformerEncoderLayer<4, 2, 8>"] {
        assert_eq!(layers.iter().filter(|name| **name == layer).count(), 1, "{layers:?}");
    }
    assert_eq!(rows[0].parameters, Some(8 + 8 + 172));
}
