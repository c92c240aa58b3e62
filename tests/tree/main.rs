//! The layout of the repository: one taxonomy of families, floors that import only from below, files of a size that a
//! reader keeps in mind.

#[path = "../common/mod.rs"]
mod common;
mod families;
mod floors;
mod kernel_table;
mod kernels;
mod laws;
mod names;
mod properties;
mod pytorch;

use common::{files, read};
use std::collections::BTreeSet;

/// Files that are still too long. A file that was made shorter leaves this list.
const TOO_LONG: [&str; 0] = [];

#[test]
fn files_are_short() {
    let mut lengths = Vec::new();
    let mut long = BTreeSet::new();
    for (folder, extension) in [
        ("src", "rs"),
        ("derive/src", "rs"),
        ("tests", "rs"),
        ("benches", "rs"),
        ("examples", "rs"),
        ("fuzz/fuzz_targets", "rs"),
        ("ui-tests", "rs"),
        ("tests", "py"),
        ("benches", "py"),
    ] {
        // Of `fuzz`, the targets and the program that writes their first inputs: not what is built there.
        let seeds = (folder == "fuzz/fuzz_targets").then(|| "fuzz/seeds.rs".into());
        for path in files(folder, extension).into_iter().chain(seeds) {
            let count = read(&path).lines().count();
            if folder == "src" {
                lengths.push(count);
            }
            if count > 450 {
                long.insert(path.to_string_lossy().into_owned());
            }
        }
    }
    let expected: BTreeSet<_> = TOO_LONG.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(long, expected, "files of more than 450 lines");
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= 160, "half the files of src/ have more than {median} lines");
}
