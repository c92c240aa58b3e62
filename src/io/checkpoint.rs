//! Checkpoints: everything that is needed to resume training as if it had never stopped.

use super::{Error, entry, native};
use crate::data::Position;
use crate::file::{atomic, map};
use crate::nn::StateDict;
use crate::rng::Rng;
use std::io::{self, Write};
use std::path::Path;

/// The prefix of the names of the tensors of each part.
const PREFIXES: [&str; 4] = ["model.", "optimizer.", "scheduler.", "generators."];

/// The state that is needed to resume training: a run that was killed is bit-identical to one that was
/// not.
///
/// Parts that a program does not have are omitted: `..Checkpoint::default()`.
///
/// ```
/// use std::path::Path;
/// use typegrad::data::{Batch, Dataset, TensorDataset};
/// use typegrad::io::Checkpoint;
/// use typegrad::nn::Strict;
/// use typegrad::prelude::*;
///
/// /// Trains for three epochs, from the beginning or from what the file has.
/// fn train(path: &Path) -> Result<f32, Box<dyn std::error::Error>> {
///     let data = TensorDataset::new(Tensor::<Rank2<20, 3>>::ones(), Tensor::<Rank2<20, 1>>::ones()).batches::<4>();
///     let mut rng = Rng::seed(0);
///     let mut net = <(Linear<3, 8>, Dropout, Linear<8, 1>)>::new(&mut rng);
///     let mut adam = Adam::new(1e-2);
///     let mut schedule = StepLr::new(1).start(&mut adam);
///     let (mut epoch, mut place) = (0, None);
///     if path.exists() {
///         let saved = Checkpoint::load(path)?;
///         net.load_state_dict(&saved.model, Strict::Yes)?;
///         net.load_generator_state(&saved.generators)?;
///         adam.load_state_dict(&saved.optimizer, &net)?;
///         schedule.load_state_dict(&saved.scheduler)?;
///         rng = saved.rng.expect("it was saved");
///         (epoch, place) = (saved.epoch, saved.position);
///     }
///     let mut last = 0.0;
///     while epoch < 3 {
///         let batches = match place.take() {
///             Some(place) => data.resume(place),
///             None => data.epoch(&mut rng),
///         };
///         for Batch { data: (x, y), position, .. } in batches {
///             net.zero_grad();
///             last = net.train(x).mse_loss(y).backward();
///             adam.step(&mut net);
///             Checkpoint {
///                 model: net.state_dict(),
///                 generators: net.generator_state(),
///                 optimizer: adam.state_dict(),
///                 scheduler: schedule.state_dict(),
///                 rng: Some(rng.clone()),
///                 epoch,
///                 position: Some(position),
///                 extra: vec![],
///             }
///             .save(path)?;
///             # if std::mem::take(&mut *KILL.lock().unwrap()) { return Err("killed".into()) }
///         }
///         schedule.step(&mut adam);
///         epoch += 1;
///     }
///     Ok(last)
/// }
/// # static KILL: std::sync::Mutex<bool> = std::sync::Mutex::new(true);
///
/// let path = std::env::temp_dir().join("typegrad-checkpoint.bin");
/// # std::fs::remove_file(&path).ok();
/// assert!(train(&path).is_err()); // It is killed,
/// let resumed = train(&path)?; // and continues.
/// # std::fs::remove_file(&path)?;
/// assert_eq!(resumed, train(&path.with_extension("whole"))?);
/// # std::fs::remove_file(path.with_extension("whole"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checkpoint {
    /// The model: [`state_dict`](crate::nn::ModuleExt::state_dict). Several networks, an average or an early stopping are
    /// [parts](StateDict::insert_part) of one state dict, here and in the other fields.
    pub model: StateDict,
    /// The step counts and means of the optimizer: [`Optimizer::state_dict`](crate::optim::Optimizer::state_dict).
    pub optimizer: StateDict,
    /// The state of a schedule of the learning rate.
    pub scheduler: StateDict,
    /// The generators inside the model: [`generator_state`](crate::nn::ModuleExt::generator_state).
    pub generators: StateDict,
    /// The generator of the program, which draws the data.
    pub rng: Option<Rng>,
    /// The number of completed epochs.
    pub epoch: u64,
    /// The position in the data of the epoch in progress: [`Batch::position`](crate::data::Batch::position), or a count,
    /// `Some(i.into())`.
    pub position: Option<Position>,
    /// Bytes of the program's own, such as a step count.
    pub extra: Vec<u8>,
}

impl Checkpoint {
    /// Writes the checkpoint to a file atomically: at every moment, also after a crash, the path names the complete old
    /// checkpoint or the complete new one.
    ///
    /// # Errors
    /// If the file cannot be written; the old checkpoint stays as it was.
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

    /// Writes the checkpoint to a writer.
    ///
    /// # Errors
    /// If the writer returns an error.
    pub fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        let Checkpoint { model, optimizer, scheduler, generators, .. } = self;
        let parts = [model, optimizer, scheduler, generators];
        let tensors: Vec<_> = parts
            .into_iter()
            .zip(PREFIXES)
            .flat_map(|(dict, prefix)| entry::outgoing(dict, prefix))
            .collect();
        let epoch = self.epoch.to_le_bytes();
        let position = self.position.map(Position::to_bytes);
        let rng = self.rng.as_ref().map(Rng::to_bytes);
        let mut records: Vec<(&str, &[u8])> = vec![("epoch", &epoch), ("extra", &self.extra)];
        records.extend(position.as_ref().map(|position| ("position", position.as_slice())));
        records.extend(rng.as_ref().map(|rng| ("rng", rng.as_slice())));
        native::write(writer, &tensors, &records)
    }

    /// Reads the bytes of a checkpoint.
    ///
    /// # Errors
    /// If anything in them is not as it was written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let native::Content { tensors, records } = native::read(bytes)?;
        if records.is_empty() {
            let format = Some("the state dict of a module, which `io::load` and `StateDict::load` read");
            return Err(Error::Magic { expected: "checkpoint", found: "TYPEGRAD".into(), format });
        }
        let mut records = Records(records);
        let epoch = u64::from_le_bytes(records.array("epoch")?);
        let position = records.take("position").map(position).transpose()?;
        let extra = records.required("extra")?.to_vec();
        let rng = match records.take("rng") {
            Some(state) => Some(rng(state)?),
            None => None,
        };
        if let Some((name, _)) = records.0.first() {
            return Err(Error::Header(format!("a record `{name}` that no checkpoint has, or has twice")));
        }
        let [model, optimizer, scheduler, generators] = split_by_prefix(tensors, PREFIXES)?;
        Ok(Checkpoint { model, optimizer, scheduler, generators, rng, epoch, position, extra })
    }
}

/// The tensors with each prefix, which is removed from their names.
fn split_by_prefix<const N: usize>(tensors: StateDict, prefixes: [&str; N]) -> Result<[StateDict; N], Error> {
    let mut dicts = std::array::from_fn(|_| StateDict::new());
    for (name, tensor) in tensors {
        let found = (0..N).find_map(|i| Some((i, name.strip_prefix(prefixes[i])?)));
        let Some((part, rest)) = found else {
            return Err(Error::Header(format!("a tensor `{name}` that no checkpoint has")));
        };
        dicts[part].insert(rest, tensor).map_err(|_| Error::Duplicate(name.clone()))?;
    }
    Ok(dicts)
}

/// A position, or the count that older files have.
fn position(bytes: &[u8]) -> Result<Position, Error> {
    let position = match bytes.try_into() {
        Ok(count) => Some(u64::from_le_bytes(count).into()),
        Err(_) => Position::from_bytes(bytes),
    };
    position.ok_or_else(|| Error::Header("the record `position` does not hold a position in an epoch".into()))
}

fn rng(state: &[u8]) -> Result<Rng, Error> {
    let malformed = || Error::Header("the record `rng` does not hold the state of a generator".into());
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
