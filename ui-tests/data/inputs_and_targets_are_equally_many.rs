// 100 images and 99 labels. PyTorch: "Size mismatch between tensors", when the dataset is made.
use typegrad::data::TensorDataset;
use typegrad::prelude::*;

fn main() {
    let images = Tensor::<Rank2<100, 64>>::zeros();
    let labels = Tensor::<Rank1<99>, i64>::zeros();
    let _ = TensorDataset::new(images, labels);
}
