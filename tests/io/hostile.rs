//! Malicious files, and files that were damaged by chance.

use super::allocation::largest;
use super::{dict, net};
use typegrad::io::{Checkpoint, Error};
use typegrad::nn::{StateData, StateDict};
use typegrad::prelude::*;

/// The memory that a file may cost in addition to its own length: an error text and the first few entries of a table.
const SMALL: usize = 4096;

pub type Reader = fn(&[u8]) -> Result<(), Error>;

const READERS: [Reader; 3] = [
    |bytes| StateDict::from_bytes(bytes).map(drop),
    |bytes| StateDict::from_safetensors(bytes).map(drop),
    |bytes| Checkpoint::from_bytes(bytes).map(drop),
];

/// Reads, and compares the memory that is taken with the length of the file.
pub fn read(reader: Reader, bytes: &[u8]) -> Result<(), Error> {
    let (result, size) = largest(|| reader(bytes));
    assert!(size <= bytes.len() + SMALL, "{size} bytes were asked for to read {} bytes", bytes.len());
    result
}

fn problem(reader: usize, bytes: &[u8]) -> Error {
    read(READERS[reader], bytes).expect_err("it is harmed")
}

/// Valid files of each reader.
fn whole() -> [Vec<u8>; 3] {
    let dict = net(1).state_dict();
    let checkpoint = Checkpoint {
        model: dict.clone(),
        optimizer: Adam::default().state_dict(),
        generators: Dropout::new(&mut Rng::seed(2)).generator_state(),
        rng: Some(Rng::seed(3)),
        epoch: 4,
        position: Some(5.into()),
        extra: vec![1, 2, 3],
        ..Checkpoint::default()
    };
    let mut bytes = Vec::new();
    checkpoint.write(&mut bytes).unwrap();
    [dict.to_bytes(), dict.to_safetensors(), bytes]
}

/// With a correct checksum, so that another part is the wrong one.
fn summed(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = crc32fast::hash(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

fn native(version: u32, header: &[u8], data: &[u8]) -> Vec<u8> {
    let length = (header.len() as u64).to_le_bytes();
    summed([b"TYPEGRAD", &version.to_le_bytes()[..], &length, header, data].concat())
}

fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

#[test]
fn every_truncated_file_is_an_error() {
    for (reader, whole) in READERS.into_iter().zip(whole()) {
        read(reader, &whole).unwrap();
        for length in 0..whole.len() {
            let error = read(reader, &whole[..length]).unwrap_err();
            assert!(
                matches!(error, Error::Truncated { .. } | Error::Magic { .. } | Error::Header(_)),
                "{length}: {error}"
            );
        }
        let longer = [&whole[..], &[0]].concat();
        assert!(matches!(read(reader, &longer), Err(Error::Unused { .. })));
    }
}

#[test]
fn every_flipped_bit_of_our_format_is_an_error() {
    let whole = whole();
    for (reader, whole) in [(0, &whole[0]), (2, &whole[2])] {
        for bit in 0..8 * whole.len() {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            problem(reader, &bytes);
        }
    }
}

#[test]
fn a_file_of_another_kind_or_version_is_an_error() {
    let [ours, theirs, _] = whole();
    assert!(problem(0, &theirs).to_string().starts_with("it is not a typegrad file, but a safetensors file"));
    assert!(
        problem(1, &ours).to_string().starts_with("it is not a safetensors file, but a file of typegrad")
    );
    assert!(problem(1, &[255; 16]).to_string().contains("the header is malformed: it claims"));
    assert!(problem(0, b"").to_string().contains("begins with \"\""));
    let newer = native(2, &[0, 0], &[]);
    assert_eq!(problem(0, &newer).to_string(), "version 2 of the format is not known; this is version 1");
    // A model is not a checkpoint.
    assert!(
        problem(2, &ours)
            .to_string()
            .starts_with("it is not a checkpoint file, but the state dict of a module")
    );
}

/// 253 before eight bytes is bincode's largest number.
#[test]
fn a_header_that_claims_petabytes_takes_no_memory() {
    let huge = [&[253_u8][..], &(1_u64 << 50).to_le_bytes()].concat();
    let header = |parts: &[&[u8]]| parts.concat();
    let claims = [
        (header(&[&huge]), "the header is malformed"),
        (header(&[&[1], &huge]), "the header is malformed"),
        (header(&[&[1, 1], b"w", &[0], &huge]), "the header is malformed"),
        (
            header(&[&[1, 1], b"w", &[0, 1], &huge, &[0]]),
            "`w` of shape [1125899906842624] needs 4503599627370496 bytes",
        ),
        (header(&[&[1, 1], b"w", &[0, 2], &huge, &huge, &[0]]), "needs 18446744073709551615 bytes"),
        (header(&[&[0], &huge]), "the header is malformed"),
        (header(&[&[0, 1, 1], b"r", &huge]), "`r` needs 1125899906842624 bytes"),
    ];
    for (header, expected) in claims {
        let error = problem(0, &native(1, &header, &[])).to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut length = native(1, &[0, 0], &[]);
    length[12..20].copy_from_slice(&(1_u64 << 50).to_le_bytes());
    assert_eq!(
        problem(0, &length).to_string(),
        "the file ends too early: the header needs 1125899906842624 bytes, 6 are left"
    );

    let theirs = |shape: &str, end: u64| {
        safetensors(
            &format!(r#"{{"w":{{"dtype":"F32","shape":{shape},"data_offsets":[0,{end}]}}}}"#),
            &[0; 4],
        )
    };
    for (shape, end) in [
        ("[1125899906842624]", 1 << 52),
        ("[1125899906842624]", 4),
        ("[4294967296,4294967296]", 4),
        ("[18446744073709551615]", u64::MAX),
        ("[18446744073709551616]", 4),
        ("[-1]", 4),
        ("[1.0]", 4),
    ] {
        let error = problem(1, &theirs(shape, end)).to_string();
        assert!(error.contains("`w`") || error.contains("the header is malformed"), "{error}");
    }
    let error = problem(1, &theirs(&format!("[{}1]", "1,".repeat(100)), 4)).to_string();
    assert!(error.contains("more than 64 axes"), "{error}");
    let error = problem(1, &[&(1_u64 << 50).to_le_bytes()[..], b"{}"].concat()).to_string();
    assert!(error.contains("it claims 1125899906842624 bytes"), "{error}");
    let deep = safetensors(&"[".repeat(100_000), &[]);
    assert!(matches!(problem(1, &deep), Error::Header(_)));
    let deep = safetensors(&format!(r#"{{"__metadata__":{}"#, "[".repeat(100_000)), &[]);
    assert!(matches!(problem(1, &deep), Error::Header(_)));
}

#[test]
fn two_tensors_of_one_name_are_an_error_that_has_it() {
    let header = [&[2, 1], &b"w"[..], &[0, 0], &[1], b"w", &[0, 0], &[0]].concat();
    assert!(matches!(problem(0, &native(1, &header, &[0; 8])), Error::Duplicate(name) if name == "w"));
    // The same offsets twice, which the crate would take for one tensor.
    let twice = r#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    assert!(matches!(problem(1, &safetensors(twice, &[0; 4])), Error::Duplicate(name) if name == "w"));
}

#[test]
fn offsets_that_overlap_or_leave_a_gap_are_an_error_that_has_them() {
    let file = |[a, b, c, d]: [u64; 4], length: usize| {
        let header = format!(
            r#"{{"a":{{"dtype":"F32","shape":[1],"data_offsets":[{a},{b}]}},"b":{{"dtype":"F32","shape":[1],"data_offsets":[{c},{d}]}}}}"#
        );
        safetensors(&header, &vec![0; length])
    };
    read(READERS[1], &file([0, 4, 4, 8], 8)).unwrap();
    read(READERS[1], &file([4, 8, 0, 4], 8)).unwrap();
    for (offsets, length, expected) in [
        ([0, 4, 2, 6], 6, "the data of `b` are bytes 2 to 6, but the data before them end at 4"),
        ([0, 4, 0, 4], 4, "the data of `b` are bytes 0 to 4, but the data before them end at 4"),
        ([0, 4, 5, 9], 9, "the data of `b` are bytes 5 to 9, but the data before them end at 4"),
        ([0, 4, 4, 2], 4, "the data of `b` are bytes 4 to 2, but the data before them end at 4"),
        ([0, 4, 4, 8], 7, "`b` needs 4 bytes, 3 are left"),
        ([0, 4, 4, 8], 9, "1 bytes that belong to no tensor begin at byte 8"),
    ] {
        let error = problem(1, &file(offsets, length)).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_wrong_type_or_size_is_an_error_that_names_the_tensor() {
    let header = [&[1, 1], &b"w"[..], &[9, 0], &[0]].concat();
    let error = problem(0, &native(1, &header, &[0; 4])).to_string();
    assert!(error.starts_with("`w` has elements of type number 9"), "{error}");
    let header = [&[1, 1], &b"m"[..], &[3, 1, 2], &[0]].concat();
    let error = problem(0, &native(1, &header, &[1, 2])).to_string();
    assert_eq!(error, "element 1 of `m` is the byte 2, not a bool (0 or 1)");
    for (dtype, shape) in [("F32", "[2]"), ("F16", "[1]"), ("U8", "[1]"), ("U32", "[2]"), ("I64", "[1]")] {
        let header = format!(r#"{{"w":{{"dtype":"{dtype}","shape":{shape},"data_offsets":[0,4]}}}}"#);
        problem(1, &safetensors(&header, &[0; 4]));
    }
}

#[test]
fn a_file_full_of_nan_is_read() {
    let nan = dict(&[
        ("w", &[3], StateData::F32(vec![f32::NAN; 3].into())),
        ("v", &[2], StateData::F64(vec![f64::NAN; 2].into())),
    ]);
    for read in [StateDict::from_bytes(&nan.to_bytes()), StateDict::from_safetensors(&nan.to_safetensors())] {
        let read = read.unwrap();
        assert!(read.get("w").unwrap().data().as_slice::<f32>().unwrap().iter().all(|x| x.is_nan()));
    }
}

/// 100,000 files of each reader: a whole one, with bytes changed, taken out, put in and doubled; half of ours with a
/// correct checksum, so that the code after its check is reached.
#[test]
fn a_hundred_thousand_mutations_do_no_harm() {
    let small = dict(&[
        ("a", &[2, 1], StateData::F32(vec![1.0, 2.0].into())),
        ("b", &[], StateData::I64(vec![3].into())),
        ("m", &[3], StateData::Bool(vec![true, false, true].into())),
    ]);
    let checkpoint =
        Checkpoint { model: small.clone(), optimizer: Sgd::default().state_dict(), ..whole_checkpoint() };
    let mut bytes = Vec::new();
    checkpoint.write(&mut bytes).unwrap();
    let corpus = [small.to_bytes(), with_remarks(&small.to_safetensors()), bytes];
    let mut rng = Rng::seed(7);
    for (reader, whole) in READERS.into_iter().zip(corpus) {
        let mut read_all_the_same = 0;
        for round in 0..100_000 {
            let mut bytes = whole.clone();
            let ours = bytes.starts_with(b"TYPEGRAD");
            if ours && round % 2 == 0 {
                bytes.truncate(bytes.len() - 4);
                mutate(&mut bytes, &mut rng);
                bytes = summed(bytes);
            } else {
                mutate(&mut bytes, &mut rng);
            }
            match read(reader, &bytes) {
                Ok(()) => read_all_the_same += 1,
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
        // Most reach something that is checked, and some change elements only.
        assert!((10..60_000).contains(&read_all_the_same), "{read_all_the_same}");
    }
}

/// With the names that `save_model` dropped.
fn with_remarks(file: &[u8]) -> Vec<u8> {
    let (length, rest) = file.split_first_chunk().unwrap();
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let header = std::str::from_utf8(header).unwrap();
    safetensors(&header.replacen("\"format\":", "\"tied\":\"m\",\"t\":\"b\",\"format\":", 1), data)
}

fn whole_checkpoint() -> Checkpoint {
    Checkpoint {
        rng: Some(Rng::seed(1)),
        epoch: 1,
        position: Some(2.into()),
        extra: vec![9],
        ..Checkpoint::default()
    }
}

pub fn mutate(bytes: &mut Vec<u8>, rng: &mut Rng) {
    const ODD: [u8; 10] = [0, 1, 0x7f, 0x80, 0xff, 251, 252, 253, b'"', b'['];
    for _ in 0..1 + rng.below(4) {
        let at = rng.below(bytes.len().max(1));
        if bytes.is_empty() {
            return;
        }
        match rng.below(6) {
            0 => bytes[at] ^= 1 << rng.below(8),
            1 => bytes[at] = ODD[rng.below(ODD.len())],
            2 => bytes[at] = rng.bits() as u8,
            3 => drop(bytes.remove(at)),
            4 => bytes.insert(at, ODD[rng.below(ODD.len())]),
            _ => {
                let end = at + rng.below(bytes.len() - at + 1).min(16);
                let part = bytes[at..end].to_vec();
                let to = rng.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
        }
    }
}
