//! Pickles and archives in which thousands of entries of a few bytes share something large. Time and memory are in
//! proportion to the file all the same.

use super::archive::{archive, pickled};
use std::time::{Duration, Instant};
use typegrad::io::Error;
use typegrad::nn::StateDict;
use typegrad::prelude::*;

const MANY: u32 = 30_000;
const LARGE: usize = 1 << 20;

/// A tensor `w` of two elements, and many values, `value` each, after `before`, which remembers what they share as 0.
fn pickle(before: &[u8], value: &[u8]) -> Vec<u8> {
    let tensor = b"X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\n\
                   X\x01\0\0\x000X\x03\0\0\0cpuK\x04tQK\x00K\x02\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR";
    let mut pickle = [b"\x80\x04", before, b"0}(", tensor].concat();
    for i in 0..MANY {
        pickle.extend([b"J", &i.to_le_bytes()[..], value].concat());
    }
    pickle.extend(b"u.");
    pickle
}

/// Runs a test that is far from the limit if time is linear, and far beyond it if it is not.
fn soon<T>(f: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = f();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    result
}

fn long(length: usize) -> Vec<u8> {
    [b"X", &(length as u32).to_le_bytes()[..], &b"a".repeat(length)].concat()
}

#[test]
fn names_that_many_objects_share_are_short() {
    // Python's other ways to write a class, each with a long name of a module and of a class.
    let lines = |length: usize| [b"ca\n", &b"b".repeat(length)[..], b"\n\x94"].concat();
    let stack = |length: usize| [b"X\x01\0\0\0a", &long(length)[..], b"\x93\x94"].concat();
    for class in [lines, stack] {
        let error = StateDict::from_pt(&pickled(&pickle(&class(LARGE), b"h\0)R"))).unwrap_err();
        assert!(error.to_string().contains("a class whose name is too long"), "{error}");
        for value in [&b"h\0"[..], b"h\0)R", b"h\0)\x81"] {
            let dict = soon(|| StateDict::from_pt(&pickled(&pickle(&class(1 << 10), value))).unwrap());
            assert_eq!(dict.opaque().len(), MANY as usize);
            assert!(
                dict.opaque()
                    .all(|(_, kind)| kind.len() < 160 && kind.contains("`a.bb") || kind.contains("`a.aa"))
            );
            assert_eq!(dict.tensor::<Rank1<2>, f32>("w").unwrap().to_vec(), [0.0; 2]);
        }
    }
}

#[test]
fn a_text_that_is_the_key_of_many_entries_is_not_a_name() {
    let before = [&long(LARGE)[..], b"\x94"].concat();
    let mut pickle = pickle(&before, b"N");
    pickle.truncate(pickle.len() - 1);
    pickle.push(b'(');
    (0..MANY).for_each(|_| pickle.extend(b"h\0N"));
    pickle.extend(b"u.");
    let dict = soon(|| StateDict::from_pt(&pickled(&pickle)).unwrap());
    assert_eq!(dict.opaque().len(), MANY as usize);
    assert_eq!(dict.len(), 1);
}

#[test]
fn a_shape_that_many_tensors_share_has_as_many_axes_as_pytorch_has() {
    let complex = |axes: usize| {
        let sizes = [&b"("[..], &b"K\x01".repeat(axes), b"t\x94"].concat();
        let storage =
            b"(X\x07\0\0\0storagectorch\nComplexFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x02tQ\x94";
        let call = b"ctorch._utils\n_rebuild_tensor_v2\n\x94";
        let value = b"h\x02(h\x01K\0h\0h\0\x89NtR";
        pickled(&pickle(&[&sizes[..], storage, b"0", call].concat(), value))
    };
    let error = StateDict::from_pt(&complex(LARGE / 16 - 8)).unwrap_err();
    assert!(error.to_string().contains("more axes than PyTorch has"), "{error}");
    let dict = soon(|| StateDict::from_pt(&complex(64)).unwrap());
    assert!(
        dict.opaque().all(|(_, kind)| kind.starts_with("a tensor of complex64 [1, 1,") && kind.len() < 160)
    );
    assert_eq!(dict.opaque().len(), MANY as usize);
}

/// Each entry of the archive has all that follow it as its content.
#[test]
fn entries_that_overlap_are_an_error() {
    let names: Vec<_> = (0..500).map(|i| format!("data/{i}")).collect();
    let build = |pickle: &[u8]| {
        let mut entries: Vec<(&str, &[u8])> = vec![("data.pkl", pickle)];
        entries.extend(names.iter().map(|name| (name.as_str(), &[0; 64][..])));
        archive(&entries)
    };
    let directory = |file: &[u8]| file.windows(4).position(|part| part == b"PK\x01\x02").unwrap();
    let mut pickle = b"\x80\x02}(".to_vec();
    let file = build(&pickle);
    let locals: Vec<_> = (0..file.len()).filter(|&at| file[at..].starts_with(b"PK\x03\x04")).collect();
    let end = directory(&file);
    for (name, &local) in names.iter().zip(&locals[1..]) {
        let length = end - (local + 30 + "archive/".len() + name.len());
        let text = |text: &str| [&b"X"[..], &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat();
        pickle.extend(text(name));
        pickle.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nByteStorage\n");
        pickle.extend(text(&name["data/".len()..]));
        pickle.extend([&b"X\x03\0\0\0cpuJ"[..], &(length as u32).to_le_bytes()].concat());
        pickle.extend(b"tQK\0K\x01\x85K\x01\x85\x89NtR");
    }
    pickle.extend(b"u.");
    let mut file = build(&pickle);
    let end = directory(&file);
    let mut at = end;
    while file[at..].starts_with(b"PK\x01\x02") {
        let name = usize::from(file[at + 28]);
        if !file[at + 46..at + 46 + name].ends_with(b".pkl") {
            let local = u32::from_le_bytes(*file[at + 42..].first_chunk().unwrap()) as usize;
            let length = (end - (local + 30 + name)) as u32;
            file[at + 16..at + 20].fill(0);
            file[at + 20..at + 28].copy_from_slice(&[length; 2].map(u32::to_le_bytes).concat());
        }
        at += 46 + name;
    }
    let error = StateDict::from_pt(&file).unwrap_err();
    assert!(matches!(&error, Error::Archive(problem) if problem.contains("overlaps")), "{error}");
}
