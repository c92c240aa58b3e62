//! Reads a table line by line.

use super::super::{DataError, TensorDataset, TensorRows};
use super::field::{expected, is_missing, number};
use super::layout::{Columns, Kind, Layout};
use super::{Column, Csv, Missing};
use crate::element::Element;
use crate::file::format;
use crate::shape::Shape;
use crate::storage::Storage;
use ::csv::{Error, ErrorKind, Position, Reader, ReaderBuilder, StringRecord, Trim};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::str::FromStr;

impl Csv {
    fn reader<'t>(&self, text: &'t [u8]) -> Reader<&'t [u8]> {
        let mut builder = ReaderBuilder::new();
        builder.has_headers(self.header).delimiter(self.delimiter).comment(self.comment);
        builder.flexible(true).trim(Trim::All).from_reader(text)
    }

    pub(super) fn table<S, E, L>(
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
        let header = self.header_of(&mut self.reader(text), path, text)?;
        let mut rows = RowsRead::<E, L>::new(self.missing, header.as_ref());
        let row = |record: &StringRecord, layout: &Layout<'_>, line| rows.push(record, layout, line);
        self.each_row(path, text, header.as_ref(), S::SIZES, targets, row)?;
        let (x, mut y) = rows.finish(path)?;
        let len = if targets { y.len() } else { x.len().checked_div(S::NUMEL).unwrap_or(0) };
        if !targets {
            y = vec![L::default(); len];
        }
        let inputs = TensorRows::new(Storage::from_slice(&x), len);
        Ok(TensorDataset::from_rows(inputs, TensorRows::new(Storage::from_slice(&y), len))?)
    }

    /// The texts of the one column that is not the target, with the targets.
    pub(super) fn texts<L: Element + FromStr>(
        &self,
        path: &Path,
        text: &[u8],
    ) -> Result<Vec<(String, L)>, DataError> {
        let header = self.header_of(&mut self.reader(text), path, text)?;
        let mut rows = RowsRead::<i64, L>::new(self.missing, header.as_ref());
        let mut texts = Vec::new();
        let row = |record: &StringRecord, layout: &Layout<'_>, _| rows.push_text(record, layout, &mut texts);
        self.each_row(path, text, header.as_ref(), &[1], true, row)?;
        Ok(texts.into_iter().zip(rows.y).collect())
    }

    /// Shows the rows of a table to `row`, with their lines.
    fn each_row(
        &self,
        path: &Path,
        text: &[u8],
        header: Option<&StringRecord>,
        shape: &[usize],
        targets: bool,
        mut row: impl FnMut(&StringRecord, &Layout<'_>, u64) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let mut reader = self.reader(text);
        let layout = |first| self.layout(header, first, shape, targets).map_err(|error| error.at(path));
        let mut columns = header.map(|header| layout(header.len())).transpose()?;
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| self.problem(error, path, text))? {
            let line = record.position().map_or(0, |position| self.line(position, text));
            let columns = match &columns {
                Some(columns) => columns,
                None => columns.insert(layout(record.len())?),
            };
            row(&record, columns, line).map_err(|problem| problem.at_line(path, line))?;
        }
        Ok(())
    }

    /// The texts of the target, each once, in their order.
    pub(super) fn names<const K: usize>(&self, path: &Path, text: &[u8]) -> Result<[String; K], DataError> {
        let mut reader = self.reader(text);
        let header = self.header_of(&mut reader, path, text)?;
        let (mut names, mut record) = (BTreeSet::new(), StringRecord::new());
        while reader.read_record(&mut record).map_err(|error| self.problem(error, path, text))? {
            let fields = header.as_ref().unwrap_or(&record).len();
            let columns = Columns::new(header.as_ref(), fields);
            let target = columns.target(self.target.as_ref()).map_err(|error| error.at(path))?;
            let Some(name) = record.get(target) else {
                let line = record.position().map_or(0, |position| self.line(position, text));
                let error = DataError::Fields { found: record.len(), expected: fields };
                return Err(error.at_line(path, line));
            };
            if !is_missing(name) && !names.contains(name) {
                names.insert(name.to_owned());
            }
        }
        let names: Vec<_> = names.into_iter().collect();
        names.try_into().map_err(|found| DataError::Classes { found, expected: K }.at(path))
    }

    /// Whether a column is chosen, left out or encoded by its name.
    fn names_columns(&self) -> bool {
        let columns = self.target.iter().chain(self.columns.iter().flatten()).chain(&self.dropped);
        let mut columns = columns.chain(self.encoded.iter().map(|(column, ..)| column));
        columns.any(|column| matches!(column, Column::Name(_)))
    }

    fn header_of(
        &self,
        reader: &mut Reader<&[u8]>,
        path: &Path,
        text: &[u8],
    ) -> Result<Option<StringRecord>, DataError> {
        if !self.header {
            return Ok(None);
        }
        let header = reader.headers().map_err(|error| self.problem(error, path, text))?;
        // An example that is taken for names would be lost. Integers may be names: pandas gives them; and what the program
        // itself uses as a name is one.
        let is_number = |field: &str| field.trim().parse::<f64>().is_ok_and(f64::is_finite);
        let is_fraction = |field: &str| field.trim().parse::<i64>().is_err();
        let fraction = header.iter().enumerate().find(|(_, field)| is_fraction(field));
        match fraction.filter(|_| header.iter().all(is_number) && !self.names_columns()) {
            None => Ok(Some(header.clone())),
            Some((column, field)) => {
                let expected =
                    "the name of a column; for a file without names, leave out `Csv::header(true)`";
                let (column, field) = (column + 1, field.to_owned());
                let problem =
                    DataError::Field { column, name: String::new(), field, expected: expected.to_owned() };
                let line = header.position().map_or(1, |position| self.line(position, text));
                Err(problem.at_line(path, line))
            }
        }
    }

    /// The line of a record. The position is that of the blank lines and comments before it, which are skipped.
    fn line(&self, position: &Position, text: &[u8]) -> u64 {
        let byte = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let mut rest = text.get(byte..).unwrap_or_default();
        let mut line = position.line();
        loop {
            match rest {
                [b'\n', after @ ..] => (line, rest) = (line + 1, after),
                [b'\r', after @ ..] => rest = after,
                [first, ..] if Some(*first) == self.comment => {
                    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                    rest = &rest[end..];
                }
                _ => return line,
            }
        }
    }

    /// The errors of the line reader.
    fn problem(&self, error: Error, path: &Path, text: &[u8]) -> DataError {
        let line = error.position().map(|position| self.line(position, text));
        let problem = match error.into_kind() {
            ErrorKind::Io(error) => DataError::Io(error),
            ErrorKind::Utf8 { .. } => match format::of(text) {
                Some(_) => return not_csv(text).at(path),
                None => DataError::Utf8,
            },
            other => DataError::Io(io::Error::other(format!("{other:?}"))),
        };
        match line {
            Some(line) => problem.at_line(path, line),
            None => problem.at(path),
        }
    }
}

/// The error of a file of another format.
fn not_csv(file: &[u8]) -> DataError {
    let found = format!("{:?}", String::from_utf8_lossy(&file[..file.len().min(8)]));
    DataError::Magic { expected: "a CSV file", found, format: format::of(file) }
}

fn check_fields(record: &StringRecord, layout: &Layout<'_>) -> Result<(), DataError> {
    let (found, expected) = (record.len(), layout.fields);
    if found == expected { Ok(()) } else { Err(DataError::Fields { found, expected }) }
}

/// The elements that were read so far.
struct RowsRead<'h, E, L> {
    missing: Missing,
    header: Option<&'h StringRecord>,
    x: Vec<E>,
    y: Vec<L>,
    /// The sum and the number of the values of each input, where a mean is filled in.
    sums: Vec<(f64, usize)>,
    /// The indices in `x` where a mean is filled in, with column and line.
    holes: Vec<(usize, usize, u64)>,
}

impl<'h, E: Element + FromStr, L: Element + FromStr> RowsRead<'h, E, L> {
    fn new(missing: Missing, header: Option<&'h StringRecord>) -> Self {
        RowsRead { missing, header, x: Vec::new(), y: Vec::new(), sums: Vec::new(), holes: Vec::new() }
    }

    /// Adds a row, or leaves it out if a value is missing.
    fn push(&mut self, record: &StringRecord, layout: &Layout<'_>, line: u64) -> Result<(), DataError> {
        check_fields(record, layout)?;
        // A class may be called `None`.
        let is_missing =
            |(column, kind): &(usize, Kind<'_>)| is_missing(&record[*column]) && !kind.has(&record[*column]);
        if self.missing == Missing::Drop && layout.inputs.iter().chain(&layout.target).any(is_missing) {
            return Ok(());
        }
        for (column, kind) in &layout.inputs {
            self.input(*column, &record[*column], *kind, line)?;
        }
        self.target(record, layout)
    }

    /// Adds a row whose input is a text. An empty text is missing.
    fn push_text(
        &mut self,
        record: &StringRecord,
        layout: &Layout<'_>,
        texts: &mut Vec<String>,
    ) -> Result<(), DataError> {
        check_fields(record, layout)?;
        for (column, _) in &layout.inputs {
            let text = &record[*column];
            let target =
                |(column, kind): (usize, Kind<'_>)| is_missing(&record[column]) && !kind.has(&record[column]);
            match (text.is_empty() || layout.target.is_some_and(target), self.missing) {
                (true, Missing::Drop) => return Ok(()),
                _ if text.is_empty() => {
                    return Err(DataError::Missing { column: column + 1, name: self.name(*column) });
                }
                _ => texts.push(text.to_owned()),
            }
        }
        self.target(record, layout)
    }

    fn target(&mut self, record: &StringRecord, layout: &Layout<'_>) -> Result<(), DataError> {
        if let Some((column, kind)) = layout.target {
            let target = self.one(column, &record[column], kind)?;
            self.y.push(target);
        }
        Ok(())
    }

    fn input(&mut self, column: usize, field: &str, kind: Kind<'_>, line: u64) -> Result<(), DataError> {
        let missing = is_missing(field) && !kind.has(field);
        let element = match (kind, self.missing) {
            (Kind::OneHot(names), Missing::Fill(_) | Missing::Mean | Missing::Nan) if missing => {
                for _ in names {
                    self.x.push(self.one(column, "0", Kind::Number)?);
                }
                return Ok(());
            }
            (Kind::OneHot(names), _) => {
                let own = self.index(column, field, names)?;
                for index in 0..names.len() {
                    self.x.push(self.one(column, if index == own { "1" } else { "0" }, Kind::Number)?);
                }
                return Ok(());
            }
            (_, Missing::Fill(value)) if missing => self.one(column, &value.to_string(), Kind::Number)?,
            (_, Missing::Nan) if missing => self.one(column, "NaN", Kind::Number)?,
            (Kind::Number, Missing::Mean) if missing => {
                self.holes.push((self.x.len(), column, line));
                E::default()
            }
            (Kind::Number, Missing::Mean) => {
                if self.sums.len() <= column {
                    self.sums.resize(column + 1, (0.0, 0));
                }
                let (sum, count) = &mut self.sums[column];
                *sum += number::<f64>(field).unwrap_or(0.0);
                *count += 1;
                self.one(column, field, kind)?
            }
            _ => self.one(column, field, kind)?,
        };
        self.x.push(element);
        Ok(())
    }

    /// The one element of a field.
    fn one<T: Element + FromStr>(&self, column: usize, field: &str, kind: Kind<'_>) -> Result<T, DataError> {
        let bad = |field: &str, expected: &str| DataError::Field {
            column: column + 1,
            name: self.name(column),
            field: field.to_owned(),
            expected: expected.to_owned(),
        };
        let (Kind::Index(names) | Kind::OneHot(names)) = kind else {
            return number(field).ok_or_else(|| match is_missing(field) {
                true => DataError::Missing { column: column + 1, name: self.name(column) },
                // A number of a file from another country.
                false
                    if field.matches(',').count() == 1 && field.replace(',', ".").parse::<f64>().is_ok() =>
                {
                    let hint = "; a decimal comma is not read: `csv.parse(path, &text.replace(',', \".\"))`";
                    bad(field, &format!("{}{hint}", expected::<T>(field)))
                }
                // The first field of a file: if it is a name, so is the rest of the line.
                false if self.header.is_none() && self.x.is_empty() && field.parse::<f64>().is_err() => {
                    let hint = "; for a line with the names of the columns, call `Csv::header(true)`";
                    bad(field, &format!("{}{hint}", expected::<T>(field)))
                }
                false => bad(field, expected::<T>(field)),
            });
        };
        let index = self.index(column, field, names)?.to_string();
        number(&index).ok_or_else(|| bad(&index, expected::<T>(&index)))
    }

    fn index(&self, column: usize, field: &str, names: &[String]) -> Result<usize, DataError> {
        let (column, name) = (column + 1, self.name(column));
        names.iter().position(|other| other == field).ok_or_else(|| match is_missing(field) {
            true => DataError::Missing { column, name },
            false => {
                let expected = format!("one of {}", names.join(", "));
                DataError::Field { column, name, field: field.to_owned(), expected }
            }
        })
    }

    fn name(&self, column: usize) -> String {
        self.header.and_then(|header| header.get(column)).unwrap_or_default().to_owned()
    }

    /// Fills in the means.
    fn finish(mut self, path: &Path) -> Result<(Vec<E>, Vec<L>), DataError> {
        for (index, column, line) in std::mem::take(&mut self.holes) {
            let mean = match self.sums.get(column) {
                Some((sum, count)) if *count > 0 => sum / *count as f64,
                _ => {
                    let error = DataError::Missing { column: column + 1, name: self.name(column) };
                    return Err(error.at_line(path, line));
                }
            };
            let mean = self.one(column, &mean.to_string(), Kind::Number);
            self.x[index] = mean.map_err(|error| error.at_line(path, line))?;
        }
        Ok((self.x, self.y))
    }
}

impl Kind<'_> {
    /// Whether a text is one of the list.
    fn has(self, field: &str) -> bool {
        matches!(self, Kind::Index(names) | Kind::OneHot(names) if names.iter().any(|name| name == field))
    }
}
