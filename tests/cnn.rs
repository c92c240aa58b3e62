//! Networks of convolutions, whose shapes are inferred.

use typegrad::nn::{ParameterView, StateData};
use typegrad::prelude::*;

type Net = (Conv2d<1, 16, 3, 1, 1>, Relu, MaxPool2d<2>, Flatten, Linear<1024, 10>);

#[test]
fn a_network_of_convolutions_needs_no_shapes() {
    let mut net = Net::new(&mut Rng::seed(0));
    // A mean of nine pixels, which are 1 in each window of the pooling; the class k then is k times the mean of features.
    net.0.weight.set(Tensor::full(1.0 / 9.0));
    net.0.bias.set(Tensor::zeros());
    net.4.weight.set(Tensor::from_fn(|i| (i / 1024) as f32 / 1024.0));
    net.4.bias.set(Tensor::zeros());
    let y: Tensor<Rank2<4, 10>> = net.infer(Tensor::<Rank4<4, 1, 16, 16>>::ones());
    assert!(y.as_slice().iter().enumerate().all(|(i, y)| (y - (i % 10) as f32).abs() < 1e-5), "{y}");
    let loss = net.train(Tensor::<Rank4<4, 1, 16, 16>>::ones()).mean().backward();
    assert!((loss - 4.5).abs() < 1e-5);
    // Of each of 40 scores, 1/40; of each feature, which is 1, as much for each of four images.
    let near = |grad: &[f32], want: f32| grad.iter().all(|g| (g - want).abs() < 1e-6);
    assert!(
        near(net.4.bias.grad().unwrap().as_slice(), 0.1)
            && near(net.4.weight.grad().unwrap().as_slice(), 0.1)
    );
    // Of each feature, the mean over the classes of k / 1024; 64 features of a channel have the same bias.
    assert!(near(net.0.bias.grad().unwrap().as_slice(), 64.0 * 4.5 / 1024.0));
    assert_eq!(Net::NUM_PARAMETERS, Some(16 * 9 + 16 + 1024 * 10 + 10));
}

/// A block whose input and output are of one shape, so that it can be repeated.
#[derive(Module)]
struct Residual<const C: usize> {
    conv1: NoBias<Conv2d<C, C, 3, 1, 1>>,
    conv2: NoBias<Conv2d<C, C, 3, 1, 1>>,
}

impl<const B: usize, const C: usize, const H: usize, const W: usize> Forward<Rank4<B, C, H, W>>
    for Residual<C>
{
    type Output = Rank4<B, C, H, W>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, C, H, W>, M>) -> impl Traced<Self::Output, M> {
        let y = self.conv1.call(x.clone()).relu();
        x + self.conv2.call(y).with_shape::<Rank4<B, C, H, W>>()
    }
}

/// Layers on the concatenation of two tensors of channels, as in a U-Net.
#[derive(Module)]
struct Skip {
    down: Conv2d<3, 8, 2, 2>,
    blocks: [Residual<8>; 2],
    up: ConvTranspose2d<8, 4, 2, 2>,
    last: Conv2d<7, 2, 1>,
}

impl<const B: usize> Forward<Rank4<B, 3, 8, 8>> for Skip {
    type Output = Rank4<B, 2, 8, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 8, 8>, M>) -> impl Traced<Self::Output, M> {
        let y = self.down.call(x.clone()).with_shape::<Rank4<B, 8, 4, 4>>();
        let y = self.blocks.call(y);
        let y = self.up.call(y).with_shape::<Rank4<B, 4, 8, 8>>();
        self.last.call((x, y).cat::<1>()).with_shape()
    }
}

/// [`Skip`] without blocks and without a concatenation: the last layer is a sum of one on each of the two tensors.
#[derive(Module)]
struct Unrolled {
    down: Conv2d<3, 8, 2, 2>,
    convs: [NoBias<Conv2d<8, 8, 3, 1, 1>>; 4],
    up: ConvTranspose2d<8, 4, 2, 2>,
    last_of_x: Conv2d<3, 2, 1>,
    last_of_y: NoBias<Conv2d<4, 2, 1>>,
}

impl Unrolled {
    /// With the parameters of `net`.
    fn of(net: &Skip) -> Self {
        let [first, second] = &net.blocks;
        let convs = [&first.conv1, &first.conv2, &second.conv1, &second.conv2].map(Clone::clone);
        let rng = &mut Rng::seed(1);
        let (mut last_of_x, mut last_of_y) =
            (Conv2d::<3, 2, 1>::new(rng), NoBias::<Conv2d<4, 2, 1>>::new(rng));
        let weight = || net.last.weight.value().clone().with_shape::<Rank4<2, 7, 1, 1>>();
        last_of_x.weight.set(weight().narrow::<1, 0, 3>().with_shape());
        last_of_x.bias.set(net.last.bias.value().clone());
        last_of_y.weight.set(weight().narrow::<1, 3, 4>().with_shape());
        Unrolled { down: net.down.clone(), convs, up: net.up.clone(), last_of_x, last_of_y }
    }

    /// The gradients of all parameters, in the order of those of [`Skip`].
    fn gradients(&self) -> Vec<Vec<f32>> {
        let mut gradients: Vec<_> = self.named_parameters().map(|(_, p)| gradient(p)).collect();
        let of_y = gradients.pop().expect("the weight of `last_of_y`");
        // Before the bias is the weight of `last_of_x`, with 3 columns of the 7.
        let weight = gradients.len() - 2;
        let rows = gradients[weight].chunks(3).zip(of_y.chunks(4));
        gradients[weight] = rows.flat_map(|(x, y)| [x, y].concat()).collect();
        gradients
    }
}

/// Equal but for the order of sums: 1e-5 of the largest number.
#[track_caller]
fn near(name: &str, got: &[f32], want: &[f32]) {
    let largest = want.iter().fold(0.0, |a: f32, b| a.max(b.abs()));
    assert!(got.len() == want.len() && largest > 0.0, "{name}");
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= 1e-5 * largest, "{name}: {got} should be {want}");
    }
}

fn gradient(parameter: ParameterView<'_>) -> Vec<f32> {
    match parameter.grad().expect("a gradient").data() {
        StateData::F32(x) => x.to_vec(),
        other => panic!("elements of type {:?}", other.dtype()),
    }
}

impl<const B: usize> Forward<Rank4<B, 3, 8, 8>> for Unrolled {
    type Output = Rank4<B, 2, 8, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 8, 8>, M>) -> impl Traced<Self::Output, M> {
        let [a, b, c, d] = &self.convs;
        let y = self.down.call(x.clone()).with_shape::<Rank4<B, 8, 4, 4>>();
        let y = y.shared(|y| {
            let inside = a.call(y.clone()).relu();
            y + b.call(inside).with_shape::<Rank4<B, 8, 4, 4>>()
        });
        let y = y.shared(|y| {
            let inside = c.call(y.clone()).relu();
            y + d.call(inside).with_shape::<Rank4<B, 8, 4, 4>>()
        });
        let y = self.up.call(y).with_shape::<Rank4<B, 4, 8, 8>>();
        let of_x = self.last_of_x.call(x).with_shape::<Rank4<B, 2, 8, 8>>();
        of_x + self.last_of_y.call(y).with_shape::<Rank4<B, 2, 8, 8>>()
    }
}

#[test]
fn computed_channels_and_repeated_blocks_fit() {
    let net = Skip::new(&mut Rng::seed(0));
    let unrolled = Unrolled::of(&net);
    let x = Tensor::<Rank4<2, 3, 8, 8>>::randn(&mut Rng::seed(1));
    let (y, want) = (net.train(x.clone()), unrolled.train(x));
    near("the output", y.value().as_slice(), want.value().as_slice());
    y.powi(2).sum().backward();
    want.powi(2).sum().backward();
    let gradients = unrolled.gradients();
    assert_eq!(net.named_parameters().count(), gradients.len());
    for ((name, p), want) in net.named_parameters().zip(gradients) {
        near(&name, &gradient(p), &want);
    }
    let names: Vec<_> = net.named_parameters().map(|(name, _)| name).collect();
    assert_eq!(names[2..4], ["blocks.0.conv1.weight", "blocks.0.conv2.weight"]);
}

/// Expected values: `print` in PyTorch 2.15.
#[test]
fn layers_print_as_in_pytorch() {
    let rng = &mut Rng::seed(0);
    let printed = [
        format!("{:?}", Conv1d::<3, 4, 5>::new(rng)),
        format!("{:?}", Conv2d::<4, 6, 3, 2, 1, 2, 2>::new(rng)),
        format!("{:?}", NoBias::<Conv2d<4, 6, 3>>::new(rng)),
        format!("{:?}", ConvTranspose2d::<4, 6, 3, 2, 1, 1>::new(rng)),
        format!("{:?}", MaxPool2d::<2>::new(rng)),
        format!("{:?}", AvgPool1d::<2>::new(rng)),
        format!("{:?}", AvgPool2d::<2>::new(rng)),
        format!("{:?}", AdaptiveAvgPool2d::<2>::new(rng)),
        format!("{:?}", Upsample::<2>::new(rng)),
        format!("{:?}", Flatten::<1, -1>::new(rng)),
        format!("{:?}", Unflatten::<Rank2<2, 3>>::new(rng)),
    ];
    let expected = [
        "Conv1d(3, 4, kernel_size=(5,), stride=(1,))",
        "Conv2d(4, 6, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(2, 2), groups=2)",
        "Conv2d(4, 6, kernel_size=(3, 3), stride=(1, 1), bias=False)",
        "ConvTranspose2d(4, 6, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), output_padding=(1, 1))",
        "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)",
        "AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,))",
        "AvgPool2d(kernel_size=2, stride=2, padding=0)",
        "AdaptiveAvgPool2d(output_size=(2, 2))",
        "Upsample(scale_factor=2.0, mode='nearest')",
        "Flatten(start_dim=1, end_dim=-1)",
        "Unflatten(dim=1, unflattened_size=(2, 3))",
    ];
    assert_eq!(printed, expected);
}

/// PyTorch's `kaiming_uniform_(a=sqrt(5))` on the input channels of one group.
#[test]
fn parameters_are_initialized_within_their_bounds() {
    let conv = Conv2d::<8, 64, 3, 1, 0, 1, 2>::new(&mut Rng::seed(0));
    let bound = 1.0 / 36.0_f32.sqrt();
    let largest = |x: &[f32]| x.iter().fold(0.0, |a: f32, b| a.max(b.abs()));
    let (weight, bias) = (largest(conv.weight.value().as_slice()), largest(conv.bias.value().as_slice()));
    assert!(weight <= bound && weight > 0.99 * bound && bias <= bound && bias > 0.9 * bound);
}
