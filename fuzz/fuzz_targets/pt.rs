//! What is read is written as it was. The input is a file, and also the pickle of a file whose checksums are right:
//! chance does not find those.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::nn::StateDict;

#[path = "../../tests/io/archive.rs"]
mod archive;

fuzz_target!(|bytes: &[u8]| {
    check(bytes);
    check(&archive::pickled(bytes));
});

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
