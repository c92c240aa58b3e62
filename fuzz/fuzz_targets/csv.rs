//! Any text is rows or an error that names a line.
//!
//! The first byte chooses the options: a reader builds tables for its delimiter, which takes longer than a short text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use typegrad::data::{Csv, Missing};
use typegrad::shape::{Rank0, Rank1};

fuzz_target!(|data: &[u8]| {
    let Some((choice, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let csv = match choice / 4 % 8 {
        0 => Csv::new(),
        1 => Csv::new().header(true).comment(b'#'),
        2 => Csv::new().delimiter(b';').target(0),
        3 => Csv::new().header(true).target("kind").drop_columns(["b"]),
        4 => Csv::new().columns([1, 0]).classes(["x", "None", ""]),
        5 => Csv::new().one_hot(0, ["red", "1"]).missing(Missing::Mean),
        6 => Csv::new().ordinal(0, ["red", "1"]).missing(Missing::Drop),
        _ => Csv::new().header(true).missing(Missing::Fill(-0.5)),
    };
    // A carriage return alone ends a line too.
    let lines = text.split(['\n', '\r']).count();
    let rows = match choice % 4 {
        0 => csv.parse::<Rank1<2>, f32, i64>("fuzz", text).map(|table| table.targets().len()),
        1 => csv.parse::<Rank0, f64, bool>("fuzz", text).map(|table| table.targets().len()),
        2 => csv.parse_rows::<Rank1<3>, i64>("fuzz", text).map(|rows| rows.len()),
        _ => csv.parse_class_names::<2>("fuzz", text).map(|names| names.len()),
    };
    match rows {
        Ok(rows) => assert!(rows <= lines),
        Err(error) => assert!(error.to_string().starts_with("fuzz:")),
    }
});
