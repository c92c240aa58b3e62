//! Normalization of lanes at random values, for several shapes.

use crate::close;
use crate::support::random::{along, apart, check};
use proptest::prelude::*;
use typegrad::prelude::*;

check! { unit_vectors: apart, Rank2<3, 4>, Rank3<2, 1, 5>, Rank4<2, 3, 2, 2>;
    |x| x.normalize::<0>().powi(3).sum(),
}

proptest! {
    #![proptest_config(crate::cases(16))]

    #[test]
    fn unit_vectors_agree_with_a_loop_over_lanes(x in apart::<Rank3<2, 3, 4>>()) {
        let norm = |x: &[f64]| x.iter().map(|a| a.powi(2)).sum::<f64>().sqrt();
        let unit = |x: &[f64]| x.iter().map(|a| a / norm(x)).collect::<Vec<_>>();
        close(&x.clone().normalize::<0>(), &along::<0>(&x, unit))?;
        close(&x.clone().normalize::<1>(), &along::<1>(&x, unit))?;
        close(&x.clone().normalize::<-1>(), &along::<2>(&x, unit))?;
    }
}
