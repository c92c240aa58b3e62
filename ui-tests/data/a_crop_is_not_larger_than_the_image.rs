// A crop is not larger than the image with its padding. PyTorch reports it at the first image.
// Found when the program is built.
use typegrad::data::transforms::RandomCrop;
use typegrad::prelude::*;

fn main() {
    let image = Tensor::<Rank3<3, 28, 28>>::zeros();
    let _ = RandomCrop::<32, 32, 1>::new().apply(image, &mut Rng::seed(0));
}
