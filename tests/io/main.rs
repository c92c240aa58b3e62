//! Files: tensors survive a round trip, and no content of a file can do harm.

mod allocation;
#[cfg(feature = "pt")]
mod archive;
mod checkpoint;
mod everything;
mod faults;
#[cfg(unix)]
mod full_disk;
mod hostile;
mod killed;
mod kinds;
#[cfg(feature = "pt")]
mod pt;
#[cfg(feature = "pt")]
mod pt_files;
mod pytorch;
mod round_trip;
#[cfg(feature = "pt")]
mod shared;

use std::path::{Path, PathBuf};
use typegrad::nn::{StateData, StateDict, StateTensor};
use typegrad::prelude::*;

/// Two layers, and a buffer of each other type of elements.
#[derive(Module, Clone)]
struct Net {
    fc1: Linear<3, 5>,
    fc2: Linear<5, 2, f64>,
    #[module(init = Tensor::from([7, -8]).into())]
    seen: Buffer<Rank1<2>, i64>,
    #[module(init = Tensor::from([true, false, true]).into())]
    mask: Buffer<Rank1<3>, bool>,
}

fn net(seed: u64) -> Net {
    Net::new(&mut Rng::seed(seed))
}

/// A folder that is removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("typegrad-io-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/exchange").join(name)
}

fn dict(entries: &[(&str, &[usize], StateData)]) -> StateDict {
    let mut dict = StateDict::new();
    for (name, shape, data) in entries {
        dict.insert(*name, StateTensor::new(shape.to_vec(), data.clone()).unwrap()).unwrap();
    }
    dict
}
