//! Lesson 12 of 17: a model that was trained with PyTorch.
//!
//! Topics: a network whose fields are named as in PyTorch takes its state dict; outputs are the same; a file that
//! does not fit is an error that lists every difference, and changes nothing; and saving for PyTorch.
//!
//! `cargo run --release --example from_pytorch -- [--out FILE]`, and with `--features pt` also from a `.pt` file
//!
//! Expected: less than 0.1 s; the last line is `largest difference 1.5e-8` or near it, less than 1e-6.
//!
//! In Python the model is saved with
//!
//! ```python
//! class Mlp(torch.nn.Module):
//!     def __init__(self):
//!         super().__init__()
//!         self.fc1 = torch.nn.Linear(4, 8)
//!         self.fc2 = torch.nn.Linear(8, 3)
//!
//!     def forward(self, x):
//!         return self.fc2(self.fc1(x).relu())
//!
//! safetensors.torch.save_file(net.state_dict(), "exchange.safetensors")
//! safetensors.torch.save_file({"x": x, "y": net(x)}, "exchange_outputs.safetensors")  # to compare
//! torch.save(net.state_dict(), "exchange.pt")
//! ```
//!
//! and the file that is saved here is loaded with
//!
//! ```python
//! net.load_state_dict(safetensors.torch.load_file("from_typegrad.safetensors"))
//! ```

use lexopt::{Arg, ValueExt};
use std::error::Error;
use std::path::{Path, PathBuf};
use typegrad::io;
use typegrad::nn::StateDict;
use typegrad::prelude::*;

/// The same names and sizes as in Python. PyTorch's `Linear(4, 8)` is `Linear<4, 8>`.
#[derive(Module)]
#[module(input = Rank2<2, 4>)]
struct Mlp {
    fc1: Linear<4, 8>,
    fc2: Linear<8, 3>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Mlp {
    type Output = Rank2<B, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        self.fc2.call(x)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = out()?;
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/exchange");
    let mut net = Mlp::new(&mut Rng::seed(0));
    io::load_safetensors(files.join("exchange.safetensors"), &mut net)?;
    for (name, tensor) in net.state_dict().iter() {
        println!("{name:<10}  {:?} {:?}", tensor.dtype(), tensor.shape());
    }

    // Tensors of any names are in a state dict, too.
    let outputs = StateDict::load_safetensors(files.join("exchange_outputs.safetensors"))?;
    let ours = net.infer(outputs.tensor::<Rank2<5, 4>, f32>("x")?);
    println!("{ours}");
    let theirs: Tensor<Rank2<5, 3>> = outputs.tensor("y")?;
    let difference = (ours - theirs).abs().max().item();
    assert!(difference < 1e-6);

    #[cfg(feature = "pt")]
    {
        let mut other = Mlp::new(&mut Rng::seed(1));
        io::load_pt(files.join("exchange.pt"), &mut other)?;
        assert_eq!(other.state_dict(), net.state_dict());
        println!("the .pt file has the same parameters");
    }

    // A file of another network changes nothing.
    let mut wrong = (Linear::<4, 8>::new(&mut Rng::seed(0)), Relu);
    let before = wrong.state_dict();
    let error = io::load_safetensors(files.join("exchange.safetensors"), &mut wrong).unwrap_err();
    assert_eq!(wrong.state_dict(), before);
    println!("another network: {}", error.problem());

    io::save_safetensors(&out, &net)?;
    let mut again = Mlp::new(&mut Rng::seed(2));
    io::load_safetensors(&out, &mut again)?;
    assert_eq!(again.state_dict(), net.state_dict());
    println!("saved for PyTorch: {}", out.display());
    println!("largest difference {difference:.1e}");
    Ok(())
}

fn out() -> Result<PathBuf, lexopt::Error> {
    let mut out = std::env::temp_dir().join("from_typegrad.safetensors");
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("out") => out = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok(out)
}
