//! What is read is written as it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::nn::StateDict;

fuzz_target!(|bytes: &[u8]| {
    for key in ["", "model"] {
        if let Ok(read) = StateDict::from_pt_at(bytes, key) {
            assert_eq!(StateDict::from_bytes(&read.to_bytes()).unwrap().to_bytes(), read.to_bytes());
        }
    }
});
