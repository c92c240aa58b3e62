//! Convolutions of volumes.

use typegrad::prelude::*;

type V = Window<3, 2, 1>;
type Rect<E> = RectConv3d<4, 6, V, V, V, 2, E>;

/// Forward and gradients, and the values of a new layer.
#[test]
fn equal_windows_are_the_layer_of_one_window() {
    fn check<E: Float>() {
        let cube = Conv3d::<4, 6, 3, 2, 1, 1, 2, E>::new(&mut Rng::seed(1));
        let rect = Rect::<E>::new(&mut Rng::seed(1));
        assert_eq!(cube.weight.value().to_vec(), rect.weight.value().to_vec());
        assert_eq!(format!("{cube:?}"), format!("{rect:?}"));
        let x = Tensor::<Rank5<2, 4, 5, 6, 3>, E>::randn(&mut Rng::seed(2));
        let [a, b] = [Param::new(x.clone()), Param::new(x.clone())];
        cube.train(a.track()).powi(2).sum().backward();
        rect.train(b.track()).powi(2).sum().backward();
        assert_eq!(a.grad().unwrap().to_vec(), b.grad().unwrap().to_vec());
        assert_eq!(cube.weight.grad().unwrap().to_vec(), rect.weight.grad().unwrap().to_vec());
        assert_eq!(cube.bias.grad().unwrap().to_vec(), rect.bias.grad().unwrap().to_vec());
        let y = cube.infer(x.clone()).to_vec();
        assert_eq!(rect.infer(x.clone()).to_vec(), y);
        assert_eq!(rect.eval(x).value().to_vec(), y);
    }
    check::<f32>();
    check::<f64>();
}
