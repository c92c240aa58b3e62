// torchinfo raises when it runs: "mat1 and mat2 shapes cannot be multiplied (2x8 and 9x2)".
use typegrad::nn::Summary;
use typegrad::prelude::*;

fn main() {
    println!("{}", Summary::<(Linear<4, 8>, Linear<9, 2>), Rank2<2, 4>>::new());
}
