// PyTorch: torch.Generator() starts from a seed of its own, and manual_seed sets it.
use typegrad::prelude::*;

fn main() {
    let mut rng = Rng::new(0);
    let net = Linear::<4, 2>::new(&mut rng);
    println!("{:?}", net.infer(Tensor::<Rank2<8, 4>>::randn(&mut rng)));
}
