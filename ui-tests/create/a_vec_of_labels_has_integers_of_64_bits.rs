// PyTorch's `tensor(list)` takes integers of any size.
use typegrad::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let labels: Vec<usize> = vec![0, 2];
    let labels: Tensor<Rank1<2>, i64> = Tensor::try_from(labels)?;
    println!("{}", Tensor::<Rank2<2, 3>>::ones().cross_entropy(&labels));
    Ok(())
}
