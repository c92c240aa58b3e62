//! For the tests of the layout and of the pages: files, families of operations, and the methods that a file defines.

#![allow(dead_code, reason = "each test uses a part")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The families of operations.
pub const FAMILIES: [&str; 9] =
    ["elementwise", "reduce", "matmul", "shape", "index", "conv", "norm", "attention", "recurrent"];

pub fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The entries of a folder, sorted.
pub fn entries(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let folder = folder.as_ref();
    let list = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut list: Vec<_> = list.flatten().map(|entry| entry.path()).collect();
    list.sort();
    list
}

/// The files with this extension in a folder and in its subfolders.
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
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

pub fn stem(path: &Path) -> String {
    path.file_stem().expect("a file").to_string_lossy().into_owned()
}

/// The name at the start of `text`.
pub fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}

/// The source without its tests and comments.
pub fn code(path: &Path) -> String {
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

/// The name of the public function that a line of code defines: by `pub fn`, in a public trait, or as a line of a macro that
/// writes methods, `fn exp() by ExpBackward`, `axis norm_axis[const I: isize](= 2.0);`, `eq ==`, `logical_and & BitAnd bitand`.
pub fn function(line: &str, in_trait: bool) -> Option<&str> {
    let line = line.trim();
    let name = |start: &str| line.strip_prefix(start).map(|rest| rest.split_at(word(rest).len()));
    let found = if let Some((name, _)) = name("pub fn ") {
        Some(name)
    } else if let Some((name, _)) = name("fn ") {
        (in_trait || line.contains(" by ")).then_some(name)
    } else if let Some((name, rest)) = FORMS.iter().find_map(|form| name(form)) {
        rest.starts_with(['(', '[']).then_some(name)
    } else {
        line.split_once(' ')
            .filter(|(name, rest)| *name == word(name) && is_operator(rest))
            .map(|(name, _)| name)
    };
    // A macro's own parameter has no name: `fn $name`. A keyword is another name of a method: `fn r#where` of `where_`.
    found.filter(|name| !name.is_empty() && !line.contains(" fn r#"))
}

/// The starts of the lines of `forms!`, each of which is a method.
const FORMS: [&str; 7] =
    ["whole ", "axis ", "keepdim ", "axes ", "axes_keepdim ", "axis_with_indices ", "keepdim_with_indices "];

/// The rest of a line after the name of a method, in the lines of the macros of comparisons and of logic.
fn is_operator(rest: &str) -> bool {
    let is_logic = rest.starts_with(['&', '|', '^']) && rest.split(' ').count() == 3;
    ["==", "!=", "<", "<=", ">", ">="].contains(&rest) || is_logic
}

/// The public methods that a file of operations defines.
pub fn methods(path: &Path) -> BTreeSet<String> {
    // The methods of the trait of tuples of tensors.
    let in_trait = stem(path) == "tensors";
    code(path).lines().filter_map(|line| function(line, in_trait)).map(str::to_owned).collect()
}

/// Operations that are not methods of a tensor by name, and their families: operators, a macro, a method of modules.
pub const OTHERS: [(&str, &str); 7] = [
    ("add", "elementwise"),
    ("clip_grad_norm", "optim"),
    ("div", "elementwise"),
    ("einsum", "matmul"),
    ("mul", "elementwise"),
    ("neg", "elementwise"),
    ("sub", "elementwise"),
];

/// The suffixes that forms of a method append to its name.
const SUFFIXES: [&str; 11] = [
    "_keepdim",
    "_axes",
    "_axis",
    "_with_indices",
    "_with",
    "_descending",
    "_smallest",
    "_from",
    "_at",
    "_rect",
    "_dropout",
];

/// How methods are compared with rows and types: `LstmCell` is `lstm_cell`, and `sum_axes_keepdim` is `sum`.
pub fn key(name: &str) -> String {
    match SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)) {
        Some(plain) if !plain.is_empty() => key(plain),
        _ => name.replace('_', "").to_lowercase(),
    }
}

/// The [key](key) of the operation that a row or a case is about, the longest with which its name starts: `maxpool2d` for
/// `max_pool2d_3_stride2`.
pub fn operation<T>(name: &str, operations: &BTreeMap<String, T>) -> Option<String> {
    let parts: Vec<_> = name.split('_').collect();
    let mut keys = (1..=parts.len()).rev().map(|count| key(&parts[..count].join("_")));
    keys.find(|key| operations.contains_key(key))
}

/// The methods of tensors that a file defines: what [`methods`] finds without the public functions of other types.
pub fn methods_of_tensors(path: &Path) -> BTreeSet<String> {
    let in_trait = stem(path) == "tensors";
    // The first lines of an item up to its brace, and whether the block after them is one of tensors.
    let (mut head, mut of_tensors) = (None, in_trait);
    let mut names = BTreeSet::new();
    for line in code(path).lines() {
        if line.starts_with("impl") {
            head = Some(String::new());
        }
        if let Some(lines) = &mut head {
            lines.push_str(line);
            if line.contains('{') {
                of_tensors = lines.contains("> Tensor<") && !lines.contains(" for ");
                head = None;
            }
        } else if of_tensors || !line.trim().starts_with("pub fn ") {
            names.extend(function(line, in_trait).map(str::to_owned));
            of_tensors &= !line.starts_with('}');
        }
    }
    names
}
