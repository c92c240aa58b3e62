//! Checkpoints: everything that a training needs to go on as if it had never stopped.

use super::entry::{self, Entry};
use super::{Error, atomic, map, native, outgoing};
use crate::nn::StateDict;
use crate::rng::Rng;
use std::io::{self, Write};
use std::path::Path;

const MODEL: &str = "model.";
const OPTIMIZER: &str = "optimizer.";
const GENERATORS: &str = "generators.";

/// Everything that a training needs to go on: with it, a training that was killed gives the same bits as one that was
/// not.
///
/// ```
/// use typegrad::io::Checkpoint;
/// use typegrad::nn::Strict;
/// use typegrad::prelude::*;
/// let path = std::env::temp_dir().join("typegrad-checkpoint.bin");
/// let mut rng = Rng::seed(0);
/// let (mut net, mut adam) = (Linear::<3, 1>::new(&mut rng), Adam::new(1e-3));
/// for position in 0..10 {
///     net.zero_grad();
///     net.train(Tensor::<Rank2<4, 3>>::randn(&mut rng)).powi(2).sum().backward();
///     adam.step(&mut net);
///     let (model, optimizer, generators) = (net.state_dict(), adam.state_dict(), net.generator_state());
///     let rng = Some(rng.clone());
///     Checkpoint { model, optimizer, generators, rng, epoch: 0, position, extra: vec![] }.save(&path)?;
/// }
///
/// // Another process:
/// let saved = Checkpoint::load(&path)?;
/// let (mut net, mut adam) = (Linear::<3, 1>::new(&mut Rng::seed(0)), Adam::new(1e-3));
/// net.load_state_dict(&saved.model, Strict::Yes)?;
/// adam.load_state_dict(&saved.optimizer, &net)?;
/// net.load_generator_state(&saved.generators)?;
/// let mut rng = saved.rng.expect("it was saved");
/// assert_eq!(saved.position, 9);
/// # let _ = rng.bits();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checkpoint {
    /// The model: [`Module::state_dict`](crate::nn::Module::state_dict).
    pub model: StateDict,
    /// The step counts and means of the optimizer: [`Adam::state_dict`](crate::optim::Adam::state_dict).
    pub optimizer: StateDict,
    /// The generators of random layers: [`Module::generator_state`](crate::nn::Module::generator_state).
    pub generators: StateDict,
    /// The generator of the data.
    pub rng: Option<Rng>,
    /// How often all data were seen.
    pub epoch: u64,
    /// Where in the data this epoch is, such as the number of batches.
    pub position: u64,
    /// Whatever else the program wants to find again.
    pub extra: Vec<u8>,
}

impl Checkpoint {
    /// Writes it into one file so that at every moment, whatever happens, the path names a whole checkpoint: the old
    /// one or the new one.
    ///
    /// # Errors
    /// If the operating system does not write it; the old checkpoint is still there then.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        atomic::write(path, |writer| self.write(writer)).map_err(|error| Error::from(error).at(path))
    }

    /// Reads a file that [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// If anything in the file is not as it was written.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let read = || Checkpoint::from_bytes(&map::Bytes::of(path)?);
        read().map_err(|error| error.at(path))
    }

    /// Writes it anywhere.
    ///
    /// # Errors
    /// If the writer has one.
    pub fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        let mut tensors = outgoing::of_dict(&self.model, MODEL);
        tensors.extend(outgoing::of_dict(&self.optimizer, OPTIMIZER));
        tensors.extend(outgoing::of_dict(&self.generators, GENERATORS));
        let (epoch, position) = (self.epoch.to_le_bytes(), self.position.to_le_bytes());
        let rng = self.rng.as_ref().map(Rng::to_bytes);
        let mut records: Vec<(&str, &[u8])> =
            vec![("epoch", &epoch), ("position", &position), ("extra", &self.extra)];
        records.extend(rng.as_ref().map(|rng| ("rng", rng.as_slice())));
        native::write(writer, &tensors, &records)
    }

    /// Reads the bytes of a checkpoint.
    ///
    /// # Errors
    /// If anything in them is not as it was written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let native::Content { mut tensors, records } = native::read(bytes)?;
        let mut records = Records(records);
        let epoch = u64::from_le_bytes(records.array("epoch")?);
        let position = u64::from_le_bytes(records.array("position")?);
        let extra = records.required("extra")?.to_vec();
        let rng = match records.take("rng") {
            Some(state) => Some(rng(state)?),
            None => None,
        };
        if let Some((name, _)) = records.0.first() {
            return Err(Error::Header(format!("a record `{name}` that no checkpoint has, or has twice")));
        }
        let generators = part(behind(&mut tensors, &[MODEL, OPTIMIZER]), GENERATORS)?;
        let optimizer = part(behind(&mut tensors, &[MODEL]), OPTIMIZER)?;
        let model = part(tensors, MODEL)?;
        Ok(Checkpoint { model, optimizer, generators, rng, epoch, position, extra })
    }
}

/// Takes the tensors from the first one on whose name begins with none of these.
fn behind<'a>(tensors: &mut Vec<Entry<'a>>, prefixes: &[&str]) -> Vec<Entry<'a>> {
    let known = |entry: &Entry<'_>| prefixes.iter().any(|prefix| entry.name.starts_with(prefix));
    tensors.split_off(tensors.iter().position(|entry| !known(entry)).unwrap_or(tensors.len()))
}

/// The tensors whose names begin with a prefix, without it.
fn part(mut tensors: Vec<Entry<'_>>, prefix: &str) -> Result<StateDict, Error> {
    for entry in &mut tensors {
        let Some(name) = entry.name.strip_prefix(prefix) else {
            return Err(Error::Header(format!("a tensor `{}` that no checkpoint has here", entry.name)));
        };
        entry.name = name.to_owned().into();
    }
    entry::state_dict(&tensors)
}

fn rng(state: &[u8]) -> Result<Rng, Error> {
    let malformed = || Error::Header("the record `rng` is no state of the generator".into());
    Rng::from_bytes(state.try_into().map_err(|_| malformed())?).ok_or_else(malformed)
}

struct Records<'a>(Vec<(&'a str, &'a [u8])>);

impl<'a> Records<'a> {
    fn take(&mut self, name: &str) -> Option<&'a [u8]> {
        let place = self.0.iter().position(|(other, _)| *other == name)?;
        Some(self.0.remove(place).1)
    }

    fn required(&mut self, name: &str) -> Result<&'a [u8], Error> {
        self.take(name).ok_or_else(|| Error::Missing(name.into()))
    }

    fn array<const N: usize>(&mut self, name: &str) -> Result<[u8; N], Error> {
        let bytes = self.required(name)?;
        bytes.try_into().map_err(|_| Error::Header(format!("the record `{name}` has {} bytes", bytes.len())))
    }
}
