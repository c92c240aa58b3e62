// A check names the layer in a checkpointed part whose width does not fit. PyTorch: mat1 and mat2 shapes cannot be multiplied (4x288 and 100x16).
use typegrad::nn::Checkpointed;
use typegrad::prelude::*;

typegrad::check!((Checkpointed<(Conv2d<1, 8, 3>, Relu, Flatten, Linear<100, 16>)>, Linear<16, 2>), Rank4<4, 1, 8, 8>);

fn main() {}
