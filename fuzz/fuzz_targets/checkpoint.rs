//! A file that is read is written so that it can be read again. The input is also tried as a file without its checksum, which random
//! bytes do not hit.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::io::Checkpoint;

fuzz_target!(|bytes: &[u8]| {
    check(bytes);
    check(&[bytes, &crc32fast::hash(bytes).to_le_bytes()].concat());
});

fn check(bytes: &[u8]) {
    if let Ok(read) = Checkpoint::from_bytes(bytes) {
        let mut bytes = Vec::new();
        read.write(&mut bytes).unwrap();
        let mut again = Vec::new();
        Checkpoint::from_bytes(&bytes).unwrap().write(&mut again).unwrap();
        assert_eq!(bytes, again);
    }
}
