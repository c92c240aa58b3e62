// A scheduler that needs the loss cannot be part of a sequence. PyTorch: "does not support `ReduceLROnPlateau` scheduler".
use typegrad::prelude::*;

fn main() {
    let plans = (LinearLr::new(), ReduceLrOnPlateau::new());
    let _ = SequentialLr::new(plans, [10]);
}
