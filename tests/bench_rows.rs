//! The rows of benchmarks are those of their scripts for PyTorch, and each operation has one or is in a list of those that
//! share it.

mod common;

use common::{FAMILIES, OTHERS, code, key, methods_of_tensors, operation, read};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The files of rows: those of the families, and of what is none.
fn groups() -> Vec<&'static str> {
    FAMILIES.into_iter().chain(["create", "loss", "optim", "random"]).collect()
}

/// The networks of `benches/memory`.
const NETWORKS: [&str; 4] = ["tiny", "mnist", "cnn", "gpt"];

/// The strings of a file, without its comments, that begin with one of these words and `separator`.
fn rows(path: &Path, words: &[&str], separator: char) -> BTreeSet<String> {
    let text = if path.extension() == Some("rs".as_ref()) { code(path) } else { read(path) };
    // The comments of a script.
    let lines: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let text = lines.join("\n");
    let is_row = |text: &&str| {
        text.split_once(separator).is_some_and(|(word, rest)| words.contains(&word) && !rest.contains(' '))
    };
    text.split('"').filter(is_row).map(str::to_owned).collect()
}

fn assert_equal(ours: &BTreeSet<String>, theirs: &BTreeSet<String>) {
    assert!(!ours.is_empty());
    assert_eq!(ours.difference(theirs).collect::<Vec<_>>(), [""; 0], "rows that the script lacks");
    assert_eq!(theirs.difference(ours).collect::<Vec<_>>(), [""; 0], "rows that only the script has");
}

#[test]
fn the_rows_of_ops_are_those_of_its_scripts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ops");
    for family in groups() {
        let ours = rows(&folder.join(family).with_extension("rs"), &groups(), '/');
        assert!(!ours.is_empty(), "{family} has no rows");
        for row in &ours {
            assert_eq!(row.split('/').next(), Some(family), "{row} is in the file of its family");
            let rest: Vec<_> = row.split('/').skip(2).collect();
            let is_shape = |sizes: &str| sizes.split('x').all(|size| size.parse::<usize>().is_ok());
            assert!(
                matches!(rest[..], [s] | [s, "f64"] if is_shape(s)),
                "{row}: family/operation/sizes[/f64]"
            );
        }
        assert_equal(&ours, &rows(&folder.join("rows").join(family).with_extension("py"), &groups(), '/'));
    }
}

#[test]
fn the_rows_of_memory_are_those_of_its_script() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let ours = rows(&folder.join("memory.rs"), &NETWORKS, '_');
    assert_equal(&ours, &rows(&folder.join("memory.py"), &NETWORKS, '_'));
}

/// The operations of the library, by [key](key): methods of tensors, and the layers, losses and optimizers of the prelude.
fn operations() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_folder = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let families = in_folder(root.join("src/ops")).filter(|path| path.is_dir() && !path.ends_with("support"));
    let files = families.flat_map(in_folder).chain(in_folder(root.join("src/loss")));
    let files = files.chain(["create", "random"].map(|file| root.join(format!("src/tensor/{file}.rs"))));
    let mut names: Vec<String> = files.flat_map(|file| methods_of_tensors(&file)).collect();
    assert!(names.len() > 300, "{} methods", names.len());
    names.extend(OTHERS.map(|(name, _)| name.to_owned()));
    let library = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    let prelude = library.split("pub mod prelude").nth(1).unwrap();
    for module in ["loss", "nn", "optim"] {
        let list = prelude.split(&format!("pub use crate::{module}::{{")).nth(1).unwrap();
        let types = list.split('}').next().unwrap().split(',').map(str::trim);
        names.extend(types.filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names.into_iter().map(|name| (key(&name), name)).collect()
}

#[test]
fn every_operation_has_a_row_or_is_in_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ops");
    let operations = operations();
    let mut with_row = BTreeSet::new();
    for row in
        groups().into_iter().flat_map(|name| rows(&folder.join(name).with_extension("rs"), &groups(), '/'))
    {
        let name = row.split('/').nth(1).expect("a second part");
        let Some(key) = operation(name, &operations) else { panic!("{row} does not name an operation") };
        with_row.insert(key);
    }
    let list = fs::read_to_string(folder.join("same_loop.txt")).unwrap();
    let mut listed = BTreeSet::new();
    for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (row, names) = line.split_once(": ").expect("`row: operations`");
        assert!(row.starts_with("- ") || with_row.contains(&key(row)), "`{row}` does not name a row: {line}");
        for name in names.split(", ") {
            assert!(operations.contains_key(&key(name)), "`{name}` does not name an operation: {line}");
            assert!(!with_row.contains(&key(name)), "`{name}` has a row: {line}");
            assert!(listed.insert(key(name)), "`{name}` is listed twice: {line}");
        }
    }
    let lacks_row = |(key, _): &(&String, &String)| !with_row.contains(*key) && !listed.contains(*key);
    let missing: Vec<_> = operations.iter().filter(lacks_row).map(|(_, name)| name).collect();
    assert!(
        missing.is_empty(),
        "neither a row of benches/ops nor an entry in its list same_loop.txt: {missing:?}"
    );
}
