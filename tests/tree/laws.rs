//! The programs of `ui-tests`, which must not compile: each is named by a page, and one of an operation is in its family.

use crate::common::{FAMILIES, entries, files, read, stem};
use crate::families::section;

/// Laws in the section of another family, and what the row is about.
const OF_OTHERS: [(&str, &str, &str); 4] = [
    ("index", "matmul/inner_sizes_must_be_equal", "bags with weights are a product"),
    ("conv", "shape/circular_pad_is_at_most_the_whole_axis", "the padding before a convolution"),
    (
        "loss",
        "elementwise/different_shapes_cannot_be_added",
        "the distance of two tensors is a norm of their difference",
    ),
    ("create", "shape/a_nested_array_gives_the_shape", "`from` takes nested arrays"),
];

/// The law in a row is one of the family of its section, or of all graphs and modules.
#[test]
fn a_law_is_in_the_family_of_the_operation_that_it_is_about() {
    let (mut count, mut others) = (0, OF_OTHERS.to_vec());
    for family in FAMILIES.into_iter().chain(["loss", "create", "random"]) {
        for row in section(family).lines().filter(|line| line.starts_with("| `")) {
            let last = row.rsplit(" | ").next().expect("a last cell");
            for law in last.split('`').filter(|text| text.contains('/')) {
                count += 1;
                let other = others.iter().position(|(section, other, _)| *section == family && *other == law);
                if let Some(i) = other {
                    others.remove(i);
                    continue;
                }
                let of_all =
                    [family, "graph", "module"].iter().any(|area| law.split('/').next() == Some(area));
                assert!(of_all, "{law} is not a law of {family}: {row}");
            }
        }
    }
    assert!(count > 300, "{count} laws");
    assert!(others.is_empty(), "no such rows: {others:?}");
}

/// `tests/ui.rs` runs those of `ui-tests/<area>` alone.
#[test]
fn every_law_is_in_a_folder_of_an_area() {
    for path in files("ui-tests", "rs").into_iter().chain(files("ui-tests", "stderr")) {
        let depth = path.iter().count();
        assert_eq!(depth, 3, "{} is not run: it is not in ui-tests/<area>", path.display());
        let program = path.with_extension("rs");
        assert!(program.exists(), "{} has no program {}", path.display(), program.display());
    }
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
