//! What is read is written so that it is read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::io::Checkpoint;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = Checkpoint::from_bytes(bytes) {
        let mut bytes = Vec::new();
        read.write(&mut bytes).unwrap();
        Checkpoint::from_bytes(&bytes).unwrap();
    }
});
