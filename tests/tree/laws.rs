//! The programs of `ui-tests`, which must not compile: each is named by a page, and one of an operation is in its family.

use crate::common::{FAMILIES, code, entries, read, stem};
use crate::families::{base, section};
use std::collections::BTreeSet;
use std::path::Path;

/// A requirement of an operator, in the row of what is written with it.
const OF_OPERATORS: [(&str, &str); 1] = [("loss", "elementwise/different_shapes_cannot_be_added")];

/// The calls and types of a text, without the suffixes of forms.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.map(|word| base(word).to_owned()).filter(|word| word.len() > 1).collect()
}

/// The names that every program has.
const COMMON: [&str; 8] = ["Tensor", "rng", "Rank1", "Rank2", "Rank3", "Rank4", "f32", "i64"];

/// The law in a row is one of the family of its section, or its program calls what the row is about.
#[test]
fn a_law_is_in_the_family_of_the_operation_that_it_is_about() {
    let mut count = 0;
    for family in FAMILIES.into_iter().chain(["loss", "create", "random"]) {
        for row in section(family).lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<_> = row.split(" | ").collect();
            let here = names(cells[1]);
            for law in cells.last().expect("a last cell").split('`').filter(|text| text.contains('/')) {
                count += 1;
                if law.starts_with(&format!("{family}/")) || OF_OPERATORS.contains(&(family, law)) {
                    continue;
                }
                let path = format!("ui-tests/{law}.rs");
                let program = names(&code(Path::new(&path)));
                let shared = here.intersection(&program).any(|name| !COMMON.contains(&name.as_str()));
                let of_all = ["graph/", "module/"].iter().any(|folder| law.starts_with(folder));
                assert!(shared || of_all, "{law} is not a law for `{}` of {family}", cells[1]);
            }
        }
    }
    assert!(count > 300, "{count} laws");
}

#[test]
fn every_law_is_named_by_a_page() {
    let pages = entries("docs").into_iter().filter(|path| path.extension() == Some("md".as_ref()));
    let pages: String = pages.map(read).chain(["README.md", "DESIGN.md"].map(read)).collect();
    let mut missing = Vec::new();
    for folder in entries("ui-tests").into_iter().filter(|path| path.is_dir()) {
        let area = stem(&folder);
        if ["pass", "limits"].contains(&area.as_str()) {
            continue;
        }
        for law in entries(&folder).into_iter().filter(|path| path.extension() == Some("rs".as_ref())) {
            let name = format!("{area}/{}", stem(&law));
            if !pages.contains(&format!("`{name}`")) && name != "module/readme" {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "laws that no page names: {missing:#?}");
}
