//! Archives of NumPy arrays.

use super::npy::{check_header, header, parse, write_elements};
use super::{DataError, TensorRows};
use crate::element::Element;
use crate::file::{atomic, format};
use crate::graph::Graph;
use crate::shape::Shape;
use crate::tensor::Tensor;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Reads an archive of arrays, as NumPy's `np.savez` and `np.savez_compressed` write it. NumPy's `np.load`.
///
/// ```
/// use typegrad::data::{Npz, NpzWriter};
/// use typegrad::prelude::*;
/// let path = std::env::temp_dir().join("typegrad-doc.npz");
/// let mut writer = NpzWriter::new();
/// writer.add("x", &Tensor::from([[1.0_f32, 2.0], [3.0, 4.0]]))?;
/// writer.add("labels", &Tensor::from([1, 0]))?;
/// writer.save(&path)?;
///
/// let mut file = Npz::open(&path)?;
/// assert_eq!(file.names(), ["x", "labels"]);
/// let x: Tensor<Rank2<2, 2>> = file.tensor("x")?;
/// let labels = file.rows::<Rank0, i64>("labels")?; // as many as there are
/// assert_eq!((x.sum().item(), labels.as_slice()), (10.0, &[1, 0][..]));
/// # std::fs::remove_file(path)?;
/// # Ok::<(), typegrad::data::DataError>(())
/// ```
#[derive(Debug)]
pub struct Npz {
    path: PathBuf,
    archive: ZipArchive<BufReader<File>>,
    limit: u64,
}

/// The default limit, in bytes, for an array whose number of rows is not in its type.
const LIMIT: u64 = 1 << 32;

/// More bytes than the header that NumPy writes in front of the elements.
const HEADER: u64 = 1 << 16;

impl Npz {
    /// Opens an archive. Arrays are read on demand.
    ///
    /// # Errors
    /// If it cannot be read, or is not an archive.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref();
        let open = || {
            let mut file = BufReader::new(File::open(path)?);
            let start = file.fill_buf()?;
            if let Some(format) = format::of(start).filter(|_| !start.starts_with(b"PK")) {
                let found = format!("{:?}", String::from_utf8_lossy(&start[..start.len().min(6)]));
                return Err(DataError::Magic { expected: "an npz file", found, format: Some(format) });
            }
            ZipArchive::new(file).map_err(|error| DataError::Archive(error.to_string()))
        };
        let archive = open().map_err(|error| error.at(path))?;
        Ok(Npz { path: path.to_owned(), archive, limit: LIMIT })
    }

    /// Sets how many bytes an array read by [`rows`](Self::rows) may unpack to; 4 GiB by default. A compressed file can unpack to a
    /// thousand times its size, and the sizes in its header are not trusted. [`tensor`](Self::tensor) needs no limit, because
    /// its type has the size.
    #[must_use]
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// The names of the arrays, in the order of the archive.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let names = self.archive.file_names().filter_map(Result::ok);
        names.map(|name| name.strip_suffix(".npy").unwrap_or(&name).to_owned()).collect()
    }

    /// Reads the array of this name. Its shape must be `S`.
    ///
    /// # Errors
    /// If the archive lacks the array, if it is malformed, or if its shape or element type differs. The error names the file.
    pub fn tensor<S: Shape, E: Element>(&mut self, name: &str) -> Result<Tensor<S, E>, DataError> {
        self.array::<S, E>(name, false).map(|rows| Tensor::constant(rows.into_storage()))
    }

    /// Reads the array of this name, of any number of rows of shape `S`.
    ///
    /// # Errors
    /// As [`tensor`](Self::tensor), and if the array is larger than the [`limit`](Self::limit).
    pub fn rows<S: Shape, E: Element>(&mut self, name: &str) -> Result<TensorRows<S, E>, DataError> {
        self.array(name, true)
    }

    fn array<S: Shape, E: Element>(&mut self, name: &str, rows: bool) -> Result<TensorRows<S, E>, DataError> {
        let names = self.names().join(", ");
        let mut read = || {
            let archive = |error: zip::result::ZipError| match error {
                zip::result::ZipError::FileNotFound => DataError::NoArray(name.to_owned(), names.clone()),
                other => DataError::Archive(other.to_string()),
            };
            let entry = self.archive.by_name(&format!("{name}.npy")).map_err(archive)?;
            // Nothing is allocated by the size in the header of the archive, which may be wrong.
            let mut bytes = Vec::new();
            let limit = if rows { self.limit } else { HEADER + 8 * S::NUMEL as u64 };
            entry.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
            let array = |error| DataError::Array { name: name.to_owned(), problem: Box::new(error) };
            if bytes.len() as u64 > limit {
                if !rows {
                    check_header::<S>(&bytes).map_err(array)?;
                }
                return Err(DataError::TooLarge { name: name.to_owned(), limit });
            }
            let (elements, len) = parse::<S, E>(&bytes, rows).map_err(array)?;
            Ok(TensorRows::new(elements, len))
        };
        read().map_err(|error: DataError| error.at(&self.path))
    }
}

/// Collects arrays for an archive. NumPy's `np.savez_compressed(path, x=x, labels=labels)`. See [`Npz`].
#[derive(Debug)]
pub struct NpzWriter {
    archive: ZipWriter<Cursor<Vec<u8>>>,
    names: Vec<String>,
}

impl NpzWriter {
    /// An archive without arrays.
    #[must_use]
    pub fn new() -> Self {
        NpzWriter { archive: ZipWriter::new(Cursor::new(Vec::new())), names: Vec::new() }
    }

    /// Adds an array.
    ///
    /// # Errors
    /// If there is an array of this name already.
    pub fn add<S: Shape, E: Element, C, F>(
        &mut self,
        name: &str,
        tensor: &Tensor<S, E, Graph<C, F>>,
    ) -> Result<(), DataError> {
        if self.names.iter().any(|other| other == name) {
            return Err(DataError::Archive(format!("the name {name:?} is taken")));
        }
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let error = |error: zip::result::ZipError| DataError::Archive(error.to_string());
        self.archive.start_file(format!("{name}.npy"), options).map_err(error)?;
        self.archive.write_all(&header::<S, E>())?;
        // In memory, where small writes cost a call of the compressor each.
        let mut bytes = Vec::new();
        write_elements(&mut bytes, tensor.as_slice())?;
        self.archive.write_all(&bytes)?;
        self.names.push(name.to_owned());
        Ok(())
    }

    /// Writes the archive, whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be written; an existing file stays as it was.
    pub fn save(self, path: impl AsRef<Path>) -> Result<(), DataError> {
        let path = path.as_ref();
        let bytes = self.archive.finish().map_err(|error| DataError::Archive(error.to_string()).at(path))?;
        atomic::write(path, |file| file.write_all(bytes.get_ref()))
            .map_err(|error| DataError::from(error).at(path))
    }
}

impl Default for NpzWriter {
    fn default() -> Self {
        NpzWriter::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    fn temporary(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("typegrad-{name}-{}.npz", std::process::id()))
    }

    /// tests/fixtures/npy/numpy.npz is `np.savez_compressed(path, a=np.arange(6).reshape(2, 3), b=np.float32([0.5, -1.5]))`, and
    /// stored.npz the same by `np.savez`.
    #[test]
    fn archives_of_numpy_are_read() {
        for name in ["numpy", "stored"] {
            let mut file = Npz::open(format!("tests/fixtures/npy/{name}.npz")).unwrap();
            assert_eq!(file.names(), ["a", "b"]);
            assert_eq!(file.tensor::<Rank2<2, 3>, i64>("a").unwrap(), Tensor::from([[0, 1, 2], [3, 4, 5]]));
            assert_eq!(file.rows::<Rank0, f32>("b").unwrap().as_slice(), [0.5, -1.5]);
            let error = file.tensor::<Rank1<2>, f32>("c").unwrap_err().to_string();
            assert_eq!(
                error,
                format!("tests/fixtures/npy/{name}.npz: there is no array \"c\"; there are a, b")
            );
            let error = file.tensor::<Rank1<2>, i64>("a").unwrap_err().to_string();
            assert!(
                error.starts_with(&format!(
                    "tests/fixtures/npy/{name}.npz: the array \"a\": the file has the shape"
                )),
                "{error}"
            );
        }
    }

    #[test]
    fn a_file_that_is_not_an_archive_is_an_error_with_its_name() {
        let path = temporary("wrong");
        std::fs::write(&path, b"PK\x03\x04 no archive").unwrap();
        let error = Npz::open(&path).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
        std::fs::remove_file(&path).unwrap();
        assert!(Npz::open(&path).is_err());
        let mut writer = NpzWriter::new();
        writer.add("x", &Tensor::from([1.0])).unwrap();
        assert_eq!(writer.add("x", &Tensor::from([2.0])).unwrap_err().to_string(), "the name \"x\" is taken");
    }

    /// A file of 20 kB that unpacks to 16 MB.
    #[test]
    fn a_small_file_does_not_fill_the_memory() {
        let path = temporary("bomb");
        let mut writer = NpzWriter::new();
        writer.add("zeros", &Tensor::<Rank2<2000, 1000>, f64>::zeros()).unwrap();
        writer.save(&path).unwrap();
        assert!(std::fs::metadata(&path).unwrap().len() < 40_000);
        let mut file = Npz::open(&path).unwrap().limit(1_000_000);
        let error = file.rows::<Rank1<1000>, f64>("zeros").unwrap_err().to_string();
        let expected =
            "the array \"zeros\" has more than 1000000 bytes when unpacked; `Npz::limit` allows more";
        assert_eq!(error, format!("{}: {expected}", path.display()));
        // Of a tensor no more is unpacked than it has.
        let error = file.tensor::<Rank1<3>, f64>("zeros").unwrap_err().to_string();
        assert!(error.contains("the file has the shape"), "{error}");
        assert_eq!(file.limit(16_000_128).rows::<Rank1<1000>, f64>("zeros").unwrap().len(), 2000);
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn every_kind_of_element_comes_back() {
        let path = temporary("kinds");
        let mut writer = NpzWriter::new();
        writer.add("f", &Tensor::from([[1.5_f64, f64::NAN]])).unwrap();
        writer.add("m", &Tensor::from([true, false])).unwrap();
        writer.add("s", &Tensor::from(3_i64)).unwrap();
        writer.save(&path).unwrap();
        let mut file = Npz::open(&path).unwrap();
        assert!(file.tensor::<Rank2<1, 2>, f64>("f").unwrap().as_slice()[1].is_nan());
        assert_eq!(file.tensor::<Rank1<2>, bool>("m").unwrap(), Tensor::from([true, false]));
        assert_eq!(file.tensor::<Rank0, i64>("s").unwrap().item(), 3);
        std::fs::remove_file(&path).unwrap();
    }
}
