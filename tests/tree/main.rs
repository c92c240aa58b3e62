//! The layout of the repository: one taxonomy of families, floors that import only from below, files of a size that a
//! reader keeps in mind.

mod families;
mod floors;
mod names;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The entries of a folder, sorted.
fn entries(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let folder = folder.as_ref();
    let list = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut list: Vec<_> = list.flatten().map(|entry| entry.path()).collect();
    list.sort();
    list
}

/// The files with this extension in a folder and in its subfolders.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.extend(files(path.to_str().expect("a name"), extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a file").to_string_lossy().into_owned()
}

/// The name at the start of `text`.
fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}

/// The source without its tests and comments.
fn code(path: &Path) -> String {
    let (text, mut code) = (read(path), String::new());
    // The indentation of an item that is compiled for tests only.
    let mut tested = None;
    for line in text.lines() {
        let inside = line.trim_start();
        let indent = line.len() - inside.len();
        if inside == "#[cfg(test)]" {
            tested = Some(indent);
        } else if let Some(of_item) = tested {
            let is_attribute = inside.starts_with("#[") || inside.starts_with("//");
            if indent == of_item && !is_attribute && line.ends_with([';', '}']) {
                tested = None;
            }
        } else if !inside.starts_with("//") {
            code.extend([line, "\n"]);
        }
    }
    assert_eq!(tested, None, "{}: a test without an end", path.display());
    code
}

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
        ("ui-tests", "rs"),
        ("tests", "py"),
        ("benches", "py"),
    ] {
        for path in files(folder, extension) {
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
