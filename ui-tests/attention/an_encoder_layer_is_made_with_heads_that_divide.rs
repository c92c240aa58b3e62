// PyTorch raises "embed_dim must be divisible by num_heads" in the constructor; the error names the line that calls it.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let layer = TransformerEncoderLayer::<16, 3, 32>::new(&mut Rng::seed(0));
    println!("{}", layer.num_parameters());
}
