//! A file of another kind is an error that names the function that reads it.

use super::{Folder, net};
use typegrad::data::{DataError, TensorRows, parse_idx, read_npy_rows};
use typegrad::io::{Checkpoint, Error};
use typegrad::nn::StateDict;
use typegrad::prelude::*;

const OURS: &str = "a file of typegrad, which `io::load`, `StateDict::load` and `Checkpoint::load` read";
const SAFETENSORS: &str = "a safetensors file, which `io::load_safetensors` reads";
const TORCH: &str =
    "an archive such as `torch.save` writes, which `io::load_pt` reads, with the feature `pt`";
const NPY: &str = "an array of NumPy, which `data::read_npy` reads";
const NPZ: &str = "an archive of NumPy, which `data::Npz::open` reads, with the feature `npz`";
const PICKLE: &str = "a pickle of Python; if PyTorch before version 1.6 wrote it, load it there and save it again by `torch.save`";
const GZIP: &str = "a compressed file: unpack it first, by `gunzip`";

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/fixtures/{name}")).unwrap()
}

/// The beginning of a zip file with this first entry.
fn zip(entry: &str) -> Vec<u8> {
    [&b"PK\x03\x04"[..], &[0; 22], &(entry.len() as u16).to_le_bytes(), &[0; 2], entry.as_bytes()].concat()
}

fn files() -> [(Vec<u8>, &'static str); 7] {
    let dict = net(1).state_dict();
    [
        (dict.to_bytes(), OURS),
        (dict.to_safetensors(), SAFETENSORS),
        (fixture("exchange/exchange.pt"), TORCH),
        (b"\x93NUMPY\x01\x00".to_vec(), NPY),
        (zip("x.npy"), NPZ),
        (b"\x80\x02}q\x00.....".to_vec(), PICKLE),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00".to_vec(), GZIP),
    ]
}

/// Compares the error of each file that is not one of the reader.
fn check(expected: &str, own: &str, read: impl Fn(&[u8]) -> String) {
    for (file, format) in files() {
        let error = read(&file);
        let text = format!("it is not {expected}, but {format}");
        assert_eq!(error == text, format != own, "{error}");
    }
}

#[test]
fn readers_of_models_name_the_reader_of_another_file() {
    let text = |error: Option<Error>| error.map(|error| error.to_string()).unwrap_or_default();
    check("a typegrad file", OURS, |bytes| text(StateDict::from_bytes(bytes).err()));
    check("a typegrad file", OURS, |bytes| text(Checkpoint::from_bytes(bytes).err()));
    check("a safetensors file", SAFETENSORS, |bytes| text(StateDict::from_safetensors(bytes).err()));
    #[cfg(feature = "pt")]
    check("a PyTorch zip file", TORCH, |bytes| match StateDict::from_pt(bytes) {
        Err(Error::Archive(_)) if bytes == zip("x.npy") => format!("it is not a PyTorch zip file, but {NPZ}"),
        other => text(other.err()),
    });
}

#[test]
fn readers_of_data_name_the_reader_of_another_file() {
    let text = |result: Result<TensorRows<Rank1<2>, f32>, DataError>| {
        result.err().map(|error| error.problem().to_string()).unwrap_or_default()
    };
    let folder = Folder::new("kinds");
    let path = folder.0.join("file");
    check("an npy file", NPY, |bytes| {
        std::fs::write(&path, bytes).unwrap();
        text(read_npy_rows(&path))
    });
    check("an IDX file", "", |bytes| text(parse_idx(bytes)));
}

#[test]
fn models_and_checkpoints_name_each_other() {
    let dict = net(1).state_dict();
    let error = Checkpoint::from_bytes(&dict.to_bytes()).unwrap_err().to_string();
    let expected = "it is not a checkpoint file, but the state dict of a module, which `io::load` and `StateDict::load` read";
    assert_eq!(error, expected);
    let mut bytes = Vec::new();
    Checkpoint { model: dict, ..Checkpoint::default() }.write(&mut bytes).unwrap();
    let error = StateDict::from_bytes(&bytes).unwrap_err().to_string();
    assert_eq!(error, "it is not a model file, but a checkpoint: `Checkpoint::load` reads them");
}
