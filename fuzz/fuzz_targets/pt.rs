//! What is read is written as it was. The input is a file, and also the pickle of a file whose checksums are right:
//! chance does not find those.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::nn::StateDict;

fuzz_target!(|bytes: &[u8]| {
    check(bytes);
    check(&archive(&[("a/data.pkl", bytes), ("a/data/0", &[0; 128])]));
});

fn check(bytes: &[u8]) {
    for key in ["", "model"] {
        if let Ok(read) = StateDict::from_pt_at(bytes, key) {
            assert_eq!(StateDict::from_bytes(&read.to_bytes()).unwrap().to_bytes(), read.to_bytes());
        }
    }
}

/// A zip file with stored entries.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let begin = file.len() as u32;
        let common = |out: &mut Vec<u8>| {
            out.extend([20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            out.extend(crc32fast::hash(content).to_le_bytes());
            out.extend([content.len() as u32; 2].map(u32::to_le_bytes).concat());
            out.extend([name.len() as u16, 0].map(u16::to_le_bytes).concat());
        };
        file.extend(b"PK\x03\x04");
        common(&mut file);
        file.extend(name.bytes());
        file.extend(*content);
        directory.extend(b"PK\x01\x02\0\0");
        common(&mut directory);
        directory.extend([0; 10]);
        directory.extend(begin.to_le_bytes());
        directory.extend(name.bytes());
    }
    let (begin, count) = (file.len() as u32, entries.len() as u16);
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count; 2].map(u16::to_le_bytes).concat());
    file.extend([directory.len() as u32, begin].map(u32::to_le_bytes).concat());
    file.extend([0; 2]);
    file
}
