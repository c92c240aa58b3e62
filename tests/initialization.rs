//! The parameters of a new layer are spread as in PyTorch, under PyTorch's names and in its order.

use typegrad::nn::{Module, ModuleExt, StateTensor};
use typegrad::prelude::*;

/// A parameter in the file that tests/pytorch/initialization.py wrote: its name, mean, standard deviation and largest
/// absolute value.
type Row = (&'static str, f64, f64, f64);

/// The layers of the file, with their parameters.
fn pytorch() -> Vec<(&'static str, Vec<Row>)> {
    let mut layers: Vec<(_, Vec<Row>)> = vec![];
    for line in include_str!("fixtures/initialization.csv").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split(',').collect();
        let &[layer, name, ref numbers @ ..] = &fields[..] else { panic!("{line}") };
        let numbers: Vec<f64> = numbers.iter().map(|number| number.parse().expect("a number")).collect();
        let [mean, std, largest] = numbers[..] else { panic!("{line}") };
        if layers.last().is_none_or(|(last, _)| *last != layer) {
            layers.push((layer, vec![]));
        }
        layers.last_mut().expect("a layer").1.push((name, mean, std, largest));
    }
    layers
}

/// Compares a new layer with PyTorch's, and removes that from the layers.
fn check(layers: &mut Vec<(&str, Vec<Row>)>, name: &str, layer: &impl Module) {
    let place = layers.iter().position(|(layer, _)| *layer == name).expect("a layer of the script");
    let (_, expected) = layers.remove(place);
    let names: Vec<_> = layer.named_parameters().map(|(name, _)| name).collect();
    assert_eq!(names, expected.iter().map(|row| row.0).collect::<Vec<_>>(), "the parameters of {name}");
    for ((key, parameter), &(_, mean, std, largest)) in layer.named_parameters().zip(&expected) {
        let value: StateTensor = parameter.value();
        let value = value.data().as_slice::<f32>().expect("parameters are f32");
        let n = value.len() as f64;
        let ours = value.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
        let our_std = (value.iter().map(|&x| (f64::from(x) - ours).powi(2)).sum::<f64>() / n).sqrt();
        // Six standard errors of the mean, and those of the standard deviation, which are less.
        let error = 6.0 * std / n.sqrt();
        assert!((ours - mean).abs() <= error + 1e-4, "{name}.{key}: the mean is {ours}, PyTorch has {mean}");
        assert!(
            (our_std - std).abs() <= error + 1e-5,
            "{name}.{key}: the deviation is {our_std}, PyTorch has {std}"
        );
        let our_largest = value.iter().fold(0.0_f32, |m, x| m.max(x.abs()));
        // A uniform distribution ends at its bound; a normal one, that of the embedding, does not.
        let normal = largest > 3.0 * std && std > 0.0;
        assert!(
            normal || f64::from(our_largest) <= largest + 1e-3,
            "{name}.{key}: the largest is {our_largest}, PyTorch has {largest}"
        );
    }
}

#[test]
fn parameters_are_initialized_as_in_pytorch() {
    let (layers, rng) = (&mut pytorch(), &mut Rng::seed(0));
    check(layers, "Linear", &Linear::<300, 200>::new(rng));
    check(layers, "Conv1d", &Conv1d::<20, 60, 5>::new(rng));
    check(layers, "Conv2d", &Conv2d::<20, 60, 3, 1, 0, 1, 2>::new(rng));
    check(layers, "ConvTranspose2d", &ConvTranspose2d::<20, 60, 3, 1, 0, 0, 1, 2>::new(rng));
    check(layers, "Embedding", &Embedding::<200, 50>::new(rng));
    check(layers, "Rnn", &Rnn::<20, 100>::new(rng));
    check(layers, "Lstm", &Lstm::<20, 100, 2, true>::new(rng));
    check(layers, "Gru", &Gru::<20, 100>::new(rng));
    check(layers, "LstmCell", &LstmCell::<20, 100>::new(rng));
    check(layers, "MultiheadAttention", &MultiheadAttention::<64, 4>::new(rng));
    check(layers, "TransformerEncoderLayer", &TransformerEncoderLayer::<64, 4, 96>::new(rng));
    check(layers, "TransformerDecoderLayer", &TransformerDecoderLayer::<64, 4, 96>::new(rng));
    check(layers, "LayerNorm", &LayerNorm::<64>::new(rng));
    check(layers, "RmsNorm", &RmsNorm::<64>::new(rng));
    check(layers, "GroupNorm", &GroupNorm::<4, 64>::new(rng));
    check(layers, "BatchNorm2d", &BatchNorm2d::<64>::new(rng));
    check(layers, "MultiheadCrossAttention", &MultiheadCrossAttention::<64, 4, 32, 96>::new(rng));
    let forgotten: Vec<_> = layers.iter().map(|(layer, _)| layer).collect();
    assert!(forgotten.is_empty(), "in the file, but not checked: {forgotten:?}");
}

/// PyTorch warns that it is a no-op to initialize tensors without elements; a bias that no input reaches is 0.
#[test]
fn layers_without_inputs_or_outputs_work_on_tensors_without_elements() {
    let rng = &mut Rng::seed(0);
    let none = Linear::<0, 3>::new(rng);
    assert_eq!(none.infer(Tensor::<Rank2<2, 0>>::zeros()), Tensor::<Rank2<2, 3>>::zeros());
    none.train(Tensor::<Rank2<2, 0>>::zeros()).sum().backward();
    assert_eq!(none.bias.grad(), Some(Tensor::full(2.0)));
    assert_eq!(Linear::<3, 0>::new(rng).infer(Tensor::<Rank2<2, 3>>::ones()).numel(), 0);
    let conv = Conv2d::<0, 2, 3>::new(rng);
    assert_eq!(conv.infer(Tensor::<Rank4<1, 0, 3, 3>>::zeros()).to_vec(), [0.0, 0.0]);
    assert_eq!(Conv1d::<2, 0, 3>::new(rng).infer(Tensor::<Rank3<1, 2, 3>>::ones()).numel(), 0);
    assert_eq!(ConvTranspose2d::<2, 0, 3>::new(rng).infer(Tensor::<Rank4<1, 2, 3, 3>>::ones()).numel(), 0);
    let x = Tensor::<Rank3<2, 4, 0>>::zeros();
    assert_eq!(Lstm::<0, 3>::new(rng).infer(x.clone()).shape(), [2, 4, 3]);
    assert_eq!(Embedding::<5, 0>::new(rng).infer(Tensor::from([1, 2])).numel(), 0);
    assert_eq!(LayerNorm::<0>::new(rng).infer(x).numel(), 0);
    assert_eq!(BatchNorm1d::<0>::new(rng).infer(Tensor::<Rank2<2, 0>>::zeros()).numel(), 0);
}
