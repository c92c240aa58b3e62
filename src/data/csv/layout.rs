//! The roles of the columns of a table.

use super::super::DataError;
use super::{Column, Csv, Encoding};
use ::csv::StringRecord;

/// The columns of a table, for one shape of inputs.
pub(super) struct Layout<'c> {
    /// The number of fields of each row.
    pub(super) fields: usize,
    /// The columns of the inputs, in the order in which they are read.
    pub(super) inputs: Vec<(usize, Kind<'c>)>,
    /// The column of the target.
    pub(super) target: Option<(usize, Kind<'c>)>,
}

/// How a field becomes numbers.
#[derive(Clone, Copy)]
pub(super) enum Kind<'c> {
    /// It is one.
    Number,
    /// The index of its text in a list.
    Index(&'c [String]),
    /// One number for each text of a list: 1 for its own and 0 for the others.
    OneHot(&'c [String]),
}

impl Kind<'_> {
    fn width(self) -> usize {
        if let Kind::OneHot(names) = self { names.len() } else { 1 }
    }
}

/// Finds the columns of a table by index and by name.
pub(super) struct Columns<'h> {
    header: Option<&'h StringRecord>,
    fields: usize,
}

impl<'h> Columns<'h> {
    pub(super) fn new(header: Option<&'h StringRecord>, fields: usize) -> Self {
        Columns { header, fields }
    }

    pub(super) fn find(&self, column: &Column) -> Result<usize, DataError> {
        let none = |what: String| Err(DataError::Column(what));
        match (column, self.header) {
            (Column::Index(index), _) if *index < self.fields => Ok(*index),
            (Column::Index(index), _) => none(index.to_string()),
            (Column::Name(name), None) => none(format!("{name:?} without a header")),
            (Column::Name(name), Some(header)) => {
                let index = header.iter().position(|other| other == name);
                let names = || header.iter().collect::<Vec<_>>().join(", ");
                index
                    .filter(|index| *index < self.fields)
                    .map_or_else(|| none(format!("{name:?}; the columns are {}", names())), Ok)
            }
        }
    }

    /// The column that is named, or the last one.
    pub(super) fn target(&self, column: Option<&Column>) -> Result<usize, DataError> {
        match column {
            Some(column) => self.find(column),
            None => self.fields.checked_sub(1).ok_or_else(|| DataError::Column("0".to_owned())),
        }
    }
}

impl Csv {
    /// The columns of a table whose header, or first row, has `first` fields, for inputs of this shape.
    pub(super) fn layout(
        &self,
        header: Option<&StringRecord>,
        first: usize,
        shape: &[usize],
        targets: bool,
    ) -> Result<Layout<'_>, DataError> {
        let numel: usize = shape.iter().product();
        let is_one_hot = |(_, encoding, _): &(_, Encoding, _)| *encoding == Encoding::OneHot;
        // Where every column is read as one number, the shape says how many there are.
        let all = self.columns.is_none() && self.dropped.is_empty() && !self.encoded.iter().any(is_one_hot);
        let fields = if all { numel + usize::from(targets) } else { header.map_or(first, StringRecord::len) };
        if first != fields {
            return Err(DataError::Columns { found: first, expected: fields, target: targets });
        }
        let columns = Columns::new(header, fields);
        let mut encoded = vec![Kind::Number; fields];
        for (column, encoding, names) in &self.encoded {
            encoded[columns.find(column)?] = match encoding {
                Encoding::Ordinal => Kind::Index(names),
                Encoding::OneHot => Kind::OneHot(names),
            };
        }
        let target = if targets { Some(columns.target(self.target.as_ref())?) } else { None };
        let dropped =
            self.dropped.iter().map(|column| columns.find(column)).collect::<Result<Vec<_>, _>>()?;
        let inputs: Vec<usize> = match &self.columns {
            Some(chosen) => chosen.iter().map(|column| columns.find(column)).collect::<Result<_, _>>()?,
            None => (0..fields).filter(|column| Some(*column) != target).collect(),
        };
        let inputs: Vec<_> =
            inputs.into_iter().filter(|c| !dropped.contains(c)).map(|c| (c, encoded[c])).collect();
        if inputs.iter().any(|(column, _)| Some(*column) == target) {
            let name = header.and_then(|header| header.get(target?)).unwrap_or("?");
            return Err(DataError::TargetAsInput(name.to_owned()));
        }
        let found = inputs.iter().map(|(_, kind)| kind.width()).sum();
        if found != numel {
            return Err(DataError::Inputs { found, shape: shape.to_vec() });
        }
        let target = target.map(|column| match &self.classes {
            Some(classes) => (column, Kind::Index(classes)),
            None => (column, encoded[column]),
        });
        Ok(Layout { fields, inputs, target })
    }
}
