//! The layout of the repository: one taxonomy of families, floors that import only from below, files of a size that a
//! reader keeps in mind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The families of operations. Each has a file or a folder in every [column](COLUMNS).
const FAMILIES: [&str; 9] =
    ["elementwise", "reduce", "matmul", "shape", "index", "conv", "norm", "attention", "recurrent"];

/// Where each family is.
const COLUMNS: [&str; 7] = [
    "src/ops/*",
    "src/kernel/*",
    "ui-tests/*",
    "tests/pytorch/*.rs",
    "tests/pytorch/cases/*.py",
    "tests/fixtures/pytorch/*.safetensors",
    "benches/ops/*.rs",
];

/// Folders of a column that are not families.
const BESIDE: [(&str, &[&str]); 3] = [
    ("src/ops", &["random", "support"]),
    ("src/kernel", &["axis", "gemm", "loss", "math", "memory", "random", "simd", "threads"]),
    ("ui-tests", &["create", "data", "graph", "limits", "loss", "module", "optim", "pass"]),
];

/// The files of several methods, whose names are not that of the file alone.
const TABLES: [(&str, &[&str]); 32] = [
    ("attention/dropout", &["scaled_dot_product_attention"]),
    ("conv/conv", &["conv"]),
    ("conv/conv3d", &["conv"]),
    ("conv/interpolate", &["interpolate", "upsample"]),
    ("conv/pixel_shuffle", &["pixel_shuffle", "pixel_unshuffle"]),
    ("conv/unfold", &["fold", "unfold"]),
    (
        "elementwise/activation",
        &[
            "celu",
            "elu",
            "gelu",
            "gelu_tanh",
            "hardshrink",
            "hardsigmoid",
            "hardswish",
            "hardtanh",
            "leaky_relu",
            "log_sigmoid",
            "mish",
            "relu6",
            "selu",
            "sigmoid",
            "silu",
            "softplus",
            "softshrink",
            "softsign",
            "threshold",
        ],
    ),
    ("elementwise/clamp", &["clamp", "clamp_max", "clamp_min", "clip"]),
    ("elementwise/compare", &["eq", "ge", "gt", "le", "lt", "ne"]),
    ("elementwise/error_function", &["erf", "erfc"]),
    ("elementwise/exponential", &["exp", "exp2", "expm1", "ln", "log10", "log1p", "log2"]),
    ("elementwise/hyperbolic", &["acosh", "asinh", "atanh", "cosh", "sinh", "tanh"]),
    ("elementwise/isclose", &["allclose", "isclose"]),
    ("elementwise/isfinite", &["isfinite", "isinf", "isnan"]),
    ("elementwise/logaddexp", &["logaddexp", "logaddexp2"]),
    ("elementwise/logical", &["logical_and", "logical_not", "logical_or", "logical_xor"]),
    ("elementwise/maximum", &["maximum", "minimum"]),
    ("elementwise/pow", &["pow", "powf"]),
    ("elementwise/powers", &["reciprocal", "rsqrt", "sqrt", "square"]),
    ("elementwise/remainder", &["fmod", "remainder"]),
    ("elementwise/rounding", &["ceil", "floor", "frac", "round", "trunc"]),
    ("elementwise/sign", &["abs", "sign"]),
    ("elementwise/to", &["bool", "double", "float", "long", "to"]),
    ("elementwise/trigonometric", &["acos", "asin", "atan", "cos", "sin", "tan"]),
    ("index/scatter", &["scatter", "scatter_add"]),
    ("index/sort", &["argsort", "sort"]),
    ("reduce/amax", &["amax", "amin"]),
    ("reduce/argmax", &["argmax", "argmin"]),
    ("reduce/cummax", &["cummax", "cummin"]),
    ("reduce/nansum", &["nanmean", "nansum"]),
    ("reduce/quantile", &["nanquantile", "quantile"]),
    ("shape/expand", &["broadcast_to", "expand"]),
];

/// As [`TABLES`], where the methods share more than a name.
const PAIRS: [(&str, &[&str]); 4] = [
    ("shape/reshape", &["reshape", "view", "with_shape"]),
    ("shape/tensors", &["cat", "meshgrid", "stack"]),
    ("shape/transpose", &["t", "transpose"]),
    ("shape/tril", &["tril", "triu"]),
];

/// The suffixes that forms of a method append to its name.
const SUFFIXES: [&str; 14] = [
    "_keepdim",
    "_axes",
    "_axis",
    "_with_indices",
    "_with",
    "_descending",
    "_smallest",
    "_from",
    "_at",
    "1d",
    "2d",
    "3d",
    "_rect",
    "_dropout",
];

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

/// A method without what its form appends: `sum` for `sum_axes_keepdim`.
fn base(name: &str) -> &str {
    match SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)) {
        Some(rest) if !rest.is_empty() => base(rest),
        _ => name,
    }
}

/// The source without its tests and comments.
fn code(path: &Path) -> String {
    let text = read(path);
    let text = text.split("#[cfg(test)]\nmod ").next().expect("a first part");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The public methods that a file of operations defines: by `pub fn`, in a trait, or as a line of one of the macros.
fn methods(path: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in code(path).lines().map(str::trim) {
        let after = |word: &str| line.strip_prefix(word).map(str::trim_start);
        let comparisons = ["==", "!=", "<", "<=", ">", ">="];
        let operator = |rest: &str| {
            let is_logical = rest.starts_with(['&', '|', '^']) && rest.split(' ').count() == 3;
            comparisons.contains(&rest) || is_logical
        };
        let forms = [
            "whole ",
            "axis ",
            "keepdim ",
            "axes ",
            "axes_keepdim ",
            "axis_with_indices ",
            "keepdim_with_indices ",
        ];
        let name = if let Some(rest) = after("pub fn ") {
            Some(word(rest))
        } else if let Some(rest) = after("fn ") {
            let in_trait = stem(path) == "tensors";
            (line.contains(" by ") || in_trait).then(|| word(rest))
        } else if let Some(rest) = forms.iter().find_map(|form| after(form)) {
            Some(word(rest)).filter(|name| rest[name.len()..].starts_with('('))
        } else {
            line.split_once(' ')
                .filter(|(name, rest)| *name == word(name) && operator(rest))
                .map(|(name, _)| name)
        };
        names.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names
}

/// The files of operations of a family, by name, with the methods they define.
fn operations(family: &str) -> BTreeMap<String, BTreeSet<String>> {
    let files = entries(format!("src/ops/{family}")).into_iter().filter(|path| stem(path) != "mod");
    files.map(|path| (format!("{family}/{}", stem(&path)), methods(&path))).collect()
}

#[test]
fn every_family_has_every_column() {
    for family in FAMILIES {
        for column in COLUMNS {
            let path = column.replace('*', family);
            assert!(Path::new(&path).exists(), "the family {family} lacks {path}");
        }
        let section = format!("\n## {}{}\n", family[..1].to_uppercase(), &family[1..]);
        assert!(read("docs/pytorch.md").contains(&section), "docs/pytorch.md lacks the section{section}");
    }
}

#[test]
fn there_is_no_other_family() {
    for (folder, beside) in BESIDE {
        for path in entries(folder).into_iter().filter(|path| path.is_dir()) {
            let name = stem(&path);
            let known = FAMILIES.contains(&name.as_str()) || beside.contains(&name.as_str());
            assert!(known, "{} is neither a family nor named in `BESIDE`", path.display());
        }
    }
}

#[test]
fn every_method_is_in_the_file_of_its_name() {
    let mut tables: BTreeMap<_, _> = TABLES.into_iter().chain(PAIRS).collect();
    for family in FAMILIES.into_iter().chain(["random"]) {
        // The functions that einsum! expands to are public, but not methods; a mask is an argument.
        let skip = ["matmul/einsum", "attention/mask"];
        for (file, methods) in
            operations(family).into_iter().filter(|(file, _)| !skip.contains(&file.as_str()))
        {
            let bases: BTreeSet<&str> = methods.iter().map(|name| base(name)).collect();
            let own = file.rsplit('/').next().expect("a name");
            let table = tables.remove(file.as_str());
            if table.is_none() && own == "attention" {
                assert!(
                    bases.iter().all(|name| *name == "scaled_dot_product_attention"),
                    "{file}: {bases:?}"
                );
                continue;
            }
            let expected = table.map_or_else(
                || BTreeSet::from([own]).into_iter().filter(|_| !bases.is_empty()).collect(),
                |names| names.iter().copied().collect::<BTreeSet<_>>(),
            );
            assert_eq!(bases, expected, "the methods of src/ops/{file}.rs are not those of its name");
        }
    }
    assert!(tables.is_empty(), "no such files: {:?}", tables.keys());
}

/// A method is in the section of docs/pytorch.md of the family whose folder it is in.
#[test]
fn every_method_is_in_the_section_of_its_family() {
    let page = read("docs/pytorch.md");
    for family in FAMILIES.into_iter().chain(["random"]) {
        let head = format!("\n## {}{}\n", family[..1].to_uppercase(), &family[1..]);
        let section = page.split(&head).nth(1).unwrap_or_default();
        let section = section.split("\n## ").next().unwrap_or_default();
        let cells: String = section.lines().filter_map(|line| line.split(" | ").nth(1)).collect();
        for (file, methods) in operations(family) {
            if file == "matmul/einsum" || file == "attention/mask" {
                continue;
            }
            for name in methods {
                let called = ["(", "::<"].iter().any(|end| cells.contains(&format!(".{name}{end}")));
                assert!(called, "docs/pytorch.md: no row for `{name}` of {file} under{head}");
            }
        }
    }
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

/// The floors. A module imports from its own floor and from those before it. Element types, memory and
/// arithmetic are one floor: kernels are written for `Float`, and `Storage` needs unsafe memory, which only `kernel`
/// may have. A graph holds tensors and a tensor has a graph,
/// which runs modules.
const FLOORS: [&[&str]; 7] = [
    &["element", "storage", "file", "rng", "few", "free_slots", "state_data", "error", "info", "kernel"],
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

#[test]
fn no_import_climbs() {
    let floor = |module: &str| FLOORS.iter().position(|floor| floor.contains(&module));
    let mut climbs = BTreeSet::new();
    for path in files("src", "rs") {
        let inside = path.strip_prefix("src").expect("below src");
        let top = inside.iter().next().expect("a module").to_string_lossy();
        let top = top.trim_end_matches(".rs");
        if OUTSIDE.contains(&top) {
            continue;
        }
        let own = floor(top).unwrap_or_else(|| panic!("src/{top} has no floor"));
        let text = code(&path);
        assert!(!text.contains("crate::{"), "{}: one `use crate::` for each module", path.display());
        for module in text.split("crate::").skip(1).map(word) {
            if floor(module).is_some_and(|other| other > own) {
                climbs.insert((inside.to_string_lossy().into_owned(), module.to_owned()));
            }
        }
    }
    assert!(climbs.is_empty(), "imports from a floor above: {climbs:#?}");
}
