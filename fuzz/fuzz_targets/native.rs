//! A file that is read is written bit-identically. The input is also tried as a file without its checksum, which random bytes do
//! not hit.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::nn::StateDict;

fuzz_target!(|bytes: &[u8]| {
    check(bytes);
    check(&[bytes, &crc32fast::hash(bytes).to_le_bytes()].concat());
});

fn check(bytes: &[u8]) {
    if let Ok(read) = StateDict::from_bytes(bytes) {
        // NaN is not equal to itself, but its bytes are.
        assert_eq!(StateDict::from_bytes(&read.to_bytes()).unwrap().to_bytes(), read.to_bytes());
    }
}
