//! A file that is read is written so that it can be read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::nn::StateDict;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = StateDict::from_safetensors(bytes) {
        let bytes = read.to_safetensors();
        for (name, _) in read.opaque() {
            read.tensor::<(), f32>(name).unwrap_err();
        }
        assert_eq!(StateDict::from_safetensors(&bytes).unwrap().to_safetensors(), bytes);
    }
});
