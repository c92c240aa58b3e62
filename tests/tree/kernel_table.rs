//! `src/kernel/README.md` has a row for each file of operations: the kernels that it calls.

use crate::common::{code, entries, files, stem};
use crate::kernels::{compiled, functions_of_traits, named};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

const PAGE: &str = "src/kernel/README.md";
const START: &str = "| operations | kernels |\n|---|---|\n";

/// The kernels of each method that is called as `E::name(..)`.
fn methods() -> BTreeMap<String, BTreeSet<String>> {
    let list = code(Path::new("src/kernel/compiled.rs"));
    let mut methods = BTreeMap::<_, BTreeSet<String>>::new();
    for path in files("src/kernel", "rs") {
        let (folder, module, text) = (stem(path.parent().expect("a folder")), stem(&path), code(&path));
        if folder == "kernel" {
            continue;
        }
        for name in functions_of_traits(&text).into_iter().chain(compiled(&list, &module)) {
            methods.entry(name.to_owned()).or_default().insert(format!("{folder}/{module}"));
        }
    }
    methods
}

/// The kernel whose name `src/kernel/mod.rs` exports: `matmul/matmul` for `Batched`.
fn exported(name: &str) -> Option<String> {
    let text = code(Path::new("src/kernel/mod.rs"));
    let mut lines = text.lines().filter_map(|line| line.split_once(" use ")?.1.strip_suffix(';'));
    let is_word = |line: &&str| {
        let names = line.rsplit("::").next().unwrap_or(line);
        names.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
    };
    let path: Vec<_> = lines.find(|line| !name.is_empty() && is_word(line))?.split("::").take(2).collect();
    Some(path.join("/"))
}

/// The row of a file of operations; none if it calls no kernel.
fn row(family: &str, path: &Path, methods: &BTreeMap<String, BTreeSet<String>>) -> Option<String> {
    let text = code(path);
    let exists = |kernel: &String| Path::new(&format!("src/kernel/{kernel}.rs")).exists();
    // The folders that all families share, except products.
    let shared = |kernel: &String| {
        ["axis/", "math/", "memory/", "simd/", "threads/"].iter().any(|f| kernel.starts_with(f))
    };
    let imported = named(path).into_iter().map(|(folder, module)| match &*module {
        "" => exported(&folder).unwrap_or_default(),
        module => format!("{folder}/{module}"),
    });
    let list =
        text.split("crate::kernel::{").nth(1).and_then(|rest| rest.split('}').next()).unwrap_or_default();
    let listed = list.split(',').filter_map(|name| exported(name.trim()));
    let called =
        methods.iter().filter(|(name, _)| text.contains(&format!("E::{name}("))).flat_map(|(_, k)| k.clone());
    let kernels: BTreeSet<_> =
        imported.chain(listed).chain(called).filter(exists).filter(|kernel| !shared(kernel)).collect();
    let names: Vec<_> = kernels.iter().map(|kernel| format!("`{kernel}.rs`")).collect();
    (!names.is_empty()).then(|| format!("| `{family}/{}.rs` | {} |\n", stem(path), names.join(", ")))
}

#[test]
fn the_page_of_kernels_has_those_of_each_file_of_operations() {
    let methods = methods();
    let mut table = String::new();
    for family in entries("src/ops").into_iter().filter(|path| path.is_dir() && stem(path) != "support") {
        let sources = entries(&family).into_iter().filter(|path| path.is_file() && stem(path) != "mod");
        table.extend(sources.filter_map(|path| row(&stem(&family), &path, &methods)));
    }
    assert!(table.lines().count() > 60, "{table}");
    let page = fs::read_to_string(PAGE).expect(PAGE);
    let (text, old) = page.split_once(START).expect("a table");
    if old != table && env::var_os("TYPEGRAD_OVERWRITE").is_some() {
        fs::write(PAGE, format!("{text}{START}{table}")).expect(PAGE);
        return;
    }
    assert!(old == table, "TYPEGRAD_OVERWRITE=1 cargo test --test tree writes the table of {PAGE}:\n{table}");
}
