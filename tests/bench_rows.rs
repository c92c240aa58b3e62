//! The rows of benchmarks are those of their scripts for PyTorch.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const FAMILIES: [&str; 13] = [
    "attention",
    "conv",
    "create",
    "elementwise",
    "index",
    "loss",
    "matmul",
    "norm",
    "optim",
    "random",
    "recurrent",
    "reduce",
    "shape",
];

/// The networks of `benches/memory`.
const NETWORKS: [&str; 4] = ["tiny", "mnist", "cnn", "gpt"];

/// The strings of a file that begin with one of these words and `separator`.
fn rows(path: &Path, words: &[&str], separator: char) -> BTreeSet<String> {
    let text = fs::read_to_string(path).unwrap();
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
    for family in FAMILIES {
        let ours = rows(&folder.join(family).with_extension("rs"), &FAMILIES, '/');
        assert!(!ours.is_empty(), "{family} has no rows");
        for row in &ours {
            assert_eq!(row.split('/').next(), Some(family), "{row} is in the file of its family");
        }
        assert_equal(&ours, &rows(&folder.join("rows").join(family).with_extension("py"), &FAMILIES, '/'));
    }
}

#[test]
fn the_rows_of_memory_are_those_of_its_script() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let ours = rows(&folder.join("memory.rs"), &NETWORKS, '_');
    assert_equal(&ours, &rows(&folder.join("memory.py"), &NETWORKS, '_'));
}
