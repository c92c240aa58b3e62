//! The rows of `benches/ops` are those of its script for PyTorch.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const FAMILIES: [&str; 12] = [
    "attention",
    "conv",
    "create",
    "elementwise",
    "index",
    "loss",
    "matmul",
    "norm",
    "optim",
    "recurrent",
    "reduce",
    "shape",
];

/// The names of rows in a file: its strings that begin with the name of a family. Each is there once, or as the word that
/// selects a row and as its name.
fn rows(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).unwrap();
    let is_row = |word: &&str| word.split_once('/').is_some_and(|(family, _)| FAMILIES.contains(&family));
    text.split('"').filter(is_row).map(str::to_owned).collect()
}

#[test]
fn the_rows_of_ops_are_those_of_its_script() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ops");
    let mut ours = BTreeSet::new();
    for family in FAMILIES {
        let rows = rows(&folder.join(family).with_extension("rs"));
        assert!(!rows.is_empty(), "{family} has no rows");
        for row in rows {
            assert_eq!(row.split('/').next(), Some(family), "{row} is in the file of its family");
            ours.insert(row);
        }
    }
    let theirs = rows(&folder.join("ops.py"));
    assert_eq!(ours.difference(&theirs).collect::<Vec<_>>(), [""; 0], "rows that ops.py lacks");
    assert_eq!(theirs.difference(&ours).collect::<Vec<_>>(), [""; 0], "rows that only ops.py has");
}
