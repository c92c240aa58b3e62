//! Squares of large and of small numbers leave the range; normalizations do not.

use crate::support::range::{at_scales, near};
use typegrad::prelude::*;

macro_rules! of_scale {
    ($e:ty, $k:expr) => {{
        let k: $e = $k;
        let scale = f64::from(k);
        let column = || Param::new(Tensor::<Rank2<2, 1>, $e>::from([[k], [3.0 * k]]));
        // Normalizations are those of 1 and 3, where ε is not more.
        let rows = || Tensor::<Rank2<1, 2>, $e>::from([[k, 3.0 * k]]);
        let plain =
            |norm: NoAffine<BatchNorm1d<1, $e>>| norm.eps(0.0).train(column().track()).value().to_vec();
        near(plain(Init::new(&mut Rng::seed(0))), &[-1.0, 1.0], 1.0);
        let images = Tensor::<Rank4<1, 1, 1, 2>, $e>::from([[[[k, 3.0 * k]]]]);
        let norm = BatchNorm2d::<1, $e>::new(&mut Rng::seed(0)).eps(0.0);
        let x = Param::new(images);
        let y = norm.train(x.track());
        near(y.value().to_vec(), &[-1.0, 1.0], 1.0);
        (y * Tensor::<Rank4<1, 1, 1, 2>, $e>::from([[[[0.0, 1.0]]]])).sum().backward();
        near(norm.weight.grad().unwrap().to_vec(), &[1.0], 1.0);
        near(x.grad().unwrap().to_vec(), &[0.0, 0.0], 1.0 / scale);
        near(norm.running_mean.value().to_vec(), &[0.2], scale);
        near(rows().layer_norm((), (), 0.0).to_vec(), &[-1.0, 1.0], 1.0);
        near(rows().group_norm::<1, _, _>((), (), 0.0).to_vec(), &[-1.0, 1.0], 1.0);
        near(rows().rms_norm((), Some(0.0)).to_vec(), &[0.2_f64.sqrt(), 1.8_f64.sqrt()], 1.0);
    }};
}

at_scales!(of_scale: normalizations_in_f32_stay_in_the_range, normalizations_in_f64_stay_in_the_range);
