// The state is projected to fewer numbers than there are units; PyTorch raises "proj_size has to be smaller than hidden_size".
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let lstm = ProjectedLstm::<8, 16, 16>::new(&mut Rng::seed(0));
    println!("{}", lstm.num_parameters());
}
