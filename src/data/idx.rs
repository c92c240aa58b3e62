//! IDX, the format of MNIST.
//!
//! | bytes | |
//! |---|---|
//! | 2 | 0 |
//! | 1 | the type of the elements |
//! | 1 | the number of axes |
//! | 4 each | the sizes, big-endian |
//! | | the elements, big-endian, in row-major order |

use super::binary::{Data, check_shape, check_size};
use super::{DataError, TensorRows};
use crate::element::Element;
use crate::file::kind::Kind;
use crate::file::{format, map};
use crate::shape::Shape;
use std::path::Path;

/// Reads an IDX file, such as those of MNIST: rows of shape `S`, as many as there are.
///
/// Elements keep their values: bytes become numbers from 0 to 255 in any type, and floats are not converted to `i64`.
///
/// ```no_run
/// use typegrad::data::{Dataset, TensorDataset, read_idx};
/// use typegrad::prelude::*;
/// let images = read_idx::<Rank2<28, 28>, f32>("train-images-idx3-ubyte")?;
/// let labels = read_idx::<Rank0, i64>("train-labels-idx1-ubyte")?;
/// let images = images.map_elements(|byte| byte / 255.0).reshape::<Rank3<1, 28, 28>>();
/// let train = TensorDataset::from_rows(images, labels)?.batches::<32>();
/// # Ok::<(), typegrad::data::DataError>(())
/// ```
///
/// # Errors
/// If the file is not well-formed, or its rows have another shape. A file that is compressed must be unpacked first.
pub fn read_idx<S: Shape, E: Element>(path: impl AsRef<Path>) -> Result<TensorRows<S, E>, DataError> {
    let path = path.as_ref();
    let read = || -> Result<_, DataError> {
        let bytes = map::Bytes::of(path)?;
        if bytes.starts_with(&[0x1f, 0x8b]) {
            return Err(DataError::Compressed { path: path.to_owned() });
        }
        parse_idx(&bytes)
    };
    read().map_err(|error| error.at(path))
}

/// Reads the bytes of an IDX file. See [`read_idx`].
///
/// # Errors
/// If they are not well-formed, or the rows have another shape.
pub fn parse_idx<S: Shape, E: Element>(file: &[u8]) -> Result<TensorRows<S, E>, DataError> {
    let Some((&[0, 0, code, rank], rest)) = file.split_first_chunk() else {
        let found = format!("{:?}", &file[..file.len().min(4)]);
        return Err(DataError::Magic { expected: "an IDX file", found, format: format::of(file) });
    };
    let kind = match code {
        0x08 => Kind::U8,
        0x09 => Kind::I8,
        0x0b => Kind::I16,
        0x0c => Kind::I32,
        0x0d => Kind::F32,
        0x0e => Kind::F64,
        _ => return Err(DataError::Header(format!("there is no type of elements {code:#04x}"))),
    };
    let rank = usize::from(rank);
    let Some((sizes, bytes)) = rest.split_at_checked(4 * rank) else {
        return Err(DataError::Header(format!("it ends within the sizes of {rank} axes")));
    };
    let shape: Vec<u64> = sizes.as_chunks().0.iter().map(|size| u32::from_be_bytes(*size).into()).collect();
    check_size(kind, &shape, bytes)?;
    let len = check_shape::<S>(&shape, true)?;
    Ok(TensorRows::new(Data { kind, big_endian: true, bytes }.elements()?, len))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;
    use proptest::prelude::*;

    fn file(code: u8, sizes: &[u32], elements: &[u8]) -> Vec<u8> {
        let mut file = vec![0, 0, code, sizes.len() as u8];
        sizes.iter().for_each(|size| file.extend(size.to_be_bytes()));
        file.extend(elements);
        file
    }

    fn text<S: Shape, E: Element>(bytes: &[u8]) -> String {
        parse_idx::<S, E>(bytes).unwrap_err().to_string()
    }

    #[test]
    fn every_type_of_element_keeps_its_values() {
        let rows = parse_idx::<Rank2<1, 2>, f32>(&file(8, &[2, 1, 2], &[0, 1, 128, 255])).unwrap();
        assert_eq!((rows.len(), rows.as_slice()), (2, &[0.0, 1.0, 128.0, 255.0][..]));
        assert_eq!(parse_idx::<(), i64>(&file(9, &[2], &[0xff, 5])).unwrap().as_slice(), [-1, 5]);
        assert_eq!(parse_idx::<(), f64>(&file(0xb, &[1], &[0xff, 0xfe])).unwrap().as_slice(), [-2.0]);
        assert_eq!(parse_idx::<(), i64>(&file(0xc, &[1], &[0, 1, 0, 2])).unwrap().as_slice(), [65538]);
        let bytes = [1.5_f32.to_be_bytes(), f32::NEG_INFINITY.to_be_bytes()].concat();
        let rows = parse_idx::<Rank1<2>, f32>(&file(0xd, &[1, 2], &bytes)).unwrap();
        assert_eq!(rows.as_slice(), [1.5, f32::NEG_INFINITY]);
        let rows = parse_idx::<(), f64>(&file(0xe, &[1], &(-0.1_f64).to_be_bytes())).unwrap();
        assert_eq!(rows.as_slice(), [-0.1]);
        assert!(parse_idx::<Rank2<28, 28>, f32>(&file(8, &[0, 28, 28], &[])).unwrap().is_empty());
    }

    #[test]
    fn a_wrong_shape_is_an_error_with_the_numbers() {
        let images = file(8, &[2, 1, 2], &[0, 1, 128, 255]);
        assert_eq!(
            text::<Rank2<2, 1>, f32>(&images),
            "the file has the shape [2, 1, 2], but the tensor has the shape [N, 2, 1]"
        );
        assert_eq!(
            text::<(), f32>(&file(0xe, &[0], &[])),
            "elements of type float64 cannot be converted to float32 without loss"
        );
        assert_eq!(
            text::<(), i64>(&file(0xd, &[0], &[])),
            "elements of type float32 cannot be converted to int64 without loss"
        );
        assert_eq!(
            text::<(), f32>(&file(0xc, &[0], &[])),
            "elements of type int32 cannot be converted to float32 without loss"
        );
        assert_eq!(
            text::<Rank2<1, 2>, f32>(&images[..19]),
            "uint8 elements of shape [2, 1, 2] need 4 bytes, but 3 are there"
        );
        assert_eq!(
            text::<(), f32>(&images[..10]),
            "the header is malformed: it ends within the sizes of 3 axes"
        );
        assert_eq!(text::<(), f32>(b"\x89PNG"), "it is not an IDX file: it begins with [137, 80, 78, 71]");
        assert_eq!(text::<(), f32>(&[0, 0]), "it is not an IDX file: it begins with [0, 0]");
        assert_eq!(
            text::<(), f32>(&file(7, &[1], &[0])),
            "the header is malformed: there is no type of elements 0x07"
        );
        // 2^128 bytes, of which there is none.
        assert_eq!(
            text::<Rank3<1, 1, 1>, f32>(&file(8, &[u32::MAX; 4], &[])),
            format!("uint8 elements of shape {:?} need more bytes, but 0 are there", [u32::MAX; 4])
        );
    }

    #[test]
    fn a_compressed_file_is_an_error_that_names_gunzip() {
        let path = std::env::temp_dir().join(format!("typegrad-{}-idx.gz", std::process::id()));
        std::fs::write(&path, [0x1f, 0x8b, 8, 0]).unwrap();
        let error = read_idx::<(), f32>(&path).unwrap_err().to_string();
        assert_eq!(error, format!("it is compressed; unpack it first: gunzip {}", path.display()));
        std::fs::write(&path, []).unwrap();
        let error = read_idx::<(), f32>(&path).unwrap_err().to_string();
        assert_eq!(error, format!("{}: it is not an IDX file: it begins with []", path.display()));
        std::fs::remove_file(&path).unwrap();
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_are_it_is_rows_or_an_error(
            changes in prop::collection::vec((0_usize..20, any::<u8>()), 0..4),
            cut in 0_usize..=20,
        ) {
            let mut file = file(8, &[2, 1, 2], &[0, 1, 128, 255]);
            changes.into_iter().for_each(|(place, byte)| file[place] = byte);
            file.truncate(cut);
            if let Ok(rows) = parse_idx::<Rank2<1, 2>, f32>(&file) {
                prop_assert_eq!(rows.as_slice().len(), 2 * rows.len());
            }
        }
    }
}
