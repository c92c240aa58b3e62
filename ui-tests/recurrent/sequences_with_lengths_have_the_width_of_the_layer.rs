use typegrad::prelude::*;

fn main() {
    let gru = Gru::<9, 16>::new(&mut Rng::seed(0));
    let x = Tensor::<Rank3<4, 6, 8>>::ones();
    let (y, state) = gru.infer_lengths(x, &[6, 3, 2, 1]);
    println!("{y} {state}");
}
