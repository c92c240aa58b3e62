//! A module imports from its own floor and from those below it.

use crate::common::{code, files, read, stem, word};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The floors. A module imports from its own floor and from those before it. Element types, memory and
/// arithmetic are one floor: kernels are written for `Float`, and `Storage` needs unsafe memory, which only `kernel`
/// may have. A graph holds tensors and a tensor has a graph,
/// which runs modules.
const FLOORS: [&[&str]; 7] = [
    &[
        "element",
        "storage",
        "file",
        "rng",
        "few",
        "free_slots",
        "state_data",
        "error_format",
        "options",
        "info",
        "kernel",
    ],
    &["shape"],
    &["tensor", "graph", "module", "gradcheck"],
    &["ops"],
    &["nn"],
    &["loss", "metrics", "optim", "io", "data"],
    &["train", "monitor"],
];

/// The table of floors in ARCHITECTURE.md is this one.
#[test]
fn the_floors_are_those_of_the_page() {
    let page = read("ARCHITECTURE.md");
    let rows = page
        .lines()
        .filter(|line| line.strip_prefix("| ").is_some_and(|line| line.starts_with(char::is_numeric)));
    let rows: Vec<Vec<String>> = rows
        .map(|row| {
            let modules = row.split(" | ").nth(1).expect("a second cell");
            modules.split('`').skip(1).step_by(2).map(str::to_owned).collect()
        })
        .collect();
    assert_eq!(rows, FLOORS);
}

/// Modules outside of the floors: the items that they name are re-exported.
const OUTSIDE: [&str; 2] = ["lib", "prelude"];

/// The names that the root of the crate re-exports, such as `Tensor`, and the module that each is from.
fn root() -> BTreeMap<String, String> {
    let text = read("src/lib.rs");
    let mut names = BTreeMap::new();
    for item in text.split("\npub use ").skip(1) {
        let item = item.split(';').next().expect("a first part");
        let items = item.rsplit_once("::").expect("a path").1;
        for name in items.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty()) {
            names.insert(name.to_owned(), word(item).to_owned());
        }
    }
    names
}

/// Whether a file is compiled for tests only: [`code`] of its parent lacks it.
fn is_for_tests(path: &Path) -> bool {
    let folder = path.parent().expect("a folder");
    let parents = [folder.join("mod.rs"), folder.with_extension("rs"), folder.join("lib.rs")];
    let parent = parents.iter().find(|parent| parent.exists() && *parent != path);
    parent.is_some_and(|parent| !code(parent).contains(&format!("mod {};", stem(path))))
}

#[test]
fn no_import_climbs() {
    let root = root();
    assert_eq!((&*root["Tensor"], &*root["num_threads"]), ("tensor", "kernel"));
    let floor = |name: &str| {
        let module = root.get(name).map_or(name, |module| module);
        FLOORS.iter().position(|floor| floor.contains(&module))
    };
    let mut climbs = BTreeSet::new();
    for path in files("src", "rs") {
        let inside = path.strip_prefix("src").expect("below src");
        let top = inside.iter().next().expect("a module").to_string_lossy();
        let top = top.trim_end_matches(".rs");
        if OUTSIDE.contains(&top) {
            continue;
        }
        let own = floor(top).unwrap_or_else(|| panic!("src/{top} has no floor"));
        // A path may be split over lines, or have spaces.
        let text = code(&path).split("::").map(str::trim).collect::<Vec<_>>().join("::");
        assert!(!text.contains("crate::*"), "{}: `crate::*` names no module", path.display());
        assert!(!text.contains("crate as "), "{}: another name of the crate", path.display());
        assert!(!text.contains("crate::{"), "{}: one `use crate::` for each module", path.display());
        let depth = inside.iter().count() - usize::from(inside.ends_with("mod.rs"));
        let up = "super::".repeat(depth);
        assert!(!text.contains(&up), "{}: `{up}` is the root of the crate: write `crate::`", path.display());
        // The prelude is for users: a module says what it needs, and from where.
        let names_prelude = text.contains("crate::prelude") && !is_for_tests(&path);
        assert!(!names_prelude, "{}: imports the prelude", path.display());
        // Inside, the crate is also named `typegrad`.
        for prefix in ["crate::", "typegrad::"] {
            for name in text.split(prefix).skip(1).map(word) {
                if floor(name).is_some_and(|other| other > own) {
                    climbs.insert((inside.to_string_lossy().into_owned(), name.to_owned()));
                }
            }
        }
    }
    assert!(climbs.is_empty(), "imports from a floor above: {climbs:#?}");
}
