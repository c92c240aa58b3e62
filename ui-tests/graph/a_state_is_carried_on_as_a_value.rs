// PyTorch, in the second batch: "Trying to backward through the graph a second time".
use typegrad::prelude::*;

fn main() {
    let rng = &mut Rng::seed(0);
    let cell = GruCell::<16, 32>::new(rng);
    let mut state = Tensor::<Rank2<8, 32>>::zeros();
    for _ in 0..10 {
        let next = cell.step(Tensor::<Rank2<8, 16>>::randn(rng), state);
        state = next;
    }
    println!("{state}");
}
