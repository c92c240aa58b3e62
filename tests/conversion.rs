//! Networks whose elements are converted: every kind of field, and the numbers.

use typegrad::nn::{AvgPool3d, Conv3d, Mask, RectConv3d, RectMaxPool3d};
use typegrad::prelude::*;

/// Every kind of field: layers of the type parameter, an option, a buffer, a constant, a generator, nothing.
#[derive(Module)]
struct Net<L, E: Float = f32> {
    conv: Conv2d<1, 2, 3, 1, 1, 1, 1, E>,
    norm: BatchNorm2d<2, E>,
    drop: Dropout,
    inner: L,
    blocks: [Residual<(NoBias<Linear<4, 4, E>>, Relu, Upsample<2>)>; 2],
    lstm: Lstm<4, 3, 2, true, E>,
    #[module(init = Param::new(Tensor::zeros()))]
    scale: Param<Rank0, E>,
    #[module(init = Buffer::non_persistent(Tensor::from([1, 2])))]
    places: Buffer<Rank1<2>, i64>,
    #[module(skip, init = Some(Tensor::full(E::from_f64(0.1))))]
    mean: Option<Tensor<Rank1<2>, E>>,
    #[module(skip, init = "a name".to_string())]
    name: String,
}

type Full<E> = Net<(MultiheadAttention<4, 2, E>, Conv3d<1, 1, 1, 1, 0, 1, 1, E>, AvgPool3d<2>), E>;

#[test]
fn a_network_has_all_its_parts_and_options_in_the_other_type() {
    let rng = &mut Rng::seed(0);
    let net: Full<f32> = Net {
        conv: Conv2d::new(rng),
        norm: BatchNorm2d::new(rng).momentum(0.3),
        drop: Dropout::new(rng).p(0.2),
        inner: (MultiheadAttention::new(rng).causal(), Conv3d::new(rng), AvgPool3d::new(rng)),
        blocks: std::array::from_fn(|_| Init::new(rng)),
        lstm: Lstm::new(rng).dropout(0.4),
        scale: Param::new(Tensor::full(0.3)),
        places: Buffer::non_persistent(Tensor::from([1, 2])),
        mean: Some(Tensor::full(0.1)),
        name: "a name".to_string(),
    };
    net.norm.running_mean.set(Tensor::from([0.1, -2.0]));
    let exact: Full<f64> = net.to::<f64>();
    assert_eq!(exact.state_dict(), net.state_dict().to::<f64>());
    assert_eq!((exact.norm.momentum, exact.drop.p, exact.lstm.dropout.p), (net.norm.momentum, 0.2, 0.4));
    assert!(exact.inner.0.is_causal && !exact.places.is_persistent());
    assert_eq!(exact.places.value(), Tensor::from([1, 2]));
    assert_eq!(exact.mean.as_ref().unwrap().to_vec(), [f64::from(0.1_f32); 2]);
    assert_eq!(exact.name, net.name);
    assert_eq!(exact.generator_state(), net.generator_state());
    let back: Full<f32> = exact.to::<f32>();
    assert_eq!(back.state_dict(), net.state_dict());
}

#[test]
fn layers_whose_windows_differ_by_axis_are_converted() {
    type Net<E> = (
        RectConv3d<2, 3, Window<1>, Window<3, 1, 1>, Window<2>, 1, E>,
        RectMaxPool3d<Window<1>, Window<2, 2>, Window<1>>,
        NoBias<RectConv2d<2, 3, Window<1>, Window<2>, 1, E>>,
    );
    let net = Net::<f32>::new(&mut Rng::seed(3));
    let exact: Net<f64> = net.clone().to::<f64>();
    assert_eq!(exact.state_dict(), net.state_dict().to::<f64>());
    assert_eq!(net.state_dict().names().collect::<Vec<_>>(), ["0.weight", "0.bias", "2.weight"]);
}

#[test]
fn conversion_rounds_to_the_nearest_and_drops_gradients() {
    let w = Param::new(Tensor::from([0.1_f64, 1e300, f64::NAN]));
    w.track().sum().backward();
    let rounded = w.to::<f32>();
    assert_eq!(rounded.value().to_vec()[..2], [0.1_f32, f32::INFINITY]);
    assert!(rounded.value().to_vec()[2].is_nan() && rounded.grad().is_none());
}

#[test]
fn a_converted_network_computes_the_same() {
    let rng = &mut Rng::seed(1);
    let layer = TransformerEncoderLayer::<8, 2, 16>::new(rng).causal().norm_first().gelu();
    let x = Tensor::<Rank3<2, 5, 8>>::randn(rng);
    let exact = layer.to::<f64>().infer(x.clone().double());
    assert!(exact.float().allclose_with(layer.infer(x.clone()), 1e-4, 1e-5, false));
    let frozen = Frozen::new(layer).to::<f64>();
    let masked = frozen.inner().self_attn.infer_with_weights(x.clone().double(), x.double(), Mask::causal());
    assert!(masked.1.sum_axis::<-1>().allclose(Tensor::<Rank3<2, 2, 5>, f64>::ones()));

    let plain = NoBias::<TransformerEncoderLayer<8, 2, 16>>::new(rng);
    let exact: NoBias<TransformerEncoderLayer<8, 2, 16, f64>> = plain.to::<f64>();
    assert_eq!(exact.state_dict(), plain.state_dict().to::<f64>());
}
