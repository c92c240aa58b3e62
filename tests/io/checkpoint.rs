//! A run that is killed and resumed is bit-identical to one that was not.

use super::Folder;
use std::io::{self, Write};
use typegrad::io::Checkpoint;
use typegrad::nn::{LoadError, StateData, StateDict, StateTensor, Strict};
use typegrad::prelude::*;

const STEPS: u64 = 12;
const BATCHES: u64 = 5;

#[derive(Module)]
struct Net {
    fc1: Linear<3, 6>,
    dropout: Dropout,
    fc2: Linear<6, 1>,
}

impl<const B: usize> Forward<Rank2<B, 3>> for Net {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        let x = self.dropout.call(x);
        self.fc2.call(x)
    }
}

struct Training<O> {
    net: Net,
    optimizer: O,
    rng: Rng,
    epoch: u64,
    position: u64,
}

impl<O: Optimizer> Training<O> {
    fn begin(optimizer: O) -> Self {
        let mut rng = Rng::seed(5);
        Training { net: Net::new(&mut rng), optimizer, rng, epoch: 0, position: 0 }
    }

    /// Random data, and a learning rate that changes: everything that is saved matters.
    fn step(&mut self) -> u32 {
        self.net.zero_grad();
        let x = Tensor::<Rank2<4, 3>>::randn(&mut self.rng) * (1.0 + self.position as f32);
        let loss = self.net.train(x).powi(2).mean().backward();
        self.optimizer.step(&mut self.net);
        self.position += 1;
        if self.position == BATCHES {
            (self.epoch, self.position) = (self.epoch + 1, 0);
            self.optimizer.set_lr(self.optimizer.lr() * 0.9);
        }
        loss.to_bits()
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            model: self.net.state_dict(),
            optimizer: self.optimizer.state_dict(),
            rng: Some(self.rng.clone()),
            epoch: self.epoch,
            position: Some(self.position.into()),
            extra: b"anything".to_vec(),
            scheduler: scheduler(self.epoch),
            generators: self.net.generator_state(),
        }
    }

    /// In another process, which has nothing but the program and the file.
    fn resume(optimizer: O, saved: Checkpoint) -> Self {
        let mut new = Training::begin(optimizer);
        new.net.load_state_dict(&saved.model, Strict::Yes).unwrap();
        new.optimizer.load_state_dict(&saved.optimizer, &new.net).unwrap();
        new.net.load_generator_state(&saved.generators).unwrap();
        Training {
            rng: saved.rng.unwrap(),
            epoch: saved.epoch,
            position: saved.position.unwrap().examples(),
            ..new
        }
    }
}

fn resumes_at_every_step(optimizer: &(impl Optimizer + Clone), name: &str) {
    let folder = Folder::new(name);
    let path = folder.0.join("checkpoint");
    let mut whole = Training::begin(optimizer.clone());
    let losses: Vec<_> = (0..STEPS).map(|_| whole.step()).collect();
    for killed in 0..STEPS {
        let mut first = Training::begin(optimizer.clone());
        let mut resumed: Vec<_> = (0..killed).map(|_| first.step()).collect();
        first.checkpoint().save(&path).unwrap();
        drop(first);
        let saved = Checkpoint::load(&path).unwrap();
        assert_eq!(saved.extra, b"anything");
        let mut second = Training::resume(optimizer.clone(), saved);
        resumed.extend((killed..STEPS).map(|_| second.step()));
        assert_eq!(resumed, losses, "killed after {killed} steps");
        assert_eq!(second.checkpoint(), whole.checkpoint());
    }
}

#[test]
fn adam_resumes_exactly_at_every_step() {
    resumes_at_every_step(&Adam::new(0.05).weight_decay(0.01), "adam");
    resumes_at_every_step(&Adam::new(0.05).amsgrad(), "amsgrad");
}

#[test]
fn sgd_resumes_exactly_at_every_step() {
    resumes_at_every_step(&Sgd::new(0.001), "sgd");
    resumes_at_every_step(&Sgd::new(0.001).momentum(0.9).dampening(0.5), "momentum");
}

#[test]
fn the_state_of_an_optimizer_of_other_parameters_is_an_error_and_changes_nothing() {
    let mut training = Training::begin(Adam::new(0.05));
    training.step();
    let saved = training.optimizer.state_dict();
    let other = Linear::<3, 5>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(0.25);
    let error = adam.load_state_dict(&saved, &other).unwrap_err().to_string();
    for difference in ["`0.moments` is float32 [2, 5, 3]", "float32 [2, 6, 3]", "unexpected: `2.step`"] {
        assert!(error.contains(difference), "{difference}: {error}");
    }
    assert_eq!((adam.lr(), adam.state_dict().len()), (0.25, 2));
}

/// The states that a scheduler may have.
fn scheduler(count: u64) -> StateDict {
    let mut dict = StateDict::new();
    dict.insert("0.last_epoch", StateTensor::new(vec![], vec![count as i64]).unwrap()).unwrap();
    dict
}

/// The bytes of version 1 before there were schedulers and generators in it.
#[test]
fn an_older_checkpoint_is_read() {
    let training = Training::begin(Adam::new(0.05));
    let older = Checkpoint { model: training.net.state_dict(), epoch: 7, ..Checkpoint::default() };
    let mut bytes = Vec::new();
    older.write(&mut bytes).unwrap();
    let has = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
    assert!(has(b"model.") && !has(b"scheduler.") && !has(b"generators."));
    assert_eq!(Checkpoint::from_bytes(&bytes).unwrap(), older);
    // The position was a count of eight bytes.
    let mut bytes = b"TYPEGRAD\x01\0\0\0".to_vec();
    let header = b"\x00\x03\x05epoch\x08\x08position\x08\x05extra\x00";
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend(header);
    bytes.extend([7_u64.to_le_bytes(), 3_u64.to_le_bytes()].concat());
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    let older = Checkpoint { epoch: 7, position: Some(3.into()), ..Checkpoint::default() };
    assert_eq!(Checkpoint::from_bytes(&bytes).unwrap(), older);
}

#[test]
fn a_checkpoint_does_not_load_as_a_model() {
    let mut bytes = Vec::new();
    Checkpoint::default().write(&mut bytes).unwrap();
    let error = StateDict::from_bytes(&bytes).unwrap_err().to_string();
    assert!(error.contains("`Checkpoint::load` reads them"), "{error}");
}

/// `dict` with one tensor replaced.
fn with(dict: &StateDict, name: &str, data: StateData) -> StateDict {
    let mut changed = StateDict::new();
    for (other, tensor) in dict.iter() {
        let (shape, old) = tensor.clone().into_parts();
        let data = if other == name { data.clone() } else { old };
        changed.insert(other, StateTensor::new(shape, data).unwrap()).unwrap();
    }
    changed
}

#[test]
fn the_state_of_an_optimizer_that_no_training_gives_is_an_error_and_changes_nothing() {
    let mut training = Training::begin(Adam::new(0.05));
    training.step();
    let net = &training.net;
    let saved = training.optimizer.state_dict();
    let mut moments = saved.get("0.moments").unwrap().data().as_slice::<f32>().unwrap().to_vec();
    let numel = moments.len() / 2;
    moments[numel + 3] = -1e-9;
    for (name, data, problem) in [
        ("Adam.lr", StateData::F64(vec![f64::NAN].into()), "`Adam.lr` has a learning rate of NaN"),
        ("Adam.lr", StateData::F64(vec![-0.1].into()), "`Adam.lr` has a learning rate of -0.1"),
        ("1.step", StateData::I64(vec![-1].into()), "`1.step` has a count of -1 steps"),
        (
            "1.step",
            StateData::I64(vec![i64::MAX].into()),
            "`1.step` has a count of 9223372036854775807 steps",
        ),
        (
            "0.moments",
            StateData::F32(moments.into()),
            "`0.moments` has -1e-9 as element 21, a mean or sum of squares",
        ),
    ] {
        let mut adam = Adam::new(0.25);
        let error = adam.load_state_dict(&with(&saved, name, data), net).unwrap_err();
        assert_eq!(error.invalid.len(), 1);
        assert_eq!(error.to_string().lines().nth(1), Some(&*format!("  invalid: {problem}")));
        assert_eq!((adam.lr(), adam.state_dict().len()), (0.25, 2));
    }
    // A gradient of NaN leaves such means, and the first mean has any sign.
    let nan = with(&saved, "0.moments", StateData::F32(vec![f32::NAN; 2 * numel].into()));
    Adam::new(0.25).load_state_dict(&nan, net).unwrap();
}

#[test]
fn the_state_of_another_optimizer_is_an_error() {
    let mut adam = Training::begin(Adam::new(0.05));
    adam.step();
    let mut sgd = Training::begin(Sgd::new(0.05).momentum(0.9));
    sgd.step();
    let refused = |error: LoadError, text| assert_eq!(error.to_string().lines().nth(1), Some(text));
    refused(
        Adam::new(1.0).load_state_dict(&sgd.optimizer.state_dict(), &sgd.net).unwrap_err(),
        "  invalid: `Sgd.lr` has the state of an optimizer Sgd, this one is Adam",
    );
    refused(
        Sgd::new(1.0).load_state_dict(&adam.optimizer.state_dict(), &adam.net).unwrap_err(),
        "  invalid: `Adam.lr` has the state of an optimizer Adam, this one is Sgd",
    );
}

/// A disk that is full after some bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        let written = bytes.len().min(self.0);
        self.0 -= written;
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_fails_after_any_number_of_bytes_is_an_error() {
    let mut training = Training::begin(Adam::new(0.05));
    training.step();
    let checkpoint = training.checkpoint();
    let mut bytes = Vec::new();
    checkpoint.write(&mut bytes).unwrap();
    assert_eq!(Checkpoint::from_bytes(&bytes).unwrap(), checkpoint);
    for room in 0..bytes.len() {
        let error = checkpoint.write(&mut Full(room)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
    checkpoint.write(&mut Full(bytes.len())).unwrap();
}

#[test]
fn a_folder_that_is_not_there_is_an_error_that_names_the_file() {
    let path = std::env::temp_dir().join("typegrad-no-such-folder/checkpoint");
    for error in [
        Checkpoint::default().save(&path).unwrap_err(),
        Checkpoint::load(&path).unwrap_err(),
        Checkpoint::load(std::env::temp_dir()).unwrap_err(),
    ] {
        assert!(error.to_string().starts_with(std::env::temp_dir().to_str().unwrap()), "{error}");
    }
}
