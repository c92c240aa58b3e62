//! `tests/properties` and `tests/gradients`: each file is that of a family or of another subject, and is compiled.

use crate::common::{FAMILIES, code, entries, files, key, operation, read, stem};
use crate::families::{SECTIONS, families_by_name};
use crate::names::homes;
use crate::pytorch::words;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Names, and the reason why each is in the list.
type Reasons = &'static [(&'static str, &'static str)];

/// The folders; the files and folders in them that are not about a family or one of [`SECTIONS`]; and the families and
/// subjects that have no file there.
const FOLDERS: [(&str, Reasons, Reasons); 2] = [
    (
        "tests/gradients",
        &[("check", "the comparison of a layer with differences"), ("main", "the list of modules")],
        &[
            ("create", "a constant has no gradient"),
            ("loss", "each file of `src/loss` compares its own gradients"),
        ],
    ),
    (
        "tests/properties",
        &[
            ("main", "the list of modules"),
            ("parameters", "one test of operands that are parameters, for the operations of all families"),
            ("support", "reference values and harnesses that several families share"),
        ],
        &[
            ("attention", "the files of `src/ops/attention` compare with the definition"),
            ("create", "the values are constants, or those of a function"),
            ("random", "`src/tensor/random.rs` tests the distributions, and `src/ops/random` dropout"),
        ],
    ),
];

fn listed(list: Reasons) -> BTreeSet<String> {
    list.iter().map(|(name, _)| (*name).to_owned()).collect()
}

#[test]
fn files_of_properties_and_gradients_are_of_a_family() {
    let known: BTreeSet<_> = FAMILIES.into_iter().chain(SECTIONS.map(|(section, _)| section)).collect();
    let known: BTreeSet<_> = known.into_iter().map(str::to_owned).collect();
    for (folder, beside, absent) in FOLDERS {
        let found: BTreeSet<_> = entries(folder).iter().map(|path| stem(path)).collect();
        let others: BTreeSet<_> = found.difference(&known).cloned().collect();
        assert_eq!(others, listed(beside), "{folder}: files that are about no family");
        let without: BTreeSet<_> = known.difference(&found).cloned().collect();
        assert_eq!(without, listed(absent), "{folder}: families without a file");
    }
}

/// A file without a `mod` line is not compiled, and its tests do not run. In the folder of a family no file is that of another.
#[test]
fn files_of_properties_and_gradients_are_modules() {
    let mut count = 0;
    for path in FOLDERS.iter().flat_map(|(folder, ..)| files(folder, "rs")) {
        let (folder, name) = (path.parent().expect("a folder"), stem(&path));
        let depth = folder.iter().count();
        assert!(depth == 2 || !FAMILIES.contains(&&*name), "{} is not about its family", path.display());
        let parent = if name == "mod" { folder.with_file_name("main.rs") } else { parent_of(folder) };
        let module = if name == "mod" { stem(folder) } else { name };
        let declared = read(&parent)
            .lines()
            .any(|line| line.strip_prefix("pub ").unwrap_or(line) == format!("mod {module};"));
        assert!(declared || module == "main", "{} has no line `mod {module};`", parent.display());
        count += 1;
    }
    assert!(count > 25, "{count} files");
}

/// The file that lists the modules of a folder.
fn parent_of(folder: &Path) -> PathBuf {
    let module = folder.join("mod.rs");
    if module.exists() { module } else { folder.join("main.rs") }
}

/// Layers that the file of their family in `tests/gradients` does not have, and why.
const WITHOUT_GRADIENTS: [(&str, &str); 1] = [("RecurrentLengths", "a trait, whose methods are compared")];

#[test]
fn every_layer_has_gradients_in_the_file_of_its_family() {
    let names = families_by_name();
    let mut words_of = BTreeMap::<_, BTreeSet<_>>::new();
    for path in files("tests/gradients", "rs") {
        let family = stem(Path::new(path.iter().nth(2).expect("a file or a folder")));
        words_of.entry(family).or_default().extend(words(&path.to_string_lossy()));
    }
    let (mut missing, mut count) = (BTreeSet::new(), 0);
    for (layer, _) in homes().into_iter().filter(|(_, home)| home.starts_with("src/nn/")) {
        let Some(families) = names.get(&key(&layer)) else { continue };
        count += 1;
        let has = |family: &&str| words_of.get(*family).is_some_and(|words| words.contains(&layer));
        if !families.iter().any(has) {
            missing.insert(layer);
        }
    }
    assert!(count > 60, "{count} layers");
    let listed = WITHOUT_GRADIENTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(missing, listed, "layers whose gradients are not compared with differences");
}

/// The methods of the file that are operations of a family: `.name(` or `.name::<`.
fn calls(path: &Path, names: &BTreeMap<String, BTreeSet<&'static str>>) -> BTreeSet<String> {
    let text = code(path);
    let calls = text.split('.').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        rest[end..].starts_with(['(', ':']).then(|| operation(&rest[..end], names)).flatten()
    });
    calls.collect()
}

/// Operations that files of other families call, and the reason why that of their own has no test of them.
const TOOLS: Reasons = &[
    ("expand", "`elementwise` repeats its operands by it, and compares them with a loop"),
    ("zeros_like", "a constant"),
];

/// An operation whose only tests are in the file of another family is not found by who looks for them.
#[test]
fn every_operation_of_properties_is_in_the_file_of_its_family() {
    let names = families_by_name();
    let (mut calls_of, mut words_of) = (BTreeMap::<_, BTreeSet<_>>::new(), BTreeMap::<_, BTreeSet<_>>::new());
    for path in files("tests/properties", "rs") {
        let family = stem(Path::new(path.iter().nth(2).expect("a file or a folder")));
        calls_of.entry(family.clone()).or_default().extend(calls(&path, &names));
        let words = words(&path.to_string_lossy());
        words_of.entry(family).or_default().extend(words.iter().filter_map(|word| operation(word, &names)));
    }
    assert!(calls_of["norm"].contains("normalize") && calls_of["reduce"].contains("sum"));
    let is_at_home = |key: &String| {
        names[key].iter().any(|home| words_of.get(*home).is_some_and(|words| words.contains(key)))
    };
    let families = FAMILIES.into_iter().filter_map(|family| calls_of.get(family));
    let elsewhere: BTreeSet<_> = families.flatten().filter(|key| !is_at_home(key)).cloned().collect();
    let tools = TOOLS.iter().map(|(name, _)| key(name)).collect();
    assert_eq!(elsewhere, tools, "operations that only files of other families call");
}
