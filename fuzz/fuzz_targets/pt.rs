//! A file that is read is written bit-identically. The input is a file, a file whose checksums are left out, and the pickle of a file:
//! random bytes do not hit correct checksums.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::nn::StateDict;

#[path = "../../tests/io/archive.rs"]
mod archive;

fuzz_target!(|bytes: &[u8]| {
    check(bytes);
    if bytes.starts_with(b"PK") {
        check(&without_checksums(bytes));
    } else {
        check(&archive::archive(&entries(bytes)));
    }
});

/// The storages are as large as those of `tests/fixtures/pt/opaque.pt`, whose pickle is among the first inputs.
fn entries(pickle: &[u8]) -> Vec<(&str, &[u8])> {
    let names = [
        "data/0", "data/1", "data/2", "data/3", "data/4", "data/5", "data/6", "data/7", "data/8", "data/9",
        "data/10", "data/11", "data/12", "data/13",
    ];
    let sizes = [8, 4, 8, 16, 8, 4, 1, 8, 1, 32, 8, 8, 12, 4];
    let storages = names.into_iter().zip(sizes.map(|size| &[0; 32][..size]));
    [("data.pkl", pickle), ("byteorder", b"little")].into_iter().chain(storages).collect()
}

fn without_checksums(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    for at in 0..file.len().saturating_sub(20) {
        if file[at..].starts_with(b"PK\x01\x02") {
            file[at + 16..at + 20].fill(0);
        }
    }
    file
}

fn check(bytes: &[u8]) {
    for key in ["", "model", "0"] {
        if let Ok(read) = StateDict::from_pt_at(bytes, key) {
            assert_eq!(StateDict::from_bytes(&read.to_bytes()).unwrap().to_bytes(), read.to_bytes());
            for (name, _) in read.opaque() {
                read.tensor::<(), f32>(name).unwrap_err();
            }
        }
    }
}
