// PyTorch raises a TypeError: "linear(): argument 'input' must be Tensor, not list".
use typegrad::prelude::*;

fn main() {
    let net = Linear::<8, 2>::new(&mut Rng::seed(0));
    println!("{}", net.infer(vec![0.5_f32; 8]).argmax_axis::<-1>());
}
