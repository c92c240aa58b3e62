// PyTorch has a tensor of float64 here, and stops where float32 is used beside it.
use typegrad::data::TensorRows;
use typegrad::prelude::*;

fn main() {
    let v: Vec<f64> = vec![1.0, 2.0, 3.0, 4.0];
    let rows = TensorRows::<Rank1<2>>::try_from(v).expect("rows of two");
}
