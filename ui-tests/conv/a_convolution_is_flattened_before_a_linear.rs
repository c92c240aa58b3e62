// PyTorch raises when it runs: "mat1 and mat2 shapes cannot be multiplied (208x26 and 2704x10)".
use typegrad::prelude::*;

type Net = (Conv2d<1, 4, 3>, Relu, Linear<2704, 10>);
typegrad::check!(Net, Rank4<2, 1, 28, 28>);

fn main() {}
