// PyTorch: `torch.empty`, whatever is in memory.
use typegrad::prelude::*;

#[derive(Module)]
struct Scale {
    gain: Param<Rank1<8>>,
}

#[derive(Module)]
struct Net {
    scales: [Scale; 3],
}

fn main() {
    println!("{}", Net::new(&mut Rng::seed(0)).num_parameters());
}
