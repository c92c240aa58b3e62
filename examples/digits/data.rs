//! The digits: reading them, and batches of them.

use typegrad::prelude::*;

/// The number of lines of the file, each of them a digit.
pub const LINES: usize = 1797;
const PIXELS: usize = 64;
/// The pixel of a place that is all ink.
const BLACK: u8 = 16;

/// Part of the program, so that it runs from any directory.
const CSV: &str = include_str!("../data/digits.csv");

/// A digit as it was scanned: 8 x 8 pixels from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Digit {
    pub pixels: [f32; PIXELS],
    pub label: i64,
}

/// Some digits as tensors.
pub struct Batch<const B: usize> {
    pub images: Tensor<Rank2<B, PIXELS>>,
    pub labels: Tensor<Rank1<B>, i64>,
}

impl Digit {
    pub fn batch<const B: usize>(digits: &[Digit; B]) -> Batch<B> {
        Batch {
            images: Tensor::from(digits.map(|d| d.pixels)),
            labels: Tensor::from(digits.map(|d| d.label)),
        }
    }
}

/// Something in the file is not as it should be.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("examples/data/digits.csv:{line}: {problem}")]
    Row { line: usize, problem: Problem },
    #[error("examples/data/digits.csv: {0} lines, but there should be {LINES}")]
    Lines(usize),
}

#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    #[error("{0} numbers, but there should be {PIXELS} pixels and a label")]
    Numbers(usize),
    #[error("{0:?} is not a pixel: a whole number from 0 to {BLACK}")]
    Pixel(String),
    #[error("{0:?} is not a label: a digit from 0 to 9")]
    Label(String),
}

/// All digits, in the order of the file.
pub fn load() -> Result<Vec<Digit>, Error> {
    let digits = parse(CSV)?;
    if digits.len() == LINES { Ok(digits) } else { Err(Error::Lines(digits.len())) }
}

fn parse(csv: &str) -> Result<Vec<Digit>, Error> {
    let row = |(i, row)| digit(row).map_err(|problem| Error::Row { line: i + 1, problem });
    csv.lines().enumerate().map(row).collect()
}

fn digit(row: &str) -> Result<Digit, Problem> {
    let fields: Vec<&str> = row.split(',').collect();
    let Some((label, pixels)) = fields.split_last().filter(|(_, pixels)| pixels.len() == PIXELS) else {
        return Err(Problem::Numbers(fields.len()));
    };
    let mut digit = Digit { pixels: [0.0; PIXELS], label: 0 };
    for (pixel, field) in digit.pixels.iter_mut().zip(pixels) {
        let ink = whole(field, BLACK).ok_or_else(|| Problem::Pixel((*field).to_owned()))?;
        *pixel = f32::from(ink) / f32::from(BLACK);
    }
    digit.label = whole(label, 9).ok_or_else(|| Problem::Label((*label).to_owned()))?.into();
    Ok(digit)
}

fn whole(field: &str, max: u8) -> Option<u8> {
    field.parse().ok().filter(|&number| number <= max)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row whose fields are all "1" but for one.
    fn row(place: usize, field: &str) -> String {
        (0..=PIXELS).map(|i| if i == place { field } else { "1" }).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn every_line_of_the_file_is_a_digit() {
        let digits = load().unwrap();
        assert_eq!((digits[0].label, digits[1796].label), (0, 8));
        assert_eq!(digits[0].pixels[..5], [0.0, 0.0, 5.0 / 16.0, 13.0 / 16.0, 9.0 / 16.0]);
    }

    #[test]
    fn a_batch_keeps_the_digits_in_order() {
        let digits = load().unwrap();
        let Batch { images, labels } = Digit::batch::<3>(digits.first_chunk().unwrap());
        assert_eq!(images.to_array::<[[f32; 64]; 3]>()[2], digits[2].pixels);
        assert_eq!(labels.to_vec(), [0, 1, 2]);
    }

    #[test]
    fn a_bad_row_is_an_error_with_its_line() {
        let good = row(0, "16");
        assert_eq!(parse(&format!("{good}\n{good}\n")).map(|digits| digits.len()), Ok(2));
        for (bad, text) in [
            ("1,2,3".to_owned(), "3 numbers, but there should be 64 pixels and a label"),
            (String::new(), "1 numbers, but there should be 64 pixels and a label"),
            (row(5, "17"), "\"17\" is not a pixel: a whole number from 0 to 16"),
            (row(0, "x"), "\"x\" is not a pixel: a whole number from 0 to 16"),
            (row(64, "10"), "\"10\" is not a label: a digit from 0 to 9"),
        ] {
            let error = parse(&format!("{good}\n{bad}\n")).unwrap_err().to_string();
            assert_eq!(error, format!("examples/data/digits.csv:2: {text}"));
        }
    }
}
