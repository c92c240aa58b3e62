//! Rotations, shifts and shears of images.

use typegrad::data::transforms::Affine;
use typegrad::prelude::*;

/// tests/fixtures/affine.csv is written by tests/pytorch/affine.py.
#[test]
fn the_pixels_are_those_of_pytorch() {
    let image = Tensor::<Rank3<2, 5, 7>, f64>::from_fn(|i| (i * 37 % 101) as f64);
    let mut cases = 0;
    for line in include_str!("../fixtures/affine.csv").lines().skip(1) {
        let numbers: Vec<f64> = line.split(',').map(|number| number.parse().unwrap()).collect();
        let (&[angle, x, y, scale, shear_x, shear_y, bilinear], want) = numbers.split_first_chunk().unwrap();
        let map = Affine::new().angle(angle).translate(x, y).scale(scale).shear(shear_x, shear_y);
        let map = if bilinear == 1.0 { map.bilinear() } else { map };
        let got = map.apply(image.clone());
        assert_eq!(want.len(), got.as_slice().len());
        for (got, want) in got.as_slice().iter().zip(want) {
            assert!((got - want).abs() < 1e-11, "{map:?}: {got} {want}");
        }
        cases += 1;
    }
    assert_eq!(cases, 14);
}
