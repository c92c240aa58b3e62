//! One taxonomy of operations, in the code and in all that is about it.

use crate::common::{
    FAMILIES, OTHERS, entries, files, key, methods, methods_of_tensors, operation, read, stem,
};
use crate::names::homes;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where each family is.
const COLUMNS: [&str; 8] = [
    "src/ops/*",
    "src/kernel/*",
    "ui-tests/*",
    "tests/pytorch/*.rs",
    "tests/pytorch/cases/*.py",
    "tests/fixtures/pytorch/*.safetensors",
    "benches/ops/*.rs",
    "benches/ops/rows/*.py",
];

/// The columns of subjects that are not families, but have values of PyTorch and rows as these.
const COMPARED: [&str; 6] = [
    "ui-tests/*",
    "tests/pytorch/*.rs",
    "tests/pytorch/cases/*.py",
    "tests/fixtures/pytorch/*.safetensors",
    "benches/ops/*.rs",
    "benches/ops/rows/*.py",
];

/// Subjects that have a section in docs/pytorch.md, as a family has, but no file in some of its columns: those besides
/// [`COMPARED`].
pub(super) const SECTIONS: [(&str, &[&str]); 3] = [
    ("loss", &["src/loss", "src/kernel/*"]),
    ("create", &["src/tensor/*.rs"]),
    ("random", &["src/ops/*", "src/tensor/*.rs", "src/kernel/*"]),
];

/// Folders of a column that are not families.
const BESIDE: [(&str, &[&str]); 3] = [
    ("src/ops", &["random", "support"]),
    ("src/kernel", &["axis", "gemm", "loss", "math", "memory", "optim", "random", "simd", "threads"]),
    ("ui-tests", &["create", "data", "graph", "limits", "loss", "module", "optim", "pass", "random"]),
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
    ("shape/transpose", &["T", "t", "transpose"]),
    ("shape/tril", &["tril", "triu"]),
];

/// Files whose public functions are not methods of a tensor.
const NOT_METHODS: [(&str, &str); 2] =
    [("attention/mask", "a mask is an argument"), ("matmul/einsum", "`einsum!` expands to the functions")];

/// The files of operations that define no method, and what they have.
const WITHOUT_METHODS: [(&str, &str); 14] = [
    ("conv/pool_definition", "pooling by its definition, for tests"),
    ("elementwise/add", "the operator"),
    ("elementwise/div", "the operator"),
    ("elementwise/mul", "the operator"),
    ("elementwise/neg", "the operator"),
    ("elementwise/sub", "the operator"),
    ("index/brackets", "the operator `x[0]`, which is refused"),
    ("index/embedding", "a function of the layer"),
    ("matmul/feed_forward", "a function of the transformer layers"),
    ("norm/affine", "the weights and biases of the other files"),
    ("recurrent/recurrent", "a function of the layers"),
    ("shape/cat", "backward pass; the method is in `shape/tensors`"),
    ("shape/meshgrid", "backward pass; the method is in `shape/tensors`"),
    ("shape/stack", "backward pass; the method is in `shape/tensors`"),
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

/// A method without what its form appends: `sum` for `sum_axes_keepdim`.
fn base(name: &str) -> &str {
    match SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)) {
        Some(rest) if !rest.is_empty() => base(rest),
        _ => name,
    }
}

/// The files of operations of a family, by name, with the methods they define.
pub(super) fn operations(family: &str) -> BTreeMap<String, BTreeSet<String>> {
    let files = entries(format!("src/ops/{family}")).into_iter().filter(|path| stem(path) != "mod");
    let files = files.map(|path| (format!("{family}/{}", stem(&path)), methods(&path)));
    files.filter(|(file, _)| NOT_METHODS.iter().all(|(other, _)| other != file)).collect()
}

/// The heading of a family in docs/pytorch.md.
fn heading(family: &str) -> String {
    format!("\n## {}{}\n", family[..1].to_uppercase(), &family[1..])
}

/// The section of a family in docs/pytorch.md.
pub(super) fn section(family: &str) -> String {
    let page = read("docs/pytorch.md");
    let section = page.split(&heading(family)).nth(1).unwrap_or_default();
    section.split("\n## ").next().unwrap_or_default().to_owned()
}

/// The cells of it that have the calls of this library.
fn calls_of_section(family: &str) -> String {
    section(family).lines().filter_map(|line| line.split(" | ").nth(1)).collect()
}

#[test]
fn every_family_has_every_column() {
    let families = FAMILIES.into_iter().map(|family| (family, COLUMNS.to_vec()));
    let sections = SECTIONS.into_iter().map(|(section, columns)| (section, [columns, &COMPARED].concat()));
    for (family, columns) in families.chain(sections) {
        for column in columns {
            let path = column.replace('*', family);
            assert!(Path::new(&path).exists(), "the family {family} lacks {path}");
        }
        let section = heading(family);
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
        let absent = beside.iter().find(|name| !Path::new(folder).join(name).exists());
        assert_eq!(absent, None, "`BESIDE` names a folder that is not in {folder}");
    }
}

/// Files in the folders of tests and benches that are not about a family or one of [`SECTIONS`].
const FILES_BESIDE: [(&str, &[&str]); 5] = [
    (
        "tests/pytorch",
        &[
            "README",
            "affine",
            "exchange",
            "fixture",
            "generate",
            "initialization",
            "main",
            "optim",
            "points",
            "printed",
        ],
    ),
    ("tests/pytorch/cases", &["__init__"]),
    ("tests/fixtures/pytorch", &["points", "printed"]),
    ("benches/ops", &["harness", "main", "ops", "optim", "same_loop"]),
    ("benches/ops/rows", &["__init__", "optim"]),
];

#[test]
fn files_of_tests_and_benches_are_of_a_family() {
    let known: BTreeSet<_> = FAMILIES.into_iter().chain(SECTIONS.map(|(section, _)| section)).collect();
    for (folder, beside) in FILES_BESIDE {
        let found: BTreeSet<_> =
            entries(folder).iter().filter(|path| path.is_file()).map(|path| stem(path)).collect();
        let others: Vec<_> = found.iter().map(String::as_str).filter(|name| !known.contains(name)).collect();
        assert_eq!(others, beside, "{folder}: files that are about no family");
    }
}

/// The methods of a tensor that are not operations: what every tensor has, metrics, and operations that a program writes.
const NO_OPERATIONS: [(&str, &[&str]); 6] = [
    ("src/metrics/accuracy", &["accuracy"]),
    ("src/metrics/top_k", &["topk_accuracy"]),
    ("src/ops/support/apply", &["apply", "apply2", "apply_n"]),
    ("src/tensor/autograd", &["backward", "boxed", "detach", "grad", "shared", "value", "within"]),
    ("src/tensor/convert", &["as_slice", "item", "to_array", "to_vec"]),
    ("src/tensor/mod", &["clone"]),
];

#[test]
fn methods_of_tensors_are_operations_or_listed() {
    let read_elsewhere = |path: &str| {
        // Files of operations, which `operations` reads: not the `mod.rs` of a folder.
        let of_family = |family: &str| {
            let file = path.strip_prefix(&format!("src/ops/{family}/"));
            file.is_some_and(|file| file != "mod" && !file.contains('/'))
        };
        // The last two are methods that exist for their messages.
        let others = ["tensor/create", "tensor/random", "tensor/renamed", "ops/support/not_floats"];
        FAMILIES.into_iter().chain(["random"]).any(of_family)
            || path.starts_with("src/loss/")
            || others.iter().any(|name| path == format!("src/{name}"))
    };
    let mut found = BTreeMap::new();
    for path in files("src", "rs") {
        let file = path.with_extension("").to_string_lossy().into_owned();
        let text = read(&path);
        let mut methods = methods_of_tensors(&path);
        // Not the lines of a macro, which look like others.
        methods.retain(|name| text.contains(&format!("pub fn {name}")));
        if !read_elsewhere(&file) && !methods.is_empty() {
            found.insert(file, methods);
        }
    }
    let listed = NO_OPERATIONS
        .map(|(file, names)| (file.to_owned(), names.iter().map(|name| (*name).to_owned()).collect()));
    assert_eq!(found, BTreeMap::from(listed), "methods of tensors outside of the families");
}

#[test]
fn no_list_of_exceptions_is_stale() {
    for (file, _) in NOT_METHODS {
        let path = format!("src/ops/{file}.rs");
        assert!(!methods(Path::new(&path)).is_empty(), "`NOT_METHODS` names {file}");
    }
    let names: BTreeSet<_> =
        FAMILIES.iter().flat_map(|family| operations(family).into_values().flatten()).collect();
    for suffix in SUFFIXES {
        let ends = |mut name: &str| {
            while let Some(other) = SUFFIXES.iter().find(|other| name.ends_with(**other)) {
                if *other == suffix {
                    return true;
                }
                name = &name[..name.len() - other.len()];
            }
            false
        };
        assert!(names.iter().any(|name| ends(name)), "no method ends with `{suffix}`");
    }
}

/// The methods of a family, or of one of [`SECTIONS`].
pub(super) fn methods_of(family: &str) -> BTreeSet<String> {
    let created = || methods_of_tensors(Path::new(&format!("src/tensor/{family}.rs")));
    let of_family = || operations(family).into_values().flatten();
    match family {
        "loss" => entries("src/loss").iter().flat_map(|path| methods_of_tensors(path)).collect(),
        "create" => created(),
        "random" => of_family().chain(created()).collect(),
        _ => of_family().collect(),
    }
}

/// The families of each operation, layer, loss and optimizer, by [`key`].
pub(super) fn families_by_name() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut names = BTreeMap::<_, BTreeSet<_>>::new();
    for family in FAMILIES.into_iter().chain(SECTIONS.map(|(section, _)| section)) {
        for method in methods_of(family) {
            names.entry(key(&method)).or_default().insert(family);
        }
    }
    let homes = homes();
    for family in FAMILIES.into_iter().chain(["loss"]) {
        let cells = calls_of_section(family);
        for name in cells.split(|c: char| !c.is_alphanumeric()).filter(|name| homes.contains_key(*name)) {
            names.entry(key(name)).or_default().insert(family);
        }
    }
    for (name, _) in homes.iter().filter(|(_, home)| home.starts_with("src/optim/")) {
        names.entry(key(name)).or_default().insert("optim");
    }
    for (name, family) in OTHERS {
        names.entry(key(name)).or_default().insert(family);
    }
    names
}

/// Whether a name of a row or a case, such as `cat_axis1` of `shape/cat_axis1/7x33x333`, starts with that of operations of
/// other families only.
pub(super) fn is_elsewhere(names: &BTreeMap<String, BTreeSet<&str>>, family: &str, name: &str) -> bool {
    operation(name, names).is_some_and(|key| !names[&key].contains(family))
}

#[test]
fn every_row_of_a_bench_is_in_the_file_of_its_family() {
    let (names, mut count) = (families_by_name(), 0);
    for path in entries("benches/ops").into_iter().filter(|path| path.extension() == Some("rs".as_ref())) {
        let family = stem(&path);
        let text = read(&path);
        for row in text.split('"').filter_map(|text| text.strip_prefix(&format!("{family}/"))) {
            let operation = row.split('/').next().expect("a name");
            assert!(!is_elsewhere(&names, &family, operation), "{row} is not a row for {}", path.display());
            count += 1;
        }
    }
    assert!(count > 200, "{count} rows");
}

#[test]
fn every_method_is_in_the_file_of_its_name() {
    let mut empty = BTreeSet::new();
    let mut tables: BTreeMap<_, _> = TABLES.into_iter().chain(PAIRS).collect();
    for family in FAMILIES.into_iter().chain(["random"]) {
        for (file, methods) in operations(family) {
            if methods.is_empty() {
                empty.insert(file);
                continue;
            }
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
                || BTreeSet::from([own]),
                |names| names.iter().copied().collect::<BTreeSet<_>>(),
            );
            assert_eq!(bases, expected, "the methods of src/ops/{file}.rs are not those of its name");
        }
    }
    assert!(tables.is_empty(), "no such files: {:?}", tables.keys());
    let listed = WITHOUT_METHODS.iter().map(|(file, _)| (*file).to_owned()).collect();
    assert_eq!(empty, listed, "files of operations without methods");
}

/// A method is in the section of docs/pytorch.md of the family whose folder it is in.
#[test]
fn every_method_is_in_the_section_of_its_family() {
    for family in FAMILIES.into_iter().chain(["random"]) {
        let (head, cells) = (heading(family), calls_of_section(family));
        for (file, methods) in operations(family) {
            for name in methods {
                let called = ["(", "::<"].iter().any(|end| cells.contains(&format!(".{name}{end}")));
                assert!(called, "docs/pytorch.md: no row for `{name}` of {file} under{head}");
            }
        }
    }
}
