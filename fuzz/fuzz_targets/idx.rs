//! Any bytes are rows or an error; of another type, an error or the same number of rows.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::data::parse_idx;
use typegrad::shape::{Rank0, Rank2};

fuzz_target!(|bytes: &[u8]| {
    let bytes_of = |rows: usize| assert!(rows <= bytes.len());
    let _ = parse_idx::<Rank0, i64>(bytes).map(|rows| bytes_of(rows.len()));
    let _ = parse_idx::<Rank0, f32>(bytes).map(|rows| bytes_of(rows.len()));
    let _ = parse_idx::<Rank2<2, 3>, f64>(bytes).map(|rows| bytes_of(rows.len()));
});
