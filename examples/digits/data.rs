//! The digits: reading them from their file.

use typegrad::data::{Csv, DataError, TensorDataset};
use typegrad::prelude::*;

/// The number of lines of the file, each of them a digit.
pub const LINES: usize = 1797;
const PIXELS: usize = 64;
/// The value of a pixel that is all ink.
const BLACK: i64 = 16;

const FILE: &str = "examples/data/digits.csv";
/// Part of the program, so that it runs from any directory.
const CSV: &str = include_str!("../data/digits.csv");

/// Scanned digits, 8 x 8 pixels from 0 to 1, and their labels.
pub type Digits = TensorDataset<Rank1<PIXELS>, f32, Rank0, i64>;

/// The file is malformed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Csv(#[from] DataError),
    #[error("{FILE}:{line}: {found} is not {expected}")]
    Range { line: usize, found: i64, expected: &'static str },
    #[error("{FILE}: {0} lines, but there should be {LINES}")]
    Lines(usize),
}

/// All digits, in the order of the file.
pub fn load() -> Result<Digits, Error> {
    let digits = parse(CSV)?;
    match digits.targets().len() {
        LINES => Ok(digits),
        lines => Err(Error::Lines(lines)),
    }
}

fn parse(csv: &str) -> Result<Digits, Error> {
    let table = Csv::new().parse::<Rank1<PIXELS>, i64, i64>(FILE, csv)?;
    let (pixels, labels) = (table.inputs(), table.targets());
    check(pixels.as_slice(), PIXELS, BLACK, "a pixel: an integer from 0 to 16")?;
    check(labels.as_slice(), 1, 9, "a label: a digit from 0 to 9")?;
    let pixels = pixels.map_elements(|ink| ink as f32 / BLACK as f32);
    Ok(TensorDataset::from_rows(pixels, labels.clone()).map_err(DataError::from)?)
}

/// Whether all numbers are from 0 to `max`; there are `columns` in each line.
fn check(numbers: &[i64], columns: usize, max: i64, expected: &'static str) -> Result<(), Error> {
    match numbers.iter().position(|number| !(0..=max).contains(number)) {
        Some(place) => Err(Error::Range { line: place / columns + 1, found: numbers[place], expected }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use typegrad::data::Dataset;

    /// A row whose fields are all "1" but for one.
    fn row(place: usize, field: &str) -> String {
        (0..=PIXELS).map(|i| if i == place { field } else { "1" }).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn every_line_of_the_file_is_a_digit() {
        let digits = load().unwrap();
        assert_eq!((digits.targets().row(0), digits.targets().row(1796)), (&[0][..], &[8][..]));
        assert_eq!(digits.inputs().row(0)[..5], [0.0, 0.0, 5.0 / 16.0, 13.0 / 16.0, 9.0 / 16.0]);
    }

    #[test]
    fn a_batch_keeps_the_digits_in_order() {
        let digits = load().unwrap();
        let (images, labels) = digits.batch(&[0, 1, 2]);
        assert_eq!(images.to_array::<[[f32; 64]; 3]>()[2], digits.inputs().row(2));
        assert_eq!(labels.to_vec(), [0, 1, 2]);
    }

    #[test]
    fn a_bad_row_is_an_error_with_its_line() {
        let good = row(0, "16");
        assert_eq!(parse(&format!("{good}\n{good}\n")).unwrap().targets().len(), 2);
        for (bad, text) in [
            ("1,2,3".to_owned(), "3 fields, but there should be 65"),
            (row(5, "17"), "17 is not a pixel: an integer from 0 to 16"),
            (row(5, "-1"), "-1 is not a pixel: an integer from 0 to 16"),
            (row(0, "x"), "column 1: \"x\" is not an integer"),
            (row(64, "10"), "10 is not a label: a digit from 0 to 9"),
        ] {
            let error = parse(&format!("{good}\n{bad}\n")).unwrap_err().to_string();
            assert_eq!(error, format!("examples/data/digits.csv:2: {text}"));
        }
    }
}
