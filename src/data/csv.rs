//! Tables of numbers as text.

use super::{DataError, TensorDataset, TensorRows};
use crate::element::Element;
use crate::file::map;
use crate::shape::Shape;
use crate::storage::Storage;
use ::csv::{Error, ErrorKind, Position, ReaderBuilder, StringRecord, Trim};
use std::io;
use std::path::Path;
use std::str::FromStr;

/// Reads files of comma-separated values: one example a line, all columns numbers.
///
/// Bools and integers are also read as other programs write them: `True`, `TRUE`, `1.0`.
///
/// ```
/// use typegrad::data::{Csv, Dataset};
/// use typegrad::prelude::*;
/// let text = "width,length,kind\n0.5,1.5,0\n2.5,-1,1\n";
/// let flowers = Csv::new().header(true).parse::<Rank1<2>, f32, i64>("flowers.csv", text)?;
/// assert_eq!(flowers.inputs().row(1), [2.5, -1.0]);
/// assert_eq!(flowers.targets().as_slice(), [0, 1]);
///
/// let text = "0.5,1.5,0\n2.5,one,1\n";
/// let error = Csv::new().parse::<Rank1<2>, f32, i64>("flowers.csv", text).unwrap_err();
/// assert_eq!(error.to_string(), "flowers.csv:2: column 2: \"one\" is not a number");
/// # Ok::<(), typegrad::data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Csv {
    header: bool,
    delimiter: u8,
    target: Option<Column>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// By its place, counted from 0.
    Index(usize),
    /// By its name in the header.
    Name(String),
}

impl From<usize> for Column {
    fn from(index: usize) -> Self {
        Column::Index(index)
    }
}

impl From<&str> for Column {
    fn from(name: &str) -> Self {
        Column::Name(name.to_owned())
    }
}

impl Default for Csv {
    fn default() -> Self {
        Csv::new()
    }
}

impl Csv {
    /// Without a header, with commas, and with the target in the last column.
    #[must_use]
    pub fn new() -> Self {
        Csv { header: false, delimiter: b',', target: None }
    }

    /// Whether the first line has the names of the columns.
    #[must_use]
    pub fn header(mut self, header: bool) -> Self {
        self.header = header;
        self
    }

    /// What stands between two fields: `b';'`, `b'\t'`.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// The column of the target, by its place, from 0, or by its name.
    #[must_use]
    pub fn target(mut self, column: impl Into<Column>) -> Self {
        self.target = Some(column.into());
        self
    }

    /// Reads a file of inputs of shape `S` with one target each.
    ///
    /// # Errors
    /// With the file and the line: a line that has another number of fields than `S` and 1, a field that is no
    /// number.
    pub fn read<S, E, L>(&self, path: impl AsRef<Path>) -> Result<TensorDataset<S, E, (), L>, DataError>
    where
        S: Shape,
        E: Element + FromStr,
        L: Element + FromStr,
    {
        let path = path.as_ref();
        let file = map::Bytes::of(path).map_err(|error| DataError::from(error).at(path))?;
        self.table(path, &file, true)
    }

    /// The same from text. The name is that of the file in errors.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn parse<S, E, L>(&self, name: &str, text: &str) -> Result<TensorDataset<S, E, (), L>, DataError>
    where
        S: Shape,
        E: Element + FromStr,
        L: Element + FromStr,
    {
        self.table(Path::new(name), text.as_bytes(), true)
    }

    /// Reads a file of rows of shape `S` without targets.
    ///
    /// # Errors
    /// With the file and the line: a line that has another number of fields than `S`, a field that is no number.
    pub fn read_rows<S, E>(&self, path: impl AsRef<Path>) -> Result<TensorRows<S, E>, DataError>
    where
        S: Shape,
        E: Element + FromStr,
    {
        let path = path.as_ref();
        let file = map::Bytes::of(path).map_err(|error| DataError::from(error).at(path))?;
        Ok(self.table::<S, E, i64>(path, &file, false)?.inputs().clone())
    }

    /// The same from text. The name is that of the file in errors.
    ///
    /// # Errors
    /// Those of [`read_rows`](Self::read_rows).
    pub fn parse_rows<S, E>(&self, name: &str, text: &str) -> Result<TensorRows<S, E>, DataError>
    where
        S: Shape,
        E: Element + FromStr,
    {
        Ok(self.table::<S, E, i64>(Path::new(name), text.as_bytes(), false)?.inputs().clone())
    }

    fn table<S, E, L>(
        &self,
        path: &Path,
        text: &[u8],
        targets: bool,
    ) -> Result<TensorDataset<S, E, (), L>, DataError>
    where
        S: Shape,
        E: Element + FromStr,
        L: Element + FromStr,
    {
        let expected = S::NUMEL + usize::from(targets);
        let mut builder = ReaderBuilder::new();
        builder.has_headers(self.header).delimiter(self.delimiter).flexible(true).trim(Trim::All);
        let mut reader = builder.from_reader(text);
        let mut target = targets.then(|| expected - 1);
        match &self.target {
            Some(Column::Index(index)) if targets && *index < expected => target = Some(*index),
            Some(Column::Name(name)) if targets && self.header => {
                let names = reader.headers().map_err(|error| problem(error, path, text))?;
                let place = names.iter().position(|other| other == name);
                let place = place.filter(|place| *place < expected);
                target = Some(place.ok_or_else(|| DataError::Column(format!("{name:?}")).at(path))?);
            }
            Some(Column::Index(index)) if targets => {
                return Err(DataError::Column(index.to_string()).at(path));
            }
            Some(Column::Name(name)) if targets => {
                return Err(DataError::Column(format!("{name:?} without a header")).at(path));
            }
            _ => {}
        }
        let (mut x, mut y) = (Vec::<E>::new(), Vec::<L>::new());
        let (mut record, mut len) = (StringRecord::new(), 0);
        while reader.read_record(&mut record).map_err(|error| problem(error, path, text))? {
            let line = record.position().map_or(0, |position| line(position, text));
            let at_line = |problem: DataError| problem.at_line(path, line);
            if record.len() != expected {
                return Err(at_line(DataError::Fields { found: record.len(), expected }));
            }
            for (column, field) in record.iter().enumerate() {
                if Some(column) == target {
                    y.push(number(column, field).map_err(at_line)?);
                } else {
                    x.push(number(column, field).map_err(at_line)?);
                }
            }
            len += 1;
        }
        if !targets {
            y = vec![L::default(); len];
        }
        let inputs = TensorRows::new(Storage::from_slice(&x), len);
        Ok(TensorDataset::from_rows(inputs, TensorRows::new(Storage::from_slice(&y), len))?)
    }
}

fn number<E: Element + FromStr>(column: usize, field: &str) -> Result<E, DataError> {
    let read = field.parse().ok().or_else(|| other_spelling::<E>(field)?.parse().ok());
    read.ok_or_else(|| {
        let expected = match E::DTYPE {
            "int64" => "an integer",
            "bool" => "true or false",
            _ => "a number",
        };
        DataError::Field { column: column + 1, field: field.to_owned(), expected }
    })
}

/// Labels as other programs write them: `True` of pandas, `TRUE` of R, the integer `1.0`, and bools that are numbers.
fn other_spelling<E: Element>(field: &str) -> Option<&str> {
    let integer = match field.split_once('.') {
        Some((integer, zeros)) if !integer.is_empty() && zeros.bytes().all(|byte| byte == b'0') => integer,
        _ => field,
    };
    let bool = match (field, integer) {
        ("true" | "True" | "TRUE", _) => Some(true),
        ("false" | "False" | "FALSE", _) => Some(false),
        (_, "1") if E::DTYPE == "bool" => Some(true),
        (_, "0") if E::DTYPE == "bool" => Some(false),
        _ => None,
    };
    match (bool, E::DTYPE) {
        (Some(true), "bool") => Some("true"),
        (Some(false), "bool") => Some("false"),
        (Some(true), _) => Some("1"),
        (Some(false), _) => Some("0"),
        (None, "int64") => Some(integer),
        (None, _) => None,
    }
}

/// The line of a record. The position is that of the blank lines before it, which are skipped.
fn line(position: &Position, text: &[u8]) -> u64 {
    let rest = usize::try_from(position.byte()).ok().and_then(|byte| text.get(byte..)).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
}

/// What the reader of lines says.
fn problem(error: Error, path: &Path, text: &[u8]) -> DataError {
    let line = error.position().map(|position| line(position, text));
    let problem = match error.into_kind() {
        ErrorKind::Io(error) => DataError::Io(error),
        ErrorKind::Utf8 { .. } => DataError::Utf8,
        other => DataError::Io(io::Error::other(format!("{other:?}"))),
    };
    match line {
        Some(line) => problem.at_line(path, line),
        None => problem.at(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;
    use proptest::prelude::*;

    fn error(csv: &Csv, text: &str) -> String {
        csv.parse::<Rank1<2>, f64, i64>("t.csv", text).unwrap_err().to_string()
    }

    #[test]
    fn the_target_is_the_last_column_or_the_one_that_is_named() {
        let csv = Csv::new();
        let table = csv.parse::<Rank1<2>, f64, i64>("t.csv", "1, 2.5 ,3\r\n-4,5e-1,-6").unwrap();
        assert_eq!(
            (table.inputs().as_slice(), table.targets().as_slice()),
            (&[1.0, 2.5, -4.0, 0.5][..], &[3, -6][..])
        );
        let table = csv.clone().target(0).parse::<Rank1<2>, f64, f32>("t.csv", "1,2,3\n").unwrap();
        assert_eq!((table.inputs().as_slice(), table.targets().as_slice()), (&[2.0, 3.0][..], &[1.0][..]));
        let named = csv.clone().header(true).target("b").delimiter(b';');
        let table = named.parse::<Rank2<1, 2>, f64, bool>("t.csv", "a;b;\"c;d\"\n1;true;3\n").unwrap();
        assert_eq!((table.inputs().as_slice(), table.targets().as_slice()), (&[1.0, 3.0][..], &[true][..]));
        let rows = csv.parse_rows::<Rank1<2>, f32>("t.csv", "1,nan\ninf,-0\n").unwrap();
        assert!(rows.row(0)[1].is_nan() && rows.row(1) == [f32::INFINITY, 0.0]);
        assert!(csv.parse_rows::<Rank1<2>, f32>("t.csv", "").unwrap().is_empty());
    }

    #[test]
    fn a_bad_row_is_an_error_with_its_file_and_line() {
        let csv = Csv::new();
        assert_eq!(error(&csv, "1,2,3\n1,2\n"), "t.csv:2: 2 fields, but there should be 3");
        assert_eq!(error(&csv, "1,2,3\n1,2,3,4\n"), "t.csv:2: 4 fields, but there should be 3");
        assert_eq!(error(&csv, "1,2,3\n1,,3\n"), "t.csv:2: column 2: \"\" is not a number");
        assert_eq!(error(&csv, "1,2,3.5\n"), "t.csv:1: column 3: \"3.5\" is not an integer");
        assert_eq!(
            error(&csv.clone().header(true), "a,b,c\n1,2,3\nx,2,3"),
            "t.csv:3: column 1: \"x\" is not a number"
        );
        assert_eq!(error(&csv, "1,2,3\n\n\n1,x,3\n"), "t.csv:4: column 2: \"x\" is not a number");
        assert_eq!(
            error(&csv, "1,2,3\r\n4,5,6\r\n\r\n1,x,3\r\n"),
            "t.csv:4: column 2: \"x\" is not a number"
        );
        assert_eq!(error(&csv, "1,2,3\n1,2"), "t.csv:2: 2 fields, but there should be 3");
        assert_eq!(error(&csv.clone().target(3), "1,2,3\n"), "t.csv: there is no column 3");
        assert_eq!(
            error(&csv.clone().target("kind"), "1,2,3\n"),
            "t.csv: there is no column \"kind\" without a header"
        );
        let named = csv.clone().header(true).target("kind");
        assert_eq!(error(&named, "a,b,c\n1,2,3\n"), "t.csv: there is no column \"kind\"");
    }

    #[test]
    fn labels_are_read_as_pandas_r_and_numpy_write_them() {
        fn read<E: Element + FromStr>(field: &str) -> Result<E, String> {
            let rows = Csv::new().parse_rows::<Rank1<1>, E>("t.csv", field);
            rows.map(|rows| rows.row(0)[0]).map_err(|error| error.problem().to_string())
        }
        for (field, value) in [
            ("true", 1_u8),
            ("True", 1),
            ("TRUE", 1),
            ("1", 1),
            ("1.0", 1),
            ("1.", 1),
            ("1.000", 1),
            ("false", 0),
            ("False", 0),
            ("FALSE", 0),
            ("0", 0),
            ("0.0", 0),
        ] {
            assert_eq!(read::<bool>(field), Ok(value == 1), "{field}");
            assert_eq!(read::<i64>(field), Ok(value.into()), "{field}");
            assert_eq!(read::<f32>(field), Ok(value.into()), "{field}");
            assert_eq!(read::<f64>(field), Ok(value.into()), "{field}");
        }
        assert_eq!(read::<i64>("-3.0"), Ok(-3));
        assert_eq!(read::<i64>("9223372036854775807.0"), Ok(i64::MAX));
        for field in ["yes", "tRUE", ".", ".0", "1.0.0", "1.5", "0x1", "1,0", "1e0", "2.0"] {
            assert!(read::<bool>(field).is_err(), "{field}");
        }
        for field in ["yes", ".", ".0", "1.0.0", "1.5", "0x1", "1e0", "nan", "9223372036854775808.0"] {
            assert!(read::<i64>(field).is_err(), "{field}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let error = Csv::new().read_rows::<Rank1<2>, f32>("/there/is/none.csv").unwrap_err().to_string();
        assert!(error.starts_with("/there/is/none.csv: "), "{error}");
        let path = std::env::temp_dir().join(format!("typegrad-{}.csv", std::process::id()));
        std::fs::write(&path, b"1,2,3\n1,\xff,3\n").unwrap();
        let error = Csv::new().read::<Rank1<2>, f32, i64>(&path).unwrap_err().to_string();
        assert_eq!(error, format!("{}:2: it is not UTF-8 text", path.display()));
        std::fs::remove_file(&path).unwrap();
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_are_it_is_a_table_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let table = Csv::new().table::<Rank1<2>, f32, i64>(Path::new("t.csv"), &bytes, true);
            if let Ok(table) = table {
                prop_assert_eq!(table.inputs().as_slice().len(), 2 * table.targets().len());
            }
        }

        #[test]
        fn numbers_come_back_to_the_bit(rows in prop::collection::vec((any::<f64>(), any::<f32>(), any::<i64>()), 0..9)) {
            let text: String = rows.iter().map(|(a, b, c)| format!("{a},{b},{c}\n")).collect();
            let table = Csv::new().parse::<Rank1<2>, f64, i64>("t.csv", &text).unwrap();
            for (i, (a, _, c)) in rows.into_iter().enumerate() {
                prop_assert_eq!(table.inputs().row(i)[0].to_bits(), a.to_bits());
                prop_assert_eq!(table.targets().row(i), [c]);
            }
        }
    }
}
