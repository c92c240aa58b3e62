// PyTorch's `ReduceLROnPlateau(optimizer, factor=0.5)`.
use typegrad::prelude::*;

fn main() {
    let mut plateau = ReduceLrOnPlateau::new(0.5);
    plateau.step(&mut Adam::new(1e-3), 1.0);
}
