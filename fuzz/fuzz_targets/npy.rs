//! Any file is an array or an error, and an array is written as it was read. The reader maps files, so that the input is one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::data::{read_npy, read_npy_rows, write_npy};
use typegrad::shape::{Rank0, Rank1, Rank2};

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("typegrad-fuzz-{}.npy", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    let _ = read_npy::<Rank2<2, 3>, f32>(&path);
    let _ = read_npy::<Rank0, i64>(&path);
    let _ = read_npy::<Rank1<1>, bool>(&path);
    let read = read_npy_rows::<Rank1<2>, f64>(&path).map(|rows| assert!(rows.len() <= bytes.len()));
    let array = read_npy::<Rank1<3>, f64>(&path);
    if let Ok(array) = array {
        assert!(read.is_err());
        write_npy(&path, &array).unwrap();
        let again = read_npy::<Rank1<3>, f64>(&path).unwrap();
        let bits = |x: Vec<f64>| x.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(again.to_vec()), bits(array.to_vec()));
    }
    std::fs::remove_file(&path).unwrap();
});
