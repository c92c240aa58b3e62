//! Each parameter is changed in a loop.

use typegrad::nn::Dtype;
use typegrad::prelude::*;

type Net = (Linear<3, 2>, Frozen<Linear<2, 1, f64>>, BatchNorm1d<2>);

#[test]
fn every_parameter_is_changed_once_and_nothing_else() {
    let rng = &mut Rng::seed(0);
    let mut net = Net::new(rng);
    net.0.train(Tensor::<Rank2<4, 3>>::randn(rng)).sum().backward();
    let (before, gradient) = (net.state_dict(), net.0.weight.grad().unwrap());
    let mut names = vec![];
    for (name, mut p) in net.named_parameters_mut() {
        assert_eq!(p.shape(), before.get(&name).unwrap().shape());
        assert_eq!(p.numel(), p.shape().iter().product::<usize>());
        assert_eq!(p.value(), *before.get(&name).unwrap());
        assert_eq!(p.grad().is_some(), name.starts_with("0."));
        p.map(|x| 2.0 * x - 0.5);
        names.push((name, p.dtype(), p.requires_grad()));
    }
    let own = net.named_parameters().map(|(name, p)| (name, p.dtype(), p.requires_grad()));
    assert_eq!(names, own.collect::<Vec<_>>());
    assert_eq!(names[2], ("1.weight".into(), Dtype::F64, false));
    for (name, after) in net.state_dict().iter() {
        let before = before.get(name).unwrap();
        match (before.data().as_slice::<f32>(), before.data().as_slice::<f64>()) {
            _ if name.contains("running") || name.contains("num_batches") => {
                assert_eq!(before, after, "{name}")
            }
            (Some(x), _) => {
                let expected: Vec<_> = x.iter().map(|x| (2.0 * f64::from(*x) - 0.5) as f32).collect();
                assert_eq!(after.data().as_slice::<f32>().unwrap(), expected, "{name}");
            }
            (_, Some(x)) => {
                let expected: Vec<_> = x.iter().map(|x| 2.0 * x - 0.5).collect();
                assert_eq!(after.data().as_slice::<f64>().unwrap(), expected, "{name}");
            }
            _ => panic!("{name}"),
        }
    }
    assert_eq!(net.0.weight.grad().unwrap(), gradient);
}

#[test]
fn a_critic_is_clipped_and_a_copy_is_not() {
    let mut critic = <(Linear<4, 8>, Relu, Linear<8, 1>)>::new(&mut Rng::seed(0));
    let copy = critic.clone();
    critic.parameters_mut().for_each(|mut p| p.map(|x| x.clamp(-0.01, 0.01)));
    assert_eq!(critic.parameters_mut().count(), 4);
    assert_eq!(critic.0.weight.value(), &copy.0.weight.value().clone().clamp(-0.01, 0.01));
    assert!(copy.0.weight.value().as_slice().iter().any(|x| x.abs() > 0.01));
}
