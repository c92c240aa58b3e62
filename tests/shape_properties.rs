//! Laws of the operations on shapes, at random values: inverses, and gradients compared with differences.

use proptest::prelude::{ProptestConfig, any, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

type S = Rank3<2, 3, 4>;

fn random<T: Shape>(rng: &mut Rng) -> Tensor<T, f64> {
    Tensor::randn(rng)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn each_operation_has_its_inverse(seed in any::<u64>(), shift in -9..9_isize) {
        let x = random::<S>(&mut Rng::seed(seed));
        assert_eq!(x.clone().transpose::<0, -1>().transpose::<2, 0>(), x);
        assert_eq!(x.clone().permute::<Axes3<2, 0, 1>>().permute::<Axes3<1, 2, 0>>(), x);
        assert_eq!(x.clone().movedim::<0, 2>().movedim::<-1, 0>(), x);
        assert_eq!(x.clone().flip::<1>().flip::<-2>(), x);
        assert_eq!(x.clone().roll::<1>(shift).roll::<1>(-shift), x);
        assert_eq!(x.clone().unsqueeze::<1>().squeeze::<1>(), x);
        assert_eq!(x.clone().unbind::<1>().stack::<1>(), x);
        assert_eq!(x.clone().chunk::<-1, 2>().cat::<-1>().with_shape::<S>(), x);
        assert_eq!(x.clone().split::<1, Rank2<1, 2>>().cat::<1>().with_shape::<S>(), x);
        assert_eq!(x.clone().pad::<2, 1>(seed as f64).narrow::<2, 2, 4>(), x);
        assert_eq!(x.clone().reflect_pad2d::<1, 3, 2, 1>().narrow::<1, 2, 3>().narrow::<2, 1, 4>(), x);
        assert_eq!(x.clone().repeat::<Rank3<1, 2, 3>>().narrow::<1, 3, 3>().narrow::<2, 8, 4>().with_shape::<S>(), x);
        assert_eq!(x.clone().tril(shift) + x.clone().triu(shift + 1), x);
    }

    #[test]
    fn gradients_agree_with_differences(seed in any::<u64>(), shift in -9..9_isize) {
        let rng = &mut Rng::seed(seed);
        let (x, y, z) = (random::<S>(rng), random::<S>(rng), random::<Rank3<4, 2, 3>>(rng));
        gradcheck((x.clone(), z.clone()), |(x, z)| {
            let moved = x.clone().permute::<Axes3<-1, 0, 1>>() + x.movedim::<2, 0>().flip::<1>();
            (moved * z.tril(shift).powi(2)).sum()
        })
        .unwrap();
        gradcheck((x.clone(), y.clone()), |(x, y)| {
            let both = (x.clone(), y.clone().powi(2)).cat::<1>().with_shape::<Rank3<2, 6, 4>>();
            let pair = (x.roll::<1>(shift), y).stack::<1>().select::<0>(1);
            let product = pair.shared(|pair| {
                let [first, second] = pair.unbind::<0>();
                first * second
            });
            (both.narrow::<1, 2, 3>().select_at::<0, -1>() * product).sum()
        })
        .unwrap();
        gradcheck((x, y), |(x, y)| {
            let padded = x.reflect_pad2d::<3, 1, 1, 2>().with_shape::<Rank3<2, 6, 8>>()
                * y.replicate_pad2d::<2, 2, 3, 0>().with_shape::<Rank3<2, 6, 8>>();
            padded.powi(2).sum()
        })
        .unwrap();
    }
}
