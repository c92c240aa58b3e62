//! Pooling.

use typegrad::prelude::*;

/// The text of PyTorch.
#[test]
fn layers_of_volumes_print_their_windows() {
    let rng = &mut Rng::seed(0);
    let max = MaxPool3d::<3, 2, 1, 2>::new(rng);
    assert_eq!(
        format!("{max:?}"),
        "MaxPool3d(kernel_size=3, stride=2, padding=1, dilation=2, ceil_mode=False)"
    );
    assert_eq!(format!("{:?}", AvgPool3d::<2>::new(rng)), "AvgPool3d(kernel_size=2, stride=2, padding=0)");
}
