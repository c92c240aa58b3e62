//! Tables of numbers and names as text.

use super::{DataError, TensorDataset, TensorRows};
use crate::element::Element;
use crate::file::map;
use crate::shape::Shape;
use std::path::Path;
use std::str::FromStr;

mod field;
mod layout;
mod table;

/// Reads files of comma-separated values: one example a line.
///
/// Bools and integers are also read as other programs write them: `True`, `TRUE`, `1.0`. Options choose the columns,
/// give numbers to names, and say what to do where a value is missing. pandas' `read_csv`.
///
/// ```
/// use typegrad::data::{Csv, Dataset, Missing};
/// use typegrad::prelude::*;
/// let text = "width,length,kind\n0.5,1.5,0\n2.5,-1,1\n";
/// let flowers = Csv::new().header(true).parse::<Rank1<2>, f32, i64>("flowers.csv", text)?;
/// assert_eq!(flowers.inputs().row(1), [2.5, -1.0]);
/// assert_eq!(flowers.targets().as_slice(), [0, 1]);
///
/// let text = "# of 2024\nid,width,color,kind\n7,0.5,red,rose\n8,NA,blue,iris\n";
/// let csv = Csv::new().header(true).comment(b'#').drop_columns(["id"]).one_hot("color", ["blue", "red"]);
/// let csv = csv.target("kind").classes(["iris", "rose"]).missing(Missing::Fill(0.0));
/// let flowers = csv.parse::<Rank1<3>, f32, i64>("flowers.csv", text)?;
/// assert_eq!(flowers.inputs().as_slice(), [0.5, 0.0, 1.0, 0.0, 1.0, 0.0]);
/// assert_eq!(flowers.targets().as_slice(), [1, 0]);
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
    comment: Option<u8>,
    target: Option<Column>,
    classes: Option<Vec<String>>,
    columns: Option<Vec<Column>>,
    dropped: Vec<Column>,
    encoded: Vec<(Column, Encoding, Vec<String>)>,
    missing: Missing,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// By its index, counted from 0.
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

impl From<String> for Column {
    fn from(name: String) -> Self {
        Column::Name(name)
    }
}

/// The treatment of missing inputs: the field is empty, or `NA`, `N/A`, `#N/A`, `<NA>`, `NaN`, `NULL`, `None`
/// or `?`. A missing target is never filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Missing {
    /// It is an error that names the line and the column; but `NaN` is a number where numbers are floats.
    #[default]
    Error,
    /// The row is left out. pandas' `dropna`.
    Drop,
    /// It is this number; of a column in one-hot form, zeros. pandas' `fillna`.
    Fill(f64),
    /// It is the mean of the other values of the column in this file; of a column in one-hot form, zeros. scikit-learn's
    /// `SimpleImputer`. For the means of a training set in other files, use [`Nan`](Self::Nan).
    Mean,
    /// It is NaN, for [`TensorRows::fillna`]; of a column in one-hot form, zeros. An error where the inputs are not floats.
    Nan,
}

/// How the names of a column become numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Ordinal,
    OneHot,
}

impl Default for Csv {
    fn default() -> Self {
        Csv::new()
    }
}

fn texts(names: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}

impl Csv {
    /// A reader with the default options: no header, commas, no comments, the target in the last column; a missing value is an error.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `Csv::new().header(true).delimiter(b';')`
        Csv {
            header: false,
            delimiter: b',',
            comment: None,
            target: None,
            classes: None,
            columns: None,
            dropped: Vec::new(),
            encoded: Vec::new(),
            missing: Missing::Error,
        }
    }

    /// Sets whether the first line has the names of the columns. A line of numbers that are not all integers, such as `5.1`, has
    /// none, unless the program chooses a column by its name: it is an error, and no example is lost.
    #[must_use]
    pub fn header(mut self, header: bool) -> Self {
        self.header = header;
        self
    }

    /// Sets the delimiter between fields: `b';'`, `b'\t'`.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// Sets the first byte of lines that are comments: `b'#'`.
    #[must_use]
    pub fn comment(mut self, comment: u8) -> Self {
        self.comment = Some(comment);
        self
    }

    /// Sets the column of the target, by its index, from 0, or by its name.
    #[must_use]
    pub fn target(mut self, column: impl Into<Column>) -> Self {
        self.target = Some(column.into());
        self
    }

    /// Sets the names of the classes: a target is the index of its name. [`class_names`](Self::class_names) finds them.
    /// scikit-learn's `LabelEncoder`.
    #[must_use]
    pub fn classes(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.classes = Some(texts(names));
        self
    }

    /// Sets the columns of the inputs, in this order; all but the target by default. pandas' `usecols`.
    #[must_use]
    pub fn columns(mut self, columns: impl IntoIterator<Item = impl Into<Column>>) -> Self {
        self.columns = Some(columns.into_iter().map(Into::into).collect());
        self
    }

    /// Skips these columns. pandas' `drop(columns=..)`.
    #[must_use]
    pub fn drop_columns(mut self, columns: impl IntoIterator<Item = impl Into<Column>>) -> Self {
        self.dropped.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Encodes a column of names as indices into this list. scikit-learn's `OrdinalEncoder`.
    #[must_use]
    pub fn ordinal(
        mut self,
        column: impl Into<Column>,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.encoded.push((column.into(), Encoding::Ordinal, texts(names)));
        self
    }

    /// Encodes a column of K names as K inputs: 1 for the name and 0 for the others. scikit-learn's `OneHotEncoder`.
    #[must_use]
    pub fn one_hot(
        mut self,
        column: impl Into<Column>,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.encoded.push((column.into(), Encoding::OneHot, texts(names)));
        self
    }

    /// Sets the treatment of missing inputs.
    #[must_use]
    pub fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// The texts of the target in a file, each once and sorted, for [`classes`](Self::classes). scikit-learn's
    /// `LabelEncoder.classes_`.
    ///
    /// ```
    /// use typegrad::data::Csv;
    /// let csv = Csv::new().header(true);
    /// let text = "width,kind\n1,rose\n2,iris\n3,rose\n";
    /// assert_eq!(csv.parse_class_names("flowers.csv", text)?, ["iris", "rose"]);
    /// let error = csv.parse_class_names::<3>("flowers.csv", text).unwrap_err();
    /// assert_eq!(error.to_string(), "flowers.csv: 2 classes, but there should be 3: iris, rose");
    /// # Ok::<(), typegrad::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// If there are not exactly `K`, or the file cannot be read.
    pub fn class_names<const K: usize>(&self, path: impl AsRef<Path>) -> Result<[String; K], DataError> {
        let path = path.as_ref();
        let file = map::Bytes::of(path).map_err(|error| DataError::from(error).at(path))?;
        self.names(path, &file)
    }

    /// The same from text. The name is that of the file in errors.
    ///
    /// # Errors
    /// Those of [`class_names`](Self::class_names).
    pub fn parse_class_names<const K: usize>(
        &self,
        name: &str,
        text: &str,
    ) -> Result<[String; K], DataError> {
        self.names(Path::new(name), text.as_bytes())
    }

    /// Reads a file of inputs of shape `S` with one target each.
    ///
    /// # Errors
    /// With the file, the line and the column: a line that has another number of fields, a field that is not a number, a value that
    /// is missing; columns that do not exist, or are not as many as the elements of `S`.
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

    /// Reads a file of texts with one target each: the inputs are one column, and a text is everything between its delimiters or
    /// quotes. The texts become tokens with a tokenizer of [`text`](super::text).
    ///
    /// ```
    /// use typegrad::data::text::WordTokenizer;
    /// use typegrad::data::{Csv, Dataset};
    /// use typegrad::prelude::*;
    /// let text = "id,review,kind\n1,\"warm, funny\",good\n2,dull and slow,bad\n";
    /// let csv = Csv::new().header(true).drop_columns(["id"]).classes(["bad", "good"]);
    /// let reviews = csv.parse_texts::<i64>("reviews.csv", text)?;
    /// assert_eq!(reviews, [("warm, funny".to_owned(), 1), ("dull and slow".to_owned(), 0)]);
    /// let words = WordTokenizer::<8>::build(reviews.iter().map(|(text, _)| text.as_str()))?;
    /// let examples = reviews.map(|(text, kind)| (words.encode_fixed::<4>(&text), kind));
    /// let _: (Tensor<Rank1<4>, i64>, i64) = examples.get(0);
    /// # Ok::<(), typegrad::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// With the file, the line and the column: those of [`read`](Self::read), and a text that is empty, unless
    /// [`Missing::Drop`] leaves it out.
    pub fn read_texts<L>(&self, path: impl AsRef<Path>) -> Result<Vec<(String, L)>, DataError>
    where
        L: Element + FromStr,
    {
        let path = path.as_ref();
        let file = map::Bytes::of(path).map_err(|error| DataError::from(error).at(path))?;
        self.texts(path, &file)
    }

    /// The same from text. The name is that of the file in errors.
    ///
    /// # Errors
    /// Those of [`read_texts`](Self::read_texts).
    pub fn parse_texts<L>(&self, name: &str, text: &str) -> Result<Vec<(String, L)>, DataError>
    where
        L: Element + FromStr,
    {
        self.texts(Path::new(name), text.as_bytes())
    }

    /// Reads a file of rows of shape `S` without targets.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
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
}

#[cfg(test)]
mod tests;
