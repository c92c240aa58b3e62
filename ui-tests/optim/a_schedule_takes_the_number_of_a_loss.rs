// PyTorch's `scheduler.step(loss)` converts a tensor to a number.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 1>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(0.1);
    let mut schedule = ReduceLrOnPlateau::new();
    schedule.step(&mut adam, net.infer(Tensor::<Rank2<8, 4>>::ones()).mean());
}
