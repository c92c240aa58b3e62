// PyTorch's result has the shape of the branch that runs.
use typegrad::prelude::*;

fn main() {
    let w = Param::new(Tensor::<Rank2<2, 3>>::ones());
    let wide = std::env::args().len() > 1;
    let y = if wide { w.track().boxed() } else { w.track().sum_axis::<1>().boxed() };
    println!("{}", y.sum().backward());
}
