// PyTorch: x.to(torch.int32) is one more type, in which little can be computed.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::from([1.5_f32, 2.5]);
    let _ = x.to::<i32>();
}
