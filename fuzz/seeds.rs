//! Writes the initial inputs of fuzzing into `fuzz/corpus/<reader>`: small files that reach every kind of entry,
//! and the pickles of the files in `tests/fixtures/pt`.

use std::fs;
use std::path::Path;
use typegrad::io::Checkpoint;
use typegrad::nn::StateData;
use typegrad::prelude::*;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let write = |reader: &str, name: &str, bytes: &[u8]| {
        let folder = root.join("corpus").join(reader);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    };

    // The targets append the checksum.
    let unsummed = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() - 4);
        bytes
    };
    write("native", "every_type", &unsummed(every_type().to_bytes()));
    let mut bytes = Vec::new();
    let model = every_type();
    let checkpoint = Checkpoint { model, rng: Some(Rng::seed(1)), position: Some(2.into()), ..Default::default() };
    checkpoint.write(&mut bytes).unwrap();
    write("checkpoint", "every_type", &unsummed(bytes));

    let types = [
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E4M3", 1), ("F8_E8M0", 1), ("I16", 2), ("U16", 2), ("F16", 2),
        ("BF16", 2), ("I32", 4), ("U32", 4), ("F32", 4), ("I64", 8), ("U64", 8), ("F64", 8), ("C64", 8),
    ];
    let (mut header, mut end) = (String::from(r#"{"__metadata__":{"format":"pt","tied":"F32"}"#), 0);
    for (dtype, size) in types {
        header += &format!(r#","{dtype}":{{"dtype":"{dtype}","shape":[1],"data_offsets":[{end},{}]}}"#, end + size);
        end += size;
    }
    header.push('}');
    // The last byte of the `uint64` makes it one that `i64` does not have.
    let mut data = vec![0; end];
    data[end - 17] = 0x80;
    write("safetensors", "types", &[&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat());

    for entry in fs::read_dir(root.join("../tests/fixtures/pt")).unwrap() {
        let path = entry.unwrap().path();
        if let Some(pickle) = pickle(&fs::read(&path).unwrap()) {
            write("pt", path.file_stem().unwrap().to_str().unwrap(), &pickle);
        }
    }

    for (name, descr, order, shape, bytes) in [
        ("long", "<f4", "False", "(2L, 3L)", 24),
        ("fortran", "<f8", "True", "(2, 2)", 32),
        ("scalar", ">i8", "False", "()", 8),
        ("bool", "|b1", "False", "(1,)", 1),
        ("half", "<f2", "False", "(3,)", 6),
        ("fields", "[('a', '<f4')]", "False", "(2,)", 8),
    ] {
        let quote = if descr.starts_with('[') { "" } else { "'" };
        let header = format!("{{'descr': {quote}{descr}{quote}, 'fortran_order': {order}, 'shape': {shape}, }}\n");
        let begin = [b"\x93NUMPY\x01\0", &(header.len() as u16).to_le_bytes()[..]].concat();
        write("npy", name, &[&begin, header.as_bytes(), &vec![0; bytes]].concat());
    }

    for (name, code, size) in [("u8", 8, 1), ("i8", 9, 1), ("i16", 11, 2), ("i32", 12, 4), ("f32", 13, 4), ("f64", 14, 8)] {
        write("idx", &format!("{name}_rows"), &[&[0, 0, code, 1, 0, 0, 0, 2][..], &vec![0; 2 * size]].concat());
        let sizes = [0, 0, code, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
        write("idx", name, &[&sizes[..], &vec![0; 6 * size]].concat());
    }

    for (name, text) in [
        ("labels", "1,2,True\n3,4,FALSE\n-0,nan,1.0\n"),
        ("numbers", "1e3,-inf,5\n# a comment\n.5,,3.0\n"),
        ("header", "a,b,kind\n1,2,x\nNA,?,y\r\n\n3,red,y\n"),
        ("quoted", "a;\"b;\"\"c\"\"\";d\n1;\"2\n\";3\n"),
    ] {
        // The first byte is the choice of the options and of what is read.
        for choice in 0..32 {
            write("csv", &format!("{name}_{choice}"), &[&[choice], text.as_bytes()].concat());
        }
    }
}

fn every_type() -> StateDict {
    let mut dict = StateDict::new();
    for (name, shape, data) in [
        ("a", vec![2, 1], StateData::F32(vec![1.0, f32::NAN].into())),
        ("b", vec![], StateData::F64(vec![2.0].into())),
        ("c", vec![2], StateData::I64(vec![3, -1].into())),
        ("d", vec![0, 2], StateData::Bool(vec![].into())),
        ("e", vec![3], StateData::Bool(vec![true, false, true].into())),
    ] {
        dict.insert(name, typegrad::nn::StateTensor::new(shape, data).unwrap()).unwrap();
    }
    dict
}

/// The content of the entry `data.pkl` of an archive whose numbers have 32 bits.
fn pickle(file: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize, length: usize| {
        let bytes = file.get(at..at + length)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    let is_pickle = |at: usize| {
        let name = number(at + 28, 2).and_then(|length| file.get(at + 46..at + 46 + length));
        file[at..].starts_with(b"PK\x01\x02") && name.is_some_and(|name| name.ends_with(b"/data.pkl"))
    };
    let entry = (0..file.len()).find(|at| is_pickle(*at))?;
    let (length, local) = (number(entry + 24, 4)?, number(entry + 42, 4)?);
    let begin = local + 30 + number(local + 26, 2)? + number(local + 28, 2)?;
    Some(file.get(begin..begin + length)?.to_vec())
}
