// PyTorch: "mat1 and mat2 shapes cannot be multiplied (8x576 and 512x10)", while the program runs.
use typegrad::prelude::*;

type Net = (Conv2d<1, 16, 3>, Relu, Flatten, Linear<512, 10>);
typegrad::check!(Net, Rank4<8, 1, 8, 8>);

fn main() {
    let _ = Net::new(&mut Rng::seed(0)).infer(Tensor::<Rank4<8, 1, 8, 8>>::ones());
}
