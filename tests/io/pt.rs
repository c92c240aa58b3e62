//! PyTorch's own files. `tests/pytorch/exchange.py` wrote the fixtures with PyTorch 2.15.

use super::allocation::largest;
use super::archive::{archive, pickled};
use super::hostile::{mutate, read};
use super::pytorch::{Mlp, assert_outputs_of_pytorch, mlp};
use super::{Folder, fixture};
use std::path::Path;
use typegrad::io::{self, Error};
use typegrad::nn::{StateDict, Strict};
use typegrad::prelude::*;

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap()
}

fn problem(bytes: &[u8]) -> Error {
    read(|bytes| StateDict::from_pt(bytes).map(drop), bytes).expect_err("it is harmed")
}

#[test]
fn a_model_that_torch_saved_gives_its_outputs() {
    let mut net = mlp();
    io::load_pt(fixture("exchange.pt"), &mut net).unwrap();
    assert_outputs_of_pytorch(&net);
    let exchanged = StateDict::load_safetensors(fixture("exchange.safetensors")).unwrap();
    let saved = StateDict::load_pt(fixture("exchange.pt")).unwrap();
    assert_eq!(saved.names().collect::<Vec<_>>(), ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]);
    assert!(exchanged.iter().all(|(name, tensor)| saved.get(name) == Some(tensor)));
}

#[test]
fn views_with_strides_and_offsets_have_the_elements_that_pytorch_sees() {
    let views = StateDict::load_pt(fixture("exchange_views.pt")).unwrap();
    let expected = StateDict::load_safetensors(fixture("exchange_views.safetensors")).unwrap();
    assert_eq!(views.len(), expected.len());
    for (name, tensor) in views.iter() {
        assert_eq!(expected.get(name), Some(tensor), "{name}");
    }
    let memory = |name: &str| views.get(name).unwrap().data().as_slice::<f32>().unwrap().as_ptr();
    assert_eq!(memory("tied"), memory("row"));
}

#[test]
fn a_state_dict_inside_a_checkpoint_is_found_by_its_key() {
    let path = fixture("exchange_checkpoint.pt");
    let expected = StateDict::load_safetensors(fixture("exchange_checkpoint.safetensors")).unwrap();
    for key in ["model", "best.ema.model"] {
        let saved = StateDict::load_pt_at(&path, key).unwrap();
        assert!(expected.iter().all(|(name, tensor)| saved.get(name) == Some(tensor)));
        Mlp::load_state_dict(&mut mlp(), &saved, Strict::Yes).unwrap();
    }
    let problem = |key: &str| StateDict::load_pt_at(&path, key).unwrap_err().problem().to_string();
    assert_eq!(
        problem(""),
        "it is not a state dict: `model` is a dict, and not a tensor; `load_pt_at` reads a dict inside it: \
         `model`, `optimizer`, `best`"
    );
    assert!(problem("modell").contains("there is no `modell`; `load_pt_at` reads"), "{}", problem("modell"));
    assert_eq!(problem("epoch"), "it is not a state dict: it is an int, and not a dict of tensors");
    assert!(problem("optimizer").contains("`state` is a dict"), "{}", problem("optimizer"));
    assert!(problem("optimizer.state").contains("`0` is a dict, and not a tensor"));
}

#[test]
fn unsupported_entries_are_errors_that_name_them() {
    let Error::Global { name } = problem(&bytes("exchange_module.pt")) else { panic!() };
    assert_eq!(name, "torch.nn.modules.linear.Linear");
    assert!(matches!(problem(&bytes("exchange.safetensors")), Error::Magic { .. }));
}

/// A pickle of one float32 tensor over 4 elements, with this offset, shape and strides.
fn tensor(offset: i32, shape: &[i32], strides: &[i32]) -> Vec<u8> {
    let mut pickle =
        b"\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\n\
                       X\x01\0\0\x000X\x03\0\0\0cpuK\x04tQ"
            .to_vec();
    let int = |n: &i32| [b"J", &n.to_le_bytes()[..]].concat();
    pickle.extend(int(&offset));
    for tuple in [shape, strides] {
        pickle.push(b'(');
        pickle.extend(tuple.iter().flat_map(int));
        pickle.push(b't');
    }
    pickle.extend(b"\x89ccollections\nOrderedDict\n)RtRs.");
    pickle
}

#[test]
fn a_pickle_that_would_run_something_is_an_error_that_names_it_and_runs_nothing() {
    let folder = Folder::new("pickle");
    let mark = folder.0.join("it_ran");
    let command = format!("touch {}", mark.display());
    let length = (command.len() as u32).to_le_bytes();
    for (module, name) in [
        ("os", "system"),
        ("posix", "system"),
        ("builtins", "eval"),
        ("torch", "load"),
        ("torch._utils", "x"),
    ] {
        let pickle =
            [format!("\u{0}c{module}\n{name}\n(X").as_bytes(), &length, command.as_bytes(), b"tR."].concat();
        let pickle = [b"\x80\x02", &pickle[1..]].concat();
        let error = problem(&pickled(&pickle));
        assert!(
            matches!(&error, Error::Global { name: found } if *found == format!("{module}.{name}")),
            "{error}"
        );
        assert!(error.to_string().contains("nothing is run"));
    }
    // Other ways to call: INST, OBJ, NEWOBJ, STACK_GLOBAL, EXT1, and a call of what is data.
    for instruction in [&b"(ios\nsystem\n."[..], b"(o.", b"\x81.", b"\x93.", b"\x82\x01.", b"})R."] {
        let error = problem(&pickled(&[b"\x80\x02", instruction].concat()));
        assert!(matches!(error, Error::Pickle { .. }), "{error}");
    }
    assert!(!Path::new(&mark).exists());
}

#[test]
fn a_view_is_inside_its_storage_and_no_larger_than_the_file() {
    let dict = |offset, shape: &[i32], strides: &[i32]| {
        StateDict::from_pt(&pickled(&tensor(offset, shape, strides)))
    };
    assert_eq!(dict(0, &[2, 2], &[1, 2]).unwrap().get("w").unwrap().shape(), [2, 2]);
    dict(3, &[], &[]).unwrap();
    dict(i32::MAX, &[0, 2], &[9, 9]).unwrap();
    dict(0, &[4, 1], &[1, i32::MAX]).unwrap();
    for (offset, shape, strides) in [
        (1, &[4][..], &[1][..]),
        (4, &[1], &[1]),
        (0, &[2, 2], &[4, 1]),
        (0, &[i32::MAX, i32::MAX, i32::MAX], &[0, 0, 0]),
        (i32::MAX, &[i32::MAX, i32::MAX], &[i32::MAX, i32::MAX]),
    ] {
        let error = problem(&pickled(&tensor(offset, shape, strides)));
        assert!(matches!(&error, Error::View { key, .. } if key == "w"), "{error}");
    }
    for (offset, shape, strides) in
        [(-1, &[1][..], &[1][..]), (0, &[-1], &[1]), (0, &[1], &[-1]), (0, &[1], &[1, 1])]
    {
        let error = problem(&pickled(&tensor(offset, shape, strides)));
        assert!(matches!(error, Error::Pickle { .. }), "{error}");
    }
    // One element seen two billion times.
    let dict = StateDict::from_pt(&pickled(&tensor(0, &[i32::MAX], &[0]))).unwrap();
    let what = "a tensor of float32 [2147483647], expanded to more than there is in the file";
    assert_eq!(dict.opaque().collect::<Vec<_>>(), [("w", what)]);
    assert!(dict.tensor::<Rank1<2>, f32>("w").unwrap_err().to_string().contains(what));
}

#[test]
fn a_malformed_pickle_is_an_error() {
    let deep = |instruction: &[u8]| [b"\x80\x02)", instruction.repeat(100_000).as_slice(), b"."].concat();
    for pickle in [
        &b""[..],
        b"\x80\x02",
        b"\x80\x04.",
        b"\x80\x02.",
        b"\x80\x02t.",
        b"\x80\x02u.",
        b"\x80\x02}(K\x01u.",
        b"\x80\x02K\x01s.",
        b"\x80\x02h\0.",
        b"\x80\x02}q\x05.",
        b"\x80\x02Q.",
        b"\x80\x02)Q.",
        b"\x80\x02X\xff\xff\xff\xffa",
        b"\x80\x02X\x01\0\0\0\xff.",
        b"\x80\x02cos",
        &deep(b"("),
        &deep(b"N"),
    ] {
        let pickled = pickled(pickle);
        let (result, size) = largest(|| StateDict::from_pt(&pickled));
        // An instruction of one byte can make an object of 16, in a vector that doubles.
        assert!(size <= 32 * pickled.len() + 4096, "{size} bytes for {}", pickled.len());
        let error = result.unwrap_err();
        assert!(matches!(error, Error::Pickle { .. }), "{:?}: {error}", &pickle[..pickle.len().min(20)]);
    }
    // Tuples in tuples are fine, but no state dict.
    StateDict::from_pt(&pickled(&deep(b"\x85"))).unwrap_err();
    // A dict that holds itself.
    let error = problem(&pickled(b"\x80\x02}q\x00X\x01\0\0\0ah\x00s.")).to_string();
    assert!(error.contains("`a` is a dict"), "{error}");
    let twice = b"\x80\x02}(X\x01\0\0\0aNX\x01\0\0\0aNu.";
    assert!(problem(&pickled(twice)).to_string().contains("`a` is None"));
}

#[test]
fn an_archive_with_parts_that_are_missing_or_misplaced_is_an_error() {
    let whole = tensor(0, &[4], &[1]);
    let without = archive(&[("data.pkl", &whole)]);
    assert!(matches!(problem(&without), Error::Missing(name) if name == "archive/data/0"));
    let short = archive(&[("data.pkl", &whole), ("data/0", &[0; 12])]);
    assert!(matches!(problem(&short), Error::Size { bytes: 12, .. }));
    let big = archive(&[("data.pkl", &whole), ("byteorder", b"big"), ("data/0", &[0; 16])]);
    assert!(matches!(problem(&big), Error::Archive(_)));
    let twice = archive(&[("data.pkl", &whole), ("data.pkl", &whole)]);
    assert!(matches!(problem(&twice), Error::Duplicate(_)));
    assert!(matches!(problem(&archive(&[])), Error::Magic { .. }));
    let nothing = archive(&[("version", b"3")]);
    assert!(matches!(problem(&nothing), Error::Missing(name) if name == "archive/data.pkl"));
    let mut compressed = pickled(&whole);
    let place = compressed.windows(4).position(|part| part == b"PK\x01\x02").unwrap();
    compressed[place + 10] = 8;
    assert!(problem(&compressed).to_string().contains("is compressed or encrypted"));
    let mut petabytes = pickled(&whole);
    petabytes[place + 20..place + 28].copy_from_slice(&[0xf0; 8]);
    assert!(matches!(problem(&petabytes), Error::Truncated { .. }));
}

#[test]
fn every_truncated_file_is_an_error() {
    for name in ["exchange.pt", "exchange_views.pt"] {
        let whole = bytes(name);
        for length in 0..whole.len() {
            problem(&whole[..length]);
        }
    }
}

/// Not all bytes of the archive have a meaning, but those that do are never misread.
#[test]
fn a_flipped_bit_is_an_error_or_changes_nothing() {
    let whole = bytes("exchange.pt");
    let expected = StateDict::from_pt(&whole).unwrap();
    let mut errors = 0;
    for bit in 0..8 * whole.len() {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        match StateDict::from_pt(&bytes) {
            Ok(read) => assert_eq!(read, expected, "bit {bit}"),
            Err(_) => errors += 1,
        }
    }
    assert!(errors > 8 * (469 + 128 + 32 + 96 + 12), "{errors}");
}

/// Half of the files with right checksums, so that the pickle is reached.
#[test]
fn a_hundred_thousand_mutations_of_a_pt_file_do_no_harm() {
    let mut rng = Rng::seed(11);
    let corpus = [bytes("exchange.pt"), pickled(&tensor(0, &[2, 2], &[1, 2]))];
    let pickle = tensor(0, &[2, 2], &[1, 2]);
    let mut read_all_the_same = 0;
    for round in 0..100_000 {
        let mutated = if round % 2 == 0 {
            let mut pickle = pickle.clone();
            mutate(&mut pickle, &mut rng);
            pickled(&pickle)
        } else {
            let mut bytes = corpus[round / 2 % 2].clone();
            mutate(&mut bytes, &mut rng);
            bytes
        };
        match read(|bytes| StateDict::from_pt(bytes).map(drop), &mutated) {
            Ok(()) => read_all_the_same += 1,
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    assert!((100..60_000).contains(&read_all_the_same), "{read_all_the_same}");
}
