//! Files of NumPy, and files that are none.

use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use typegrad::data::{DataError, read_npy, read_npy_rows, write_npy};
use typegrad::prelude::*;

const MAGIC: &[u8] = b"\x93NUMPY";

/// A path of a file that no other test writes.
fn temporary() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("typegrad-{}-{count}.npy", std::process::id()))
}

/// The elements of a file with these bytes, and its number of rows.
fn parse<S: Shape, E: Element>(bytes: &[u8], rows: bool) -> Result<(Vec<E>, usize), DataError> {
    let path = temporary();
    std::fs::write(&path, bytes).unwrap();
    let read = match rows {
        true => read_npy_rows::<S, E>(&path).map(|rows| (rows.as_slice().to_vec(), rows.len())),
        false => read_npy::<S, E>(&path).map(|x| (x.to_vec(), 1)),
    };
    std::fs::remove_file(&path).unwrap();
    read
}

fn numpy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/npy").join(name)
}

fn read<S: Shape, E: Element>(name: &str) -> Tensor<S, E> {
    read_npy(numpy(name)).unwrap()
}

fn problem<S: Shape, E: Element>(bytes: &[u8]) -> String {
    parse::<S, E>(bytes, false).unwrap_err().problem().to_string()
}

#[test]
fn files_of_numpy_are_read() {
    assert_eq!(read::<Rank2<2, 3>, f32>("f32.npy"), Tensor::from([[-1.0, -0.5, 0.0], [0.5, 1.0, 1.5]]));
    let x = read::<Rank3<2, 3, 4>, f64>("f64_fortran.npy");
    assert_eq!(x, Tensor::from_fn(|i| i as f64 / 8.0));
    assert_eq!(
        read_npy_rows::<Rank2<3, 4>, f64>(numpy("f64_fortran.npy")).unwrap().row(1),
        &x.as_slice()[12..]
    );
    assert_eq!(read::<Rank1<3>, i64>("i64.npy"), Tensor::from([i64::MIN, i64::MAX, 7]));
    assert_eq!(read::<Rank2<2, 2>, i64>("u8.npy"), Tensor::from([[0, 255], [1, 2]]));
    assert_eq!(read::<Rank2<2, 2>, f32>("u8.npy").to_vec(), [0.0, 255.0, 1.0, 2.0]);
    assert_eq!(read::<Rank1<2>, bool>("bool.npy"), Tensor::from([true, false]));
    assert_eq!(read::<Rank1<2>, f32>("big_endian.npy"), Tensor::from([1.5, -2.0]));
    assert_eq!(read::<Rank1<2>, f32>("f16.npy"), Tensor::from([1.5, 65504.0]));
    assert_eq!(read::<Rank1<2>, f64>("big_endian.npy"), Tensor::from([1.5, -2.0]));
    assert_eq!(read::<Rank0, f64>("scalar.npy").item(), 0.1);
    assert!(read_npy_rows::<Rank1<3>, f32>(numpy("empty.npy")).unwrap().is_empty());
    for name in ["version_2.npy", "version_3.npy"] {
        assert_eq!(read::<Rank1<2>, f64>(name), Tensor::from([1.0, 2.0]));
    }
}

#[test]
fn files_are_written_as_numpy_writes_them() {
    let path = temporary();
    let check = |name: &str, write: &dyn Fn(&Path) -> Result<(), DataError>| {
        write(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), std::fs::read(numpy(name)).unwrap(), "{name}");
    };
    check("f32.npy", &|path| write_npy(path, &read::<Rank2<2, 3>, f32>("f32.npy")));
    check("i64.npy", &|path| write_npy(path, &read::<Rank1<3>, i64>("i64.npy")));
    check("bool.npy", &|path| write_npy(path, &read::<Rank1<2>, bool>("bool.npy")));
    check("scalar.npy", &|path| write_npy(path, &read::<Rank0, f64>("scalar.npy")));
    check("empty.npy", &|path| write_npy(path, &read::<Rank2<0, 3>, f32>("empty.npy")));
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn a_wrong_shape_or_type_is_an_error_with_both() {
    let path = numpy("f32.npy");
    let error = read_npy::<Rank2<3, 2>, f32>(&path).unwrap_err().to_string();
    let shapes = "the file has the shape [2, 3], but the tensor has the shape [3, 2]";
    assert_eq!(error, format!("{}: {shapes}", path.display()));
    let error = read_npy_rows::<Rank1<2>, f32>(&path).unwrap_err().to_string();
    assert!(error.ends_with("the file has the shape [2, 3], but the tensor has the shape [N, 2]"), "{error}");
    let error = |name| read_npy::<Rank1<1>, f32>(numpy(name)).unwrap_err().problem().to_string();
    assert_eq!(error("u64.npy"), "elements of type uint64 cannot be converted to float32 without loss");
    assert_eq!(error("structured.npy"), "elements of type record are not supported");
    let error = read_npy::<Rank1<3>, f64>(numpy("i64.npy")).unwrap_err().problem().to_string();
    assert_eq!(error, "elements of type int64 cannot be converted to float64 without loss");
    assert!(read_npy::<Rank1<2>, f32>(numpy("bool.npy")).is_err());
    assert!(read_npy::<Rank1<2>, bool>(numpy("f16.npy")).is_err());
}

/// A file with this dictionary and these data.
fn file(dict: &str, data: &[u8]) -> Vec<u8> {
    [MAGIC, &[1, 0], &(dict.len() as u16).to_le_bytes(), dict.as_bytes(), data].concat()
}

#[test]
fn malformed_files_are_errors_that_say_where() {
    let good = std::fs::read(numpy("f32.npy")).unwrap();
    assert_eq!(problem::<(), f32>(b"\x93NUMP"), "it is not an npy file: it begins with \"\u{fffd}NUMP\"");
    assert_eq!(problem::<(), f32>(&good[..100]), "the header is malformed: the file ends within it");
    let short = problem::<Rank2<2, 3>, f32>(&good[..good.len() - 1]);
    assert_eq!(short, "float32 elements of shape [2, 3] need 24 bytes, but 23 are there");
    let mut other = good.clone();
    other[6] = 4;
    assert_eq!(problem::<(), f32>(&other), "version 4.0 of the format is not known");
    let malformed = |dict: &str| problem::<(), f32>(&file(dict, &[]));
    let f32s = |shape: &str| format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}}}");
    assert_eq!(
        malformed(&f32s("(1000000, 1000000000)")),
        "float32 elements of shape [1000000, 1000000000] need 4000000000000000 bytes, but 0 are there"
    );
    assert!(malformed(&f32s("(9000000000, 9000000000, 3)")).contains("need more bytes, but 0 are there"));
    assert!(malformed(&f32s("(0, 9000000000000000000)")).contains("but the tensor has the shape []"));
    for (dict, text) in [
        (f32s("(-1,)"), "\"\" is not a size"),
        (f32s("(2M, 3)"), "\")\" should be where \"M, 3)}\" is"),
        (f32s("(2LL,)"), "\")\" should be where \"L,)}\" is"),
        (f32s("(L,)"), "\"\" is not a size"),
        (f32s("(99999999999999999999,)"), "\"99999999999999999999\" is not a size"),
        (f32s("(1 2)"), "\")\" should be where \"2)}\" is"),
        (f32s("()") + "x", "\"x\" follows its end"),
        ("{'descr': '<f4'}".into(), "one of 'descr', 'fortran_order' and 'shape' is missing"),
        ("{'descr': 'xf4', 'fortran_order': True, 'shape': ()}".into(), "\"xf4\" is not understood"),
        ("{'name': 1}".into(), "\"name\" is not understood"),
        ("{'descr".into(), "a text does not end"),
        ("[]".into(), "\"{\" should be where \"[]\" is"),
    ] {
        assert_eq!(malformed(&dict), format!("the header is malformed: {text}"));
    }
    let bools = file("{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", &[1, 2]);
    assert_eq!(
        problem::<Rank1<2>, bool>(&bools),
        "the header is malformed: element 1 is the byte 2, not a bool (0 or 1)"
    );
}

#[test]
fn sizes_of_python_2_have_an_l() {
    let data: Vec<u8> = (0..6).flat_map(|i| (i as f32).to_le_bytes()).collect();
    let read = |shape: &str, data: &[u8]| {
        let dict = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n");
        let file = file(&dict, data);
        (
            parse::<Rank2<2, 3>, f32>(&file, false).is_ok(),
            parse::<Rank1<3>, f32>(&file, true).map(|x| x.1).ok(),
        )
    };
    for shape in ["(2L, 3L)", "(2, 3L)", "(2L, 3)", "( 2L , 3L )", "(2L,3L,)"] {
        assert_eq!(read(shape, &data), (true, Some(2)), "{shape}");
    }
    assert_eq!(read("(0L, 3L)", &[]), (false, Some(0)));
    let file =
        |shape: &str| file(&format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}}}"), &data);
    assert_eq!(parse::<Rank1<6>, f32>(&file("(6L,)"), false).unwrap().0.as_slice()[5], 5.0);
}

/// The value 1 in every type of elements, in both orders of bytes, as every type that has all its values.
#[test]
fn every_type_of_elements_becomes_those_that_have_its_values() {
    let kinds: [(&str, &[u8], [bool; 3]); 11] = [
        ("u1", &[1], [true; 3]),
        ("i1", &[1], [true; 3]),
        ("u2", &[1, 0], [true; 3]),
        ("i2", &[1, 0], [true; 3]),
        ("u4", &[1, 0, 0, 0], [false, true, true]),
        ("i4", &[1, 0, 0, 0], [false, true, true]),
        ("u8", &[1, 0, 0, 0, 0, 0, 0, 0], [false, false, true]),
        ("i8", &[1, 0, 0, 0, 0, 0, 0, 0], [false, false, true]),
        ("f2", &[0, 0x3c], [true, true, false]),
        ("f4", &[0, 0, 0x80, 0x3f], [true, true, false]),
        ("f8", &[0, 0, 0, 0, 0, 0, 0xf0, 0x3f], [false, true, false]),
    ];
    for (kind, bytes, becomes) in kinds {
        for order in ["<", ">"] {
            let mut bytes = bytes.to_vec();
            if order == ">" {
                bytes.reverse();
            }
            let dict = format!("{{'descr': '{order}{kind}', 'fortran_order': False, 'shape': ()}}");
            let file = file(&dict, &bytes);
            let found = [
                parse::<(), f32>(&file, false).map(|x| x.0.as_slice() == [1.0]).unwrap_or(false),
                parse::<(), f64>(&file, false).map(|x| x.0.as_slice() == [1.0]).unwrap_or(false),
                parse::<(), i64>(&file, false).map(|x| x.0.as_slice() == [1]).unwrap_or(false),
            ];
            assert_eq!(found, becomes, "{order}{kind}");
        }
    }
    for (order, bytes) in [("<", [0, 0, 0, 0, 0, 0, 0, 0x80]), (">", [0x80, 0, 0, 0, 0, 0, 0, 0])] {
        let dict = format!("{{'descr': '{order}u8', 'fortran_order': False, 'shape': ()}}");
        assert_eq!(
            problem::<(), i64>(&file(&dict, &bytes)),
            "elements of type uint64 cannot be converted to int64 without loss"
        );
    }
}

proptest! {
    #[test]
    fn whatever_the_bytes_are_it_is_a_tensor_or_an_error(
        changes in prop::collection::vec((0_usize..152, any::<u8>()), 0..4),
        cut in 0_usize..=152,
        fortran in any::<bool>(),
    ) {
        let order = if fortran { "True" } else { "False" };
        let dict = format!("{{'descr': '<f4', 'fortran_order': {order}, 'shape': (2, 3), }}");
        let mut file = file(&format!("{dict:118}"), &[7; 24]);
        for (place, byte) in changes {
            file[place] = byte;
        }
        file.truncate(cut);
        if let Ok((data, _)) = parse::<Rank2<2, 3>, f32>(&file, false) {
            prop_assert_eq!(data.len(), 6);
        }
        if let Ok((data, rows)) = parse::<Rank1<3>, f32>(&file, true) {
            prop_assert_eq!(data.len(), 3 * rows);
        }
    }
}
