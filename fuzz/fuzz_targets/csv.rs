//! Any text is rows or an error that names a line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::data::Csv;
use typegrad::shape::{Rank0, Rank1};

fuzz_target!(|text: &str| {
    for reader in [Csv::new(), Csv::new().header(true), Csv::new().delimiter(b';').target(0)] {
        let _ = reader.parse::<Rank1<2>, f32, i64>("fuzz", text).map_err(|error| error.to_string());
        let _ = reader.parse::<Rank0, f64, bool>("fuzz", text).map_err(|error| error.to_string());
        let rows = reader.parse_rows::<Rank1<3>, i64>("fuzz", text);
        assert!(rows.map_or(0, |rows| rows.len()) <= text.lines().count());
    }
});
