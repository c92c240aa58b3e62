// A schedule that needs the loss has no place in a row. PyTorch: "does not support `ReduceLROnPlateau` scheduler".
use typegrad::prelude::*;

fn main() {
    let plans = (LinearLr::new(), ReduceLrOnPlateau::new());
    let _ = SequentialLr::new(plans, [10]);
}
