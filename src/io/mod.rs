//! Files: saving and loading of models and of whole training runs.
//!
//! | | |
//! |---|---|
//! | [`save`], [`load`] | the format of this crate: bincode, with a checksum |
//! | [`save_safetensors`], [`load_safetensors`] | the format to exchange with PyTorch |
//! | `load_pt` | what `torch.save(model.state_dict(), path)` wrote; needs the feature `pt` |
//! | [`Checkpoint`] | model, optimizer, scheduler, generators and the position in the data, to resume bit-identically |
//!
//! Every file is written completely or not at all. For any bytes, every reader returns a value or an
//! [`Error`] that names the problem, and allocates no more than the file can fill. A module is changed only if everything fits.

mod checkpoint;
mod entry;
mod error;
mod native;
#[cfg(feature = "pt")]
mod pt;
mod safetensors;
mod serde;

pub use checkpoint::Checkpoint;
pub use error::Error;

use crate::nn::{Module, ModuleExt, StateDict, Strict};
use std::path::Path;

/// The most axes that are read. PyTorch has the same limit.
const MOST_AXES: usize = 64;

/// Writes the parameters and persistent buffers of a module into a file, whole or not at all. PyTorch's `torch.save`
/// of a `state_dict`.
///
/// ```
/// use typegrad::prelude::*;
/// let path = std::env::temp_dir().join("typegrad-save.bin");
/// let fc = Linear::<3, 2>::new(&mut Rng::seed(0));
/// typegrad::io::save(&path, &fc)?;
/// let mut other = Linear::<3, 2>::new(&mut Rng::seed(1));
/// typegrad::io::load(&path, &mut other)?;
/// assert_eq!(fc.weight.value(), other.weight.value());
/// # Ok::<(), typegrad::io::Error>(())
/// ```
///
/// # Errors
/// If the file cannot be written; an existing file stays as it was.
pub fn save<P, M: SavedAt<P> + ?Sized>(path: P, module: &M) -> Result<(), Error> {
    module.dict().save(M::path(&path))
}

/// A module that is saved at a path, a `P`. It is one bound, so that arguments in the wrong order are one error.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a module, or `{P}` is not the path of a file",
    label = "not `io::save(path, &module)`",
    note = "the path comes first, and the module is not its state dict: `io::save(\"net.bin\", &net)`",
    note = "a state dict has methods of its own: `dict.save(\"net.bin\")`, `dict.save_safetensors(\"net.safetensors\")`"
)]
pub trait SavedAt<P> {
    #[doc(hidden)]
    fn dict(&self) -> StateDict;
    #[doc(hidden)]
    fn path(path: &P) -> &Path;
}
#[diagnostic::do_not_recommend]
impl<P: AsRef<Path>, M: Module> SavedAt<P> for M {
    fn dict(&self) -> StateDict {
        self.state_dict()
    }
    fn path(path: &P) -> &Path {
        path.as_ref()
    }
}

/// Loads a file that [`save`] wrote into a module of the same names and shapes. PyTorch's
/// `model.load_state_dict(torch.load(path))`.
///
/// ```
/// use typegrad::prelude::*;
/// let path = std::env::temp_dir().join("typegrad-load.bin");
/// typegrad::io::save(&path, &Linear::<3, 2>::new(&mut Rng::seed(0)))?;
/// let mut wider = Linear::<4, 2>::new(&mut Rng::seed(1));
/// let error = typegrad::io::load(&path, &mut wider).unwrap_err(); // a module of another shape
/// assert!(error.to_string().ends_with("`weight` is float32 [2, 4] in the module and float32 [2, 3] in the state dict"));
/// # Ok::<(), typegrad::io::Error>(())
/// ```
///
/// # Errors
/// If anything in the file is not as it was written, or the file is that of another module: the error then lists
/// every difference. The module is unchanged then.
pub fn load(path: impl AsRef<Path>, module: &mut impl Module) -> Result<(), Error> {
    let path = path.as_ref();
    fill(module, &StateDict::load(path)?).map_err(|error| error.at(path))
}

/// Writes a module into a safetensors file, which PyTorch reads with `safetensors.torch.load_file`.
///
/// ```
/// use typegrad::prelude::*;
/// let path = std::env::temp_dir().join("typegrad-save.safetensors");
/// let net = <(Linear<3, 4>, Relu, Linear<4, 2>)>::new(&mut Rng::seed(0)); // nn.Sequential(..)
/// typegrad::io::save_safetensors(&path, &net)?;
/// let names: Vec<_> = typegrad::nn::StateDict::load_safetensors(&path)?.names().map(str::to_owned).collect();
/// assert_eq!(names, ["0.bias", "0.weight", "2.bias", "2.weight"]);
/// # Ok::<(), typegrad::io::Error>(())
/// ```
///
/// # Errors
/// If the file cannot be written; an existing file stays as it was.
pub fn save_safetensors<P, M: SavedAt<P> + ?Sized>(path: P, module: &M) -> Result<(), Error> {
    module.dict().save_safetensors(M::path(&path))
}

/// Loads a safetensors file into a module, such as one that PyTorch's `safetensors.torch.save_file(model.state_dict(), path)`
/// or [`save_safetensors`] wrote.
///
/// ```
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Mlp {
///     fc1: Linear<4, 8>,
///     fc2: Linear<8, 3>,
/// }
///
/// let mut net = Mlp::new(&mut Rng::seed(0));
/// typegrad::io::load_safetensors("tests/fixtures/exchange/exchange.safetensors", &mut net)?; // written by PyTorch
/// assert!(net.fc1.bias.value().as_slice().iter().all(|x| x.is_finite()));
/// # Ok::<(), typegrad::io::Error>(())
/// ```
///
/// # Errors
/// If the file is not well-formed, or is that of another module: the error then lists every difference. The module
/// is unchanged then.
pub fn load_safetensors(path: impl AsRef<Path>, module: &mut impl Module) -> Result<(), Error> {
    let path = path.as_ref();
    fill(module, &StateDict::load_safetensors(path)?).map_err(|error| error.at(path))
}

/// Loads a file that PyTorch's `torch.save(model.state_dict(), path)` wrote into a module, without executing any of it. It needs
/// the feature `pt`.
///
/// ```
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Mlp {
///     fc1: Linear<4, 8>,
///     fc2: Linear<8, 3>,
/// }
///
/// let mut net = Mlp::new(&mut Rng::seed(0));
/// typegrad::io::load_pt("tests/fixtures/exchange/exchange.pt", &mut net)?;
/// # Ok::<(), typegrad::io::Error>(())
/// ```
///
/// # Errors
/// If the file is not well-formed, is not a dict of tensors, or is that of another module: the error then lists every
/// difference. The module is unchanged then.
#[cfg(feature = "pt")]
pub fn load_pt(path: impl AsRef<Path>, module: &mut impl Module) -> Result<(), Error> {
    let path = path.as_ref();
    fill(module, &StateDict::load_pt(path)?).map_err(|error| error.at(path))
}

fn fill(module: &mut impl Module, dict: &StateDict) -> Result<(), Error> {
    module.load_state_dict(dict, Strict::Yes)?;
    Ok(())
}
