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

/// The files of operations that have no kernel and call none through another file, and why.
const WITHOUT: [(&str, &str); 5] = [
    ("conv/pool_definition", "no operation: the definition for tests"),
    ("index/brackets", "no operation: an error"),
    ("norm/affine", "no operation: the operands of a normalization"),
    ("recurrent/scan", "those of the operations in the function of a step"),
    ("shape/reshape", "none: the memory is shared"),
];

/// The kernels that a file of operations calls, without those of the folders that all families share, except products. If these are
/// its only ones, the lanes and sums among them.
fn kernels(path: &Path, methods: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let text = code(path);
    let exists = |kernel: &String| Path::new(&format!("src/kernel/{kernel}.rs")).exists();
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
    let all: BTreeSet<_> = imported.chain(listed).chain(called).filter(exists).collect();
    let own: BTreeSet<_> = all.iter().filter(|kernel| !shared(kernel)).cloned().collect();
    if own.is_empty() { all.into_iter().filter(|kernel| kernel.starts_with("axis/")).collect() } else { own }
}

/// The other files of operations that a file names: `matmul/matmul` for `use crate::ops::matmul::matmul::MatmulBackward`.
fn other_operations(path: &Path) -> BTreeSet<String> {
    let text = code(path);
    let parts = text.split("crate::ops::").skip(1).filter_map(|rest| {
        let mut parts = rest.split("::");
        Some(format!("{}/{}", parts.next()?, parts.next()?))
    });
    parts
        .filter(|file| Path::new(&format!("src/ops/{file}.rs")).exists() && !file.starts_with("support/"))
        .collect()
}

/// The row of a file of operations.
fn row(family: &str, path: &Path, methods: &BTreeMap<String, BTreeSet<String>>) -> String {
    let file = format!("{family}/{}", stem(path));
    let names = |files: BTreeSet<String>| {
        files.iter().map(|file| format!("`{file}.rs`")).collect::<Vec<_>>().join(", ")
    };
    let (kernels, others) = (names(kernels(path, methods)), names(other_operations(path)));
    let without = WITHOUT.iter().find(|(name, _)| *name == file);
    let cell = match without {
        // A check of indices computes nothing.
        _ if kernels == "`index/check.rs`" && !others.is_empty() => {
            format!("{kernels}, and through {others}")
        }
        _ if !kernels.is_empty() => kernels,
        _ if !others.is_empty() => format!("through {others}"),
        Some((_, why)) => (*why).to_owned(),
        None => panic!("{file} calls no kernel: a line in `WITHOUT` says why"),
    };
    assert!(
        without.is_none_or(|(_, why)| *why == cell),
        "{file} calls a kernel, so that it needs no line in `WITHOUT`"
    );
    format!("| `{file}.rs` | {cell} |\n")
}

#[test]
fn the_page_of_kernels_has_those_of_each_file_of_operations() {
    let methods = methods();
    let mut table = String::new();
    for family in entries("src/ops").into_iter().filter(|path| path.is_dir() && stem(path) != "support") {
        let sources = entries(&family).into_iter().filter(|path| path.is_file() && stem(path) != "mod");
        table.extend(sources.map(|path| row(&stem(&family), &path, &methods)));
    }
    for (file, _) in WITHOUT {
        assert!(table.contains(&format!("| `{file}.rs` |")), "{file} is not a file of operations any more");
    }
    let page = fs::read_to_string(PAGE).expect(PAGE);
    let (text, old) = page.split_once(START).expect("a table");
    if old != table && env::var_os("TYPEGRAD_OVERWRITE").is_some() {
        fs::write(PAGE, format!("{text}{START}{table}")).expect(PAGE);
        return;
    }
    assert!(old == table, "TYPEGRAD_OVERWRITE=1 cargo test --test tree writes the table of {PAGE}:\n{table}");
}
