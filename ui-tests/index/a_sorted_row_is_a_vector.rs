// PyTorch: "boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match".
use typegrad::prelude::*;

fn main() {
    let rows = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    let _ = rows.searchsorted(&Tensor::from([1.5]));
}
